/// One thing that is wrong with the configuration.
struct SettingsProblem: Sendable, Hashable {
    /// A sentence for people, with the key, the value unless it is secret, its source, and what is allowed.
    let sentence: String

    /// Whether a file that the configuration names does not exist.
    let isMissingFile: Bool

    init(_ sentence: String, isMissingFile: Bool = false) {
        self.sentence = sentence
        self.isMissingFile = isMissingFile
    }
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
    /// - Parameter purpose: What needs it, to follow "is needed to".
    init(missing key: SettingKey, to purpose: String) {
        let places = "in the configuration file, with \(key.environmentName) or with --\(key.flagName)"
        self.init(problems: [SettingsProblem("\(key.name) is needed to \(purpose): set it \(places).")])
    }
}

extension SettingsError: CustomStringConvertible {
    /// One sentence per line.
    var description: String { problems.map(\.sentence).joined(separator: "\n") }
}
