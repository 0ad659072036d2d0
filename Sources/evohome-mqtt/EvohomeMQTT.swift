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
