import Foundation

extension SettingsOptions {
    /// The settings that flags, environment and file add up to.
    ///
    /// - Parameter offered: What ``offer()`` found.
    func load(offered: [SettingKey: String] = [:]) throws(SettingsError) -> Settings.Loaded {
        try Settings.load(
            configurationFile: configurationFile,
            flags: flags,
            environment: ProcessInfo.processInfo.environment,
            offered: offered
        )
    }

    /// The broker that Home Assistant's Supervisor offers, where the program runs under it and no broker is configured.
    func offer() async throws -> [SettingKey: String] {
        guard let supervisor = Supervisor(environment: ProcessInfo.processInfo.environment) else { return [:] }
        let broker = try load().effective.rows.first { $0.key == .mqttURL }
        return broker?.source == .standard ? try await supervisor.broker() : [:]
    }
}
