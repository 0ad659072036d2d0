import ArgumentParser

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows everything without an account: a simulated cloud, a broker, the bridge and a table of zones.",
        discussion: """
            It starts mosquitto on a free port and prints commands to try. With a broker that runs already:
              evohome-mqtt demo --mqtt-url mqtt://localhost:1883
            """
    )

    @Option(name: .customLong("mqtt-url"), help: "A broker to use instead of starting mosquitto.")
    var brokerURL: String?

    func run() async throws {
        try await reportingFailures {
            try await Demo(brokerURL: brokerURL).run()
        }
    }
}
