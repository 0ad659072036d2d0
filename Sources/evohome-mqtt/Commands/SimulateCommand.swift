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
            Its account is user@example.com with the password "password", unless you choose another. To use it:
              evohome-mqtt run --cloud-url http://127.0.0.1:8480
            """
    )

    @Option(help: "Address to listen on.") var listen = "127.0.0.1:8480"
    @Option(help: "A built-in home by name, or a folder of captures; can be repeated.")
    var home: [String] = []
    @Option(help: "How many times faster than real time the clock runs.") var speed = 1.0
    @Option(help: "User name to accept.") var user = "user@example.com"
    @Option(help: "Password to accept.") var password = "password"
    @Option(help: "How long an access token is valid.") var tokenLifetime = "1799s"
    @Option(help: "How many copies of each location an account has, for load tests.") var locations = 1
    @Option(help: "How many accounts there are; the second is user2@example.com.") var accounts = 1
    @Option(help: "Seed for weather, temperatures and delays.") var seed: UInt64 = 1
    @Option(help: "Address of the port that injects faults; its first page says how. Off unless given.") var control:
        String?
    @Flag(help: "List the built-in homes and exit.") var listHomes = false
    @Option(help: "Certificate for TLS, in PEM format.", completion: .file()) var tlsCert: String?
    @Option(help: "Private key of the certificate, in PEM format.", completion: .file()) var tlsKey: String?

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("Give both --tls-cert and --tls-key, or neither.")
        }
        guard speed > 0, speed <= 3600 else {
            throw ValidationError("--speed is \(speed), but must be more than 0 and at most 3600.")
        }
        _ = try Duration(tokenLifetime, of: "--token-lifetime")
        _ = try address(listen, of: "--listen")
        _ = try control.map { try address($0, of: "--control") }
        guard accounts > 0 else { throw ValidationError("--accounts is \(accounts), but must be at least 1.") }
        guard locations > 0 else { throw ValidationError("--locations is \(locations), but must be at least 1.") }
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
        configuration.accounts = accounts
        configuration.seed = seed
        if !home.isEmpty { configuration.homes = home.map { HomeSource($0) } }
        configuration.speed = speed
        configuration.username = user
        configuration.password = password
        configuration.tokenLifetime = try Duration(tokenLifetime, of: "--token-lifetime")
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
            throw ValidationError("\(option) is \(text.printable), but must be host:port such as 127.0.0.1:8480.")
        }
        return SimulatorConfiguration.Address(host: address.host, port: address.port)
    }
}
