import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import Observability
import ServiceLifecycle
import UnixSignals

/// Where settings are reloaded from.
struct SettingsReload: Sendable {
    /// The configuration that the bridge was started with.
    let started: EffectiveConfiguration
    let load: @Sendable () throws(SettingsError) -> Settings.Loaded
}

/// Reloads the settings on SIGHUP, and applies what can change while the bridge runs: the log level and the intervals of
/// reading.
struct ReloadService: Service {
    private static let changeable: Set<SettingKey> = [
        "log.level", "cloud.poll_interval", "cloud.installation_interval", "cloud.schedules_interval",
    ]

    let source: SettingsReload
    let level: LogLevelControl
    let reader: CloudReader
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { reload() }
    }

    private func reload() {
        let loaded: Settings.Loaded
        do {
            loaded = try source.load()
        } catch {
            logger.error(
                "The settings stay as they are: the new ones cannot be used",
                metadata: ["problems": "\(error)"]
            )
            return
        }
        level.level = loaded.settings.log.level
        reader.intervals = loaded.settings.cloud.intervals
        logger.notice(
            "Reloaded the settings",
            metadata: ["level": "\(loaded.settings.log.level)", "poll_interval": "\(reader.intervals.status.readable)"]
        )
        let later = loaded.effective.differences(from: source.started).filter { !Self.changeable.contains($0) }
        guard !later.isEmpty else { return }
        logger.warning(
            "Some changed settings need a restart",
            metadata: ["keys": "\(later.map(\.name).joined(separator: ", "))"]
        )
    }
}
