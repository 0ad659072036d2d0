import Logging
import ServiceLifecycle
import TCCSimulator
import UnixSignals

/// A simulated cloud, a broker, the bridge and a table of zones, all on loopback and all stopped together.
struct Demo {
    /// A broker to use; `nil` to start one.
    let brokerURL: String?

    func run() async throws {
        let directory = try DemoDirectory()
        defer { directory.remove() }
        let logger = Logger(label: "demo", factory: { _ in SwiftLogNoOpLogHandler() })
        var configuration = SimulatorConfiguration()
        configuration.homes = [.builtIn("house")]
        let simulator = try TCCSimulator(configuration: configuration, logger: logger)
        var services: [any Service] = [simulator]
        let url: String
        if let brokerURL {
            url = brokerURL
        } else {
            let broker = try DemoBroker(directory: directory)
            services.append(broker)
            url = broker.url
        }
        services.append(DemoHouse(simulator: simulator, brokerURL: url, directory: directory))
        try await ServiceGroup.program(services, stoppedBy: [.sigterm, .sigint]).run()
    }
}
