/// Asks the sources for every key, in order of precedence, and keeps what was found and what was wrong.
struct SettingsReader: Sendable {
    /// What holds for one key.
    struct Entry: Sendable {
        /// Of the type that the key's kind names; nil where nothing is set.
        let value: (any Sendable)?
        /// The value for people: hidden where it is secret, empty where nothing is set.
        let display: String
        let source: SettingSource
    }

    private(set) var entries: [SettingKey: Entry] = [:]
    private(set) var problems: [SettingsProblem] = []

    /// The keys whose given value was refused, so that rules do not judge the default in its place.
    private(set) var refused: Set<SettingKey> = []

    /// - Parameters:
    ///   - layers: The sources, the strongest first.
    ///   - problems: What is already known to be wrong.
    init(layers: [SettingLayer], problems: [SettingsProblem]) {
        self.problems = problems
        for key in SettingKey.allCases { entries[key] = read(key, from: layers) }
    }

    /// The value of a key, where it is set and of this type.
    func value<Value>(_ key: SettingKey, as type: Value.Type = Value.self) -> Value? {
        entries[key]?.value as? Value
    }

    /// Whether some source gave the key a value.
    func isGiven(_ key: SettingKey) -> Bool {
        entries[key].map { $0.source != .standard } ?? false
    }

    /// Fills in the value of a key that a rule found.
    mutating func set(_ key: SettingKey, to value: some Sendable, display: String, source: SettingSource = .standard) {
        entries[key] = Entry(value: value, display: display, source: source)
    }

    /// Notes that something is wrong beyond one value's form.
    mutating func refuse(_ sentence: String, isMissingFile: Bool = false) {
        problems.append(SettingsProblem(isMissingFile: isMissingFile, sentence: sentence))
    }
}

extension SettingsReader {
    private mutating func read(_ key: SettingKey, from layers: [SettingLayer]) -> Entry {
        let definition = key.definition
        for layer in layers {
            guard let raw = layer.value(for: key) else { continue }
            // What can be left out can be left empty, as forms and templates do.
            if raw.isEmpty, definition.defaultText == nil { continue }
            let source = layer.source(key)
            do {
                let value = try definition.kind.parse(raw)
                return Entry(value: value, display: key.display(raw), source: source)
            } catch {
                refused.insert(key)
                let given = definition.isSecret ? "has a value" : "is \(key.display(raw))"
                refuse("\(key.name) \(given) (from \(source)), but must be \(error.requirement).")
                break
            }
        }
        let standard = definition.defaultText.map { RawSetting.text($0) }
        let value = standard.flatMap { try? definition.kind.parse($0) }
        return Entry(value: value ?? nil, display: standard?.description ?? "", source: .standard)
    }
}

extension SettingKey {
    /// A value of the key for people.
    fileprivate func display(_ raw: RawSetting) -> String {
        if definition.isSecret { return "<secret>" }
        let text = raw.description
        return switch definition.kind {
        case .brokerURL: text.withoutUserInformation.printable
        case .cloudURL where text.contains("@"): text.withoutUserInformation.printable
        default: text.isEmpty ? "empty" : text.printable
        }
    }
}
