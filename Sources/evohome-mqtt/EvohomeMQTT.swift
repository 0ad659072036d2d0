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
        // Each of them states its name. Otherwise every start would derive it from the name of the type, which takes two
        // million instructions a command.
        subcommands: [
            RunCommand.self, DemoCommand.self, StatusCommand.self, SetCommand.self, SchedulesCommand.self,
            LoginCommand.self, TokensCommand.self, ShareCommand.self, SimulateCommand.self, HealthcheckCommand.self,
            ConfigCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )

    @MainActor
    static func main() async {
        await withTaskExecutorPreference(EventLoopExecutor()) {
            do {
                var command = try command(of: Array(CommandLine.arguments.dropFirst()))
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch {
                exit(withError: error)
            }
        }
    }

    /// The command that the arguments of the program ask for.
    ///
    /// A command is parsed alone where that succeeds. To parse it among all others takes twice the work, and parsing is half
    /// of a health check, which a container makes every half minute. Errors, help and the version come from the whole program.
    static func command(of arguments: [String]) throws -> any ParsableCommand {
        let named = configuration.subcommands.first { $0.configuration.commandName == arguments.first }
        if let named, named.configuration.subcommands.isEmpty,
            let command = try? named.parseAsRoot(Array(arguments.dropFirst())), type(of: command) == named
        {
            return command
        }
        return try parseAsRoot(arguments)
    }
}
