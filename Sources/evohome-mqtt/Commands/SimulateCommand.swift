import ArgumentParser
import Logging
import Observability
import ServiceLifecycle
import TCCSimulator
import UnixSignals

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs a simulator of the cloud.",
        discussion: """
            It takes the user name user@example.com and the password "password" unless told otherwise. Give the bridge \
            its address: evohome-mqtt run --cloud-url http://127.0.0.1:8480
            """
    )

    @Option(help: "Where to listen.") var listen = "127.0.0.1:8480"
    @Option(help: "A built-in home by name, or a folder of captures; may be given several times.")
    var home: [String] = []
    @Option(help: "How many times faster than real time its clock runs.") var speed = 1.0
    @Option(help: "The user name that it accepts.") var user = "user@example.com"
    @Option(help: "The password that it accepts.") var password = "password"
    @Option(help: "How many seconds an access token lives.") var tokenLifetime = 1799
    @Option(help: "How many times every location stands in the account, for load.") var locations = 1
    @Option(help: "What weather, temperatures and durations are drawn from.") var seed: UInt64 = 1
    @Option(help: "Where to listen for faults as JSON; its first page says how. Off unless given.") var control: String?
    @Flag(help: "Lists the built-in homes and ends.") var listHomes = false
    @Option(help: "A certificate in PEM form, to speak TLS.", completion: .file()) var tlsCert: String?
    @Option(help: "The certificate's key in PEM form.", completion: .file()) var tlsKey: String?

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key need each other.")
        }
        guard speed > 0, speed <= 3600 else { throw ValidationError("--speed is more than 0 and at most 3600.") }
        guard tokenLifetime > 0 else { throw ValidationError("--token-lifetime is at least 1.") }
        guard locations > 0 else { throw ValidationError("--locations is at least 1.") }
    }

    func run() async throws {
        if listHomes {
            for home in BuiltInHome.all { print("\(home.name): \(home.summary)") }
            return
        }
        try await reportingFailures {
            let logs = Logs(Settings.Log(level: .info, format: .text))
            let group = ServiceGroup.program([try simulator(logs)], stoppedBy: [.sigterm, .sigint])
            do {
                try await group.run()
            } catch {
                throw Failure(.unreachable, "The simulator cannot listen on \(listen): \(error).")
            }
        }
    }

    private func simulator(_ logs: Logs) throws -> TCCSimulator {
        var configuration = SimulatorConfiguration()
        configuration.listen = try address(listen, of: "--listen")
        configuration.control = try control.map { try address($0, of: "--control") }
        configuration.copies = locations
        configuration.seed = seed
        if !home.isEmpty { configuration.homes = home.map { HomeSource($0) } }
        configuration.speed = speed
        configuration.username = user
        configuration.password = password
        configuration.tokenLifetime = .seconds(tokenLifetime)
        if let tlsCert, let tlsKey {
            configuration.certificate = SimulatorConfiguration.Certificate(certificatePath: tlsCert, keyPath: tlsKey)
        }
        do {
            return try TCCSimulator(configuration: configuration, logger: logs.logger(for: "simulator"))
        } catch {
            throw Failure(.badData, "\(error)")
        }
    }

    private func address(_ text: String, of option: String) throws -> SimulatorConfiguration.Address {
        guard let address = Endpoint(text, defaultPort: nil) else {
            throw ValidationError("\(option) is an address such as 127.0.0.1:8480.")
        }
        return SimulatorConfiguration.Address(host: address.host, port: address.port)
    }
}
