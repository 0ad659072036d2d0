import Configuration

/// One source of values: the flags, the environment or the file, each behind the interface of a configuration provider.
///
/// The providers are asked one after the other instead of through one reader: a reader gives neither the source of what
/// it found nor a reason where a value does not convert, and takes the next source or the default instead.
struct SettingLayer: Sendable {
    /// Where the layer has a key from.
    let source: @Sendable (SettingKey) -> SettingSource

    private let provider: any ConfigProvider

    /// The command line.
    static func flags(_ flags: [SettingKey: String]) -> Self {
        texts(flags, source: { .flag($0) })
    }

    /// What Home Assistant's Supervisor offers.
    static func supervisor(_ offered: [SettingKey: String]) -> Self {
        texts(offered, source: { _ in .supervisor })
    }

    private static func texts(
        _ texts: [SettingKey: String],
        source: @escaping @Sendable (SettingKey) -> SettingSource
    ) -> Self {
        let values = texts.map {
            ($0.key.absoluteKey, ConfigValue(.string($0.value), isSecret: $0.key.definition.isSecret))
        }
        return Self(
            source: source,
            provider: InMemoryProvider(name: "texts", values: Dictionary(uniqueKeysWithValues: values))
        )
    }

    /// The environment. A variable that is empty is one that is not set, as where Compose fills in nothing.
    static func environment(_ environment: [String: String]) -> Self {
        let secrets = Set(SettingKey.allCases.filter(\.definition.isSecret).map(\.environmentName))
        let provider = EnvironmentVariablesProvider(
            environmentVariables: environment.filter { !$0.value.isEmpty },
            secretsSpecifier: .specific(secrets)
        )
        return Self(source: { .environment($0) }, provider: provider.prefixKeys(with: "evohome"))
    }

    /// The file.
    static func file(_ file: ConfigurationFile) -> Self {
        let values = file.entries.map { key, entry in
            let content: ConfigContent =
                switch entry.value {
                case .text(let text): .string(text)
                case .list(let items): .stringArray(items)
                }
            return (key.absoluteKey, ConfigValue(content, isSecret: key.definition.isSecret))
        }
        return Self(
            source: { .file(path: file.path, line: file.entries[$0]?.line ?? 0) },
            provider: InMemoryProvider(name: "file", values: Dictionary(uniqueKeysWithValues: values))
        )
    }

    /// The value of a key as this source has it; nil where it has none.
    func value(for key: SettingKey) -> RawSetting? {
        if let value = try? provider.value(forKey: key.absoluteKey, type: .string).value,
            case .string(let text) = value.content
        {
            return .text(text)
        }
        if let value = try? provider.value(forKey: key.absoluteKey, type: .stringArray).value,
            case .stringArray(let items) = value.content
        {
            return .list(items)
        }
        return nil
    }
}

extension SettingKey {
    fileprivate var absoluteKey: AbsoluteConfigKey { AbsoluteConfigKey([section, nameInSection]) }
}
