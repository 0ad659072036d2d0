import ArgumentParser

struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        // Without it the parser first looks for a request for a completion script: another quarter of the work of a check.
        _superCommandName: "evohome-mqtt",
        abstract: "Checks whether the bridge that runs on this state file is healthy.",
        discussion: """
            Exits with status 0 if the bridge's loops run and the broker answers; otherwise says why and exits with \
            status 1. A cloud that cannot be reached does not make the bridge unhealthy. Give the check the settings \
            that the bridge has:
              evohome-mqtt healthcheck --state-file /data/evohome-mqtt.json
            """
    )

    @Flag(help: "Check only that the loops run: a restart cures that, but not an unreachable broker.")
    var alive = false
    @OptionGroup(title: "Settings") var options: SettingsOptions

    func run() async throws {
        try await reportingFailures {
            let settings: Settings
            do throws(SettingsError) {
                settings = try options.load().settings
            } catch {
                throw Failure(.unhealthy, error.description)
            }
            let answer = try await HealthQuestion(path: settings.healthSocket).ask()
            guard alive ? answer.isAlive : answer.isHealthy else { throw Failure(.unhealthy, answer.complaint) }
            print(answer.isHealthy ? "The bridge is healthy." : "The bridge is alive. \(answer.complaint)")
        }
    }
}
