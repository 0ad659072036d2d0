import ArgumentParser
import Foundation
import Observability
import ServiceLifecycle
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the bridge until it is stopped.",
        discussion: """
            Settings come from flags, the environment or a file:
              evohome-mqtt run --config evohome-mqtt.yaml
              EVOHOME_LOG_LEVEL=debug evohome-mqtt run --mqtt-url mqtt://broker
            SIGHUP reloads them: the log level and the intervals change without a restart.
            """
    )

    @OptionGroup(title: "Settings") var options: SettingsOptions

    func run() async throws {
        MemoryRelease.keepLargeBlocksApart()
        let deadline = StopDeadline()
        defer { deadline.cancel() }
        try await reportingFailures {
            let offered = try await options.offer()
            let loaded = try options.load(offered: offered)
            let bridge = Bridge(
                loaded,
                logs: Logs(loaded.settings.log, feed: loaded.settings.http.listen.map { _ in LogFeed() }),
                manager: ServiceManager(environment: ProcessInfo.processInfo.environment),
                reload: SettingsReload(started: loaded.effective) { () throws(SettingsError) in
                    try options.load(offered: offered)
                }
            )
            deadline.begin()
            try await ServiceGroup.alone(bridge, stoppedBy: [.sigterm, .sigint]).run()
        }
    }
}
