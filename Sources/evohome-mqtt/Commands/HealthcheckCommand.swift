import ArgumentParser

struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Says whether the bridge that runs on this state file does its work.",
        discussion: """
            Ends with 0 when its loops turn and the broker answers, else with 1 and a sentence. A cloud that is away is \
            not the bridge's ill health. It reads the settings that the bridge reads; flags must be given to both:
              evohome-mqtt healthcheck --state-file /data/evohome-mqtt.json
            """
    )

    @Flag(help: "Asks only whether the loops turn: a restart cures those, and brings no broker back.") var alive = false
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
