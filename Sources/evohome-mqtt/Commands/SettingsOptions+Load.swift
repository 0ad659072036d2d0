import Foundation

extension SettingsOptions {
    /// The settings that flags, environment and file add up to.
    func load() throws(SettingsError) -> Settings.Loaded {
        try Settings.load(
            configurationFile: configurationFile,
            flags: flags,
            environment: ProcessInfo.processInfo.environment
        )
    }
}
