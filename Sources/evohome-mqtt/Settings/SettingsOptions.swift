import ArgumentParser

/// The flags that every command with a configuration takes: `--config`, and one for each key.
///
/// The options are made from the table of keys. The parser finds a type's options by reflection and fills them by
/// decoding; this type answers both by hand, where a type with a property for each option leaves it to the compiler.
struct SettingsOptions: ParsableArguments {
    /// The file that `--config` names.
    private(set) var configurationFile: String?

    /// The values of the keys that were given.
    private(set) var flags: [SettingKey: String] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        configurationFile = try container.decode(Option<String?>.self, forKey: .config).wrappedValue
        for key in SettingKey.allCases {
            flags[key] = try container.decode(Option<String?>.self, forKey: Name(stringValue: key.name)).wrappedValue
        }
    }
}

extension SettingsOptions: CustomReflectable {
    /// The definitions of the options, for the parser.
    var customMirror: Mirror {
        let file = Option<String?>(
            name: .customLong(Name.config.stringValue),
            help: ArgumentHelp("The configuration file, in YAML.", valueName: "file"),
            completion: .file()
        )
        let keys = SettingKey.allCases.map { key in
            (label: key.name as String?, value: key.option as Any)
        }
        return Mirror(self, children: [(label: Name.config.stringValue as String?, value: file as Any)] + keys)
    }
}

extension SettingsOptions {
    /// The name of an option as the parser's reflection and decoding share it.
    private struct Name: CodingKey {
        static let config = Name(stringValue: "config")

        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension SettingKey {
    fileprivate var option: Option<String?> {
        let standard = definition.defaultText.map { " (default: \($0))" } ?? ""
        return Option(
            name: .customLong(flagName),
            help: ArgumentHelp(
                "\(definition.documentation)\(standard)",
                valueName: nameInSection.replacing("_", with: "-")
            ),
            completion: completion
        )
    }

    private var completion: CompletionKind {
        switch definition.kind {
        case .choice(let type): .list(type.names)
        case .boolean: .list(["true", "false"])
        case .path: .file()
        default: .default
        }
    }
}
