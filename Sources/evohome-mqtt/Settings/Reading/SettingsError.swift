/// One thing that is wrong with the configuration.
struct SettingsProblem: Sendable, Hashable {
    /// Whether a file that the configuration names does not exist.
    var isMissingFile = false

    /// A sentence for people, with the key, the value unless it is secret, its source, and what is allowed.
    let sentence: String
}

/// A configuration that cannot be used, with everything that is wrong with it.
struct SettingsError: Error, Hashable {
    /// Unknown names and what is wrong with the file first, then the keys in their order; never empty.
    let problems: [SettingsProblem]

    /// The exit code of the process: 66 where files are missing and nothing else is wrong, otherwise 78.
    var exitCode: Int32 { problems.allSatisfy(\.isMissingFile) ? 66 : 78 }
}

extension SettingsError {
    /// A key that may be left out, but not for what is to be done now.
    ///
    /// - Parameters:
    ///   - key: The key that is not set.
    ///   - purpose: What needs it, to follow "is needed to".
    init(missing key: SettingKey, to purpose: String) {
        let sentence =
            "\(key.name) is needed to \(purpose): set it in the file, in \(key.environmentName) or by --\(key.flagName)."
        self.init(problems: [SettingsProblem(sentence: sentence)])
    }
}

extension SettingsError: CustomStringConvertible {
    /// A sentence a line.
    var description: String { problems.map(\.sentence).joined(separator: "\n") }
}
