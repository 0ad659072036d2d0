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
        let arguments = Array(CommandLine.arguments.dropFirst())
        await withTaskExecutorPreference(EventLoopExecutor()) { await root(for: arguments).main(arguments) }
    }

    /// What parses these arguments: the command that they name alone, if they begin with one.
    ///
    /// To parse a command among all others takes twice the work: two thirds of a health check, which a container makes every
    /// half minute.
    static func root(for arguments: [String]) -> any AsyncParsableCommand.Type {
        let named = configuration.subcommands.first { $0.configuration.commandName == arguments.first }
        guard let command = named as? any AsyncParsableCommand.Type else { return Self.self }
        return alone(command)
    }

    private static func alone<Command: AsyncParsableCommand>(_: Command.Type) -> any AsyncParsableCommand.Type {
        OneCommand<Command>.self
    }
}

/// The program with one of its commands, which says the same of that command.
private struct OneCommand<Command: AsyncParsableCommand>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: EvohomeMQTT.configuration.commandName,
            version: Version.current,
            subcommands: [Command.self]
        )
    }
}
