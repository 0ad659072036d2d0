import Basics

/// Reads each setting from the strongest source that has it, and keeps what was found and what was wrong.
struct SettingsReader: Sendable {
    /// The sources, the strongest first.
    private let layers: [[SettingKey: GivenValue]]
    private let home: String?

    /// What was asked for.
    private(set) var settings: [Setting] = []

    /// What was found, in the same order.
    private(set) var rows: [EffectiveConfiguration.Row] = []

    private(set) var problems: [SettingsProblem]

    /// The keys whose given value was refused, so that rules do not judge the default in its place.
    private var refused: Set<SettingKey> = []

    /// - Parameters:
    ///   - layers: The sources, the strongest first.
    ///   - home: The home folder, for paths that begin with `~/`; `nil` if it is not known.
    ///   - problems: What is already known to be wrong.
    init(layers: [[SettingKey: GivenValue]], home: String?, problems: [SettingsProblem] = []) {
        self.layers = layers
        self.home = home
        self.problems = problems
    }

    /// Reads a setting that has a default.
    ///
    /// - Returns: The default where a value was refused, so that everything that is wrong is found at once.
    mutating func callAsFunction<Value>(
        _ key: SettingKey,
        _ form: SettingForm<Value>,
        default defaultText: String,
        _ help: String
    ) throws(SettingsError) -> Value {
        let setting = Setting(
            key: key,
            defaultText: defaultText,
            exampleText: defaultText,
            help: help,
            values: form.values
        )
        if let value = read(setting, form) { return value }
        do {
            return try form.parse(.text(defaultText))
        } catch {
            throw SettingsError(problems: [SettingsProblem("The default of \(key.name) must be \(error.requirement).")])
        }
    }

    /// Reads a setting that can be left out.
    mutating func callAsFunction<Value>(
        _ key: SettingKey,
        _ form: SettingForm<Value>,
        example: String,
        _ help: String
    ) -> Value? {
        read(Setting(key: key, defaultText: nil, exampleText: example, help: help, values: form.values), form)
    }

    /// Where the value of a key came from.
    func source(of key: SettingKey) -> SettingSource { rows.first { $0.key == key }?.source ?? .standard }

    /// Whether some source gave the key a value that is not refused.
    func isGiven(_ key: SettingKey) -> Bool { source(of: key) != .standard }

    func isRefused(_ key: SettingKey) -> Bool { refused.contains(key) }

    /// Shows the value of a key that was found by a rule.
    mutating func show(_ value: String, for key: SettingKey, from source: SettingSource = .standard) {
        guard let index = rows.firstIndex(where: { $0.key == key }) else { return }
        rows[index] = EffectiveConfiguration.Row(key: key, value: value, source: source)
    }

    /// Notes that something is wrong beyond one value's form.
    mutating func refuse(_ sentence: String, isMissingFile: Bool = false) {
        problems.append(SettingsProblem(sentence, isMissingFile: isMissingFile))
    }
}

extension SettingsReader {
    private mutating func read<Value>(_ setting: Setting, _ form: SettingForm<Value>) -> Value? {
        settings.append(setting)
        for given in layers.compactMap({ $0[setting.key] }) {
            // What can be left out can be left empty, as forms and templates do.
            if given.raw.isEmpty, setting.defaultText == nil { continue }
            do throws(SettingRefusal) {
                let raw = try prepared(given, for: setting)
                let value = try form.parse(raw)
                addRow(setting, setting.values.display(raw), given.source)
                return value
            } catch {
                refused.insert(setting.key)
                let shown =
                    setting.values.privacy == .secret ? "has a value" : "is \(setting.values.display(given.raw))"
                refuse("\(setting.key.name) \(shown) (from \(given.source)), but must be \(error.requirement).")
                break
            }
        }
        addRow(setting, setting.defaultText, .standard)
        return nil
    }

    private mutating func addRow(_ setting: Setting, _ value: String?, _ source: SettingSource) {
        rows.append(EffectiveConfiguration.Row(key: setting.key, value: value, source: source))
    }

    /// The value as a shell would have prepared it: `~/` is expanded, and quotes left around it are refused.
    private func prepared(_ given: GivenValue, for setting: Setting) throws(SettingRefusal) -> RawSetting {
        guard case .text(let text) = given.raw else { return given.raw }
        // Compose files and env files keep the quotes, which would become part of a password.
        if case .environment = given.source, text.isQuoted {
            throw SettingRefusal(requirement: "given without quotes around it")
        }
        guard setting.values.isPath else { return given.raw }
        guard let path = text.trimmed.expandingHome(home) else {
            throw SettingRefusal(requirement: "a path without ~/, since HOME is not set")
        }
        return .text(path)
    }
}

/// A value as a source gave it.
struct GivenValue: Sendable, Hashable {
    let raw: RawSetting
    let source: SettingSource
}

/// Where the value of a key came from.
enum SettingSource: Sendable, Hashable {
    case flag(SettingKey)
    case environment(SettingKey)
    case file(path: String, line: Int)
    /// Home Assistant's, which names a broker to its apps.
    case supervisor
    case standard
}

extension SettingSource: CustomStringConvertible {
    var description: String {
        switch self {
        case .flag(let key): "--\(key.flagName)"
        case .environment(let key): key.environmentName
        case .file(let path, let line): "\(path) line \(line)"
        case .supervisor: "Home Assistant's Supervisor"
        case .standard: "default"
        }
    }
}

/// The text of a value, before anybody knows what it means.
enum RawSetting: Sendable, Hashable {
    case text(String)
    case list([String])

    /// The items of a list, which flags and the environment write with commas.
    var items: [String] {
        switch self {
        case .text(let text): text.split(separator: ",").map(String.init)
        case .list(let items): items
        }
    }

    /// Whether somebody wrote the key and nothing behind it.
    var isEmpty: Bool { self == .text("") }
}

/// The value as people write it; only for keys that are not secret.
extension RawSetting: CustomStringConvertible {
    var description: String {
        switch self {
        case .text(let text): text.trimmed
        case .list(let items): items.joined(separator: ", ")
        }
    }
}
