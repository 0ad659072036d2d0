import ArgumentParser

@main
struct EvohomeMQTT: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evohome-mqtt",
        abstract: "A bridge between Honeywell evohome heating (Total Connect Comfort) and MQTT.",
        discussion: """
            Try it without an account:   evohome-mqtt demo
            Run the bridge:              evohome-mqtt run --config evohome-mqtt.yaml
            Check a configuration:       evohome-mqtt config check
            """,
        version: Version.current,
        // Each of them says its name. Each start asks all for it, and to make it of the name of a type takes 2 million
        // instructions.
        subcommands: [
            RunCommand.self, DemoCommand.self, StatusCommand.self, SetCommand.self, SchedulesCommand.self,
            LoginCommand.self, TokensCommand.self, ShareCommand.self, SimulateCommand.self, HealthcheckCommand.self,
            ConfigCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )

    @MainActor
    static func main() async {
        await withTaskExecutorPreference(EventLoopExecutor()) { await main(nil) }
    }
}
