import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import SystemPackage
import TCCSimulator
import UnixSignals

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows everything without an account: a simulated cloud, a broker, the bridge and a table of zones.",
        discussion: """
            Starts mosquitto on a free port, and prints commands to try. With a broker that is already running:
              evohome-mqtt demo --mqtt-url mqtt://localhost:1883
            """
    )

    @Option(name: .customLong("mqtt-url"), help: "Broker to use instead of starting mosquitto.")
    var brokerURL: String?

    func run() async throws {
        try await reportingFailures {
            try await Demo(brokerURL: brokerURL).run()
        }
    }
}

/// A simulated cloud, a broker, the bridge and a table of zones, all on loopback and all stopped together.
struct Demo {
    /// `nil` to start a broker.
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

/// A folder that exists while the demo runs.
struct DemoDirectory: Sendable {
    let path: FilePath

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "evohome-mqtt-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    var stateFile: FilePath { path.appending("state.json") }
    var brokerConfiguration: FilePath { path.appending("mosquitto.conf") }
    var log: FilePath { path.appending("log") }

    func remove() {
        try? FileManager.default.removeItem(atPath: path.string)
    }
}
