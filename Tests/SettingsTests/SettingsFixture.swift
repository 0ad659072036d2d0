import SystemPackage
import Testing

@testable import evohome_mqtt

extension SettingKey {
    /// Every key, in the order of the table.
    static let all = Setting.all.map(\.key)
}

/// Loads settings from what a test says, with files in memory.
func load(
    _ yaml: String? = nil,
    flags: [SettingKey: String] = [:],
    environment: [String: String] = [:],
    files: [String: String] = [:],
    dataIsWritable: Bool = true
) throws(SettingsError) -> Settings.Loaded {
    var files = files
    files["/test/settings.yaml"] = yaml
    return try Settings.load(
        configurationFile: yaml == nil ? nil : "/test/settings.yaml",
        flags: flags,
        environment: environment,
        files: .inMemory(files, dataIsWritable: dataIsWritable)
    )
}

/// The error that loading ends with; a failure of the test where it ends well.
func loadingError(
    _ yaml: String? = nil,
    flags: [SettingKey: String] = [:],
    environment: [String: String] = [:],
    files: [String: String] = [:],
    dataIsWritable: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> SettingsError {
    try #require(
        throws: SettingsError.self,
        sourceLocation: sourceLocation
    ) {
        try load(yaml, flags: flags, environment: environment, files: files, dataIsWritable: dataIsWritable)
    }
}

extension FileAccess {
    static func inMemory(_ files: [String: String], dataIsWritable: Bool = true) -> Self {
        FileAccess(
            contents: { path in files[path.string].map { .success(Array($0.utf8)) } ?? .failure(.missing) },
            isWritableFolder: { dataIsWritable && $0 == "/data" }
        )
    }
}

/// The three sources that people write.
enum GivenBy: String, CaseIterable, Sendable {
    case flag, environment, file

    /// Loads with one key set, by this source.
    func load(
        _ key: SettingKey,
        _ text: String,
        environment: [String: String] = [:],
        files: [String: String] = [:]
    ) throws(SettingsError) -> Settings.Loaded {
        switch self {
        case .flag: try SettingsTests.load(flags: [key: text], environment: environment, files: files)
        case .environment:
            try SettingsTests.load(
                environment: environment.merging([key.environmentName: text]) { $1 },
                files: files
            )
        case .file: try SettingsTests.load(Self.yaml(key, text), environment: environment, files: files)
        }
    }

    static func yaml(_ key: SettingKey, _ text: String) -> String {
        "\(key.section):\n  \(key.nameInSection): '\(text.replacing("'", with: "''"))'\n"
    }
}

extension Settings.Loaded {
    func row(_ key: SettingKey) throws -> EffectiveConfiguration.Row {
        try #require(effective.rows.first { $0.key == key })
    }
}
