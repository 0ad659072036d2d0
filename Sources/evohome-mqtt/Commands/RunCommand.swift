import ArgumentParser

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the bridge until it is told to stop (the default)."
    )

    @OptionGroup(title: "Settings") var options: SettingsOptions

    func run() async throws {
        try await reportingFailures {
            let settings = try options.load().settings
            let logs = Logs(settings.log)
            try await Bridge(settings: settings, logs: logs).run()
        }
    }
}
