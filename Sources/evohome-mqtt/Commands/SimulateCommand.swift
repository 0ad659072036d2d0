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
    @Option(help: "A certificate in PEM form, to speak TLS.", completion: .file()) var tlsCert: String?
    @Option(help: "The certificate's key in PEM form.", completion: .file()) var tlsKey: String?

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key need each other.")
        }
        guard speed > 0, speed <= 3600 else { throw ValidationError("--speed is more than 0 and at most 3600.") }
        guard tokenLifetime > 0 else { throw ValidationError("--token-lifetime is at least 1.") }
    }

    func run() async throws {
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
        guard let address = Endpoint(listen, defaultPort: nil) else {
            throw ValidationError("--listen is an address such as 127.0.0.1:8480.")
        }
        var configuration = SimulatorConfiguration()
        configuration.listen = SimulatorConfiguration.Address(host: address.host, port: address.port)
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
}
