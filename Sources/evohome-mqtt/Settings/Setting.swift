/// The dotted name of a setting, such as `cloud.poll_interval`, and the names that follow from it.
struct SettingKey: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The name that messages, the file and its documentation use.
    let name: String

    init(_ name: String) { self.name = name }

    init(stringLiteral name: String) { self.init(name) }

    /// The part before the dot: the section of the file.
    var section: String { String(name.prefix { $0 != "." }) }

    /// The part after the dot: the key within its section.
    var nameInSection: String { String(name.dropFirst(section.count + 1)) }

    var environmentName: String { "EVOHOME_" + name.uppercased().replacing(".", with: "_") }

    /// The command-line flag, without its two dashes.
    var flagName: String { String(name.map { $0 == "." || $0 == "_" ? "-" : $0 }) }
}

/// A row of the table of settings, as `Settings.init(_:)` declares it.
struct Setting: Sendable {
    let key: SettingKey

    /// The value when no source gives one; `nil` for a setting that can be left out.
    let defaultText: String?

    /// A value for the example file: the default where there is one.
    let exampleText: String

    /// What it is for, in the words of the example file, the schema, the help text and the reference.
    let help: String

    let values: SettingValues

    /// A sentence that says what is allowed, where the example and the help text do not show it.
    var rule: String? { values.isObvious ? nil : "Must be \(values.allowed)." }
}

extension Setting {
    /// Every setting, in the order of the table: what a reader without any source was asked for.
    static let all: [Setting] = {
        var reader = SettingsReader(layers: [], home: nil)
        _ = try? Settings(&reader)
        return reader.settings
    }()

    /// The sections of the file, in the order of the table.
    static let sections: [String] = all.reduce(into: []) { sections, setting in
        if sections.last != setting.key.section { sections.append(setting.key.section) }
    }

    static func named(_ key: SettingKey) -> Setting? { all.first { $0.key == key } }
}
