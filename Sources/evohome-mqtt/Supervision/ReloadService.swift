import Basics
import BridgeServices
import HeatingModel
import Logging
import Observability
import ServiceLifecycle
import UnixSignals

/// Where settings are read from again.
struct SettingsReload: Sendable {
    /// What the bridge was started with.
    let started: EffectiveConfiguration
    let load: @Sendable () throws(SettingsError) -> Settings.Loaded
}

/// Reads the settings again on SIGHUP, and puts in force what can change while the bridge runs: the log level and the
/// intervals of reading.
struct ReloadService: Service {
    private static let changeable: Set<SettingKey> = [
        .logLevel, .cloudPollInterval, .cloudInstallationInterval, .cloudSchedulesInterval,
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
                "The settings stay as they are: what was read cannot be used",
                metadata: ["problems": "\(error)"]
            )
            return
        }
        level.level = loaded.settings.log.level
        reader.intervals = loaded.settings.cloud.intervals
        logger.notice(
            "Read the settings again",
            metadata: ["level": "\(loaded.settings.log.level)", "poll_interval": "\(reader.intervals.status.readable)"]
        )
        let later = loaded.effective.differences(from: source.started).filter { !Self.changeable.contains($0) }
        guard !later.isEmpty else { return }
        logger.warning(
            "Some settings that have changed need a restart",
            metadata: ["keys": "\(later.map(\.name).joined(separator: ", "))"]
        )
    }
}

extension EffectiveConfiguration {
    /// The keys whose values are not what they were. A secret that is another one looks the same here.
    fileprivate func differences(from earlier: EffectiveConfiguration) -> [SettingKey] {
        let values = Dictionary(uniqueKeysWithValues: earlier.rows.map { ($0.key, $0.value) })
        return rows.filter { values[$0.key] != $0.value }.map(\.key)
    }
}
