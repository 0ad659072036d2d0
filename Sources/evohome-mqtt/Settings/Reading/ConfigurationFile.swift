import Yams

/// A configuration file, read for what it says and for what is wrong with its form.
///
/// Values stay the text that was written: YAML reads `on` as true, `5` as a number and `3.1.1` as text, and only the
/// key knows which of them was meant.
struct ConfigurationFile: Sendable {
    /// A value and the line that it begins on, counted from 1.
    struct Entry: Sendable, Hashable {
        let value: RawSetting
        let line: Int
    }

    /// The name of the file, for messages.
    let path: String

    /// What the file sets.
    private(set) var entries: [SettingKey: Entry] = [:]

    /// Keys that do not exist, values of another shape, or the one reason why the file is no YAML at all.
    private(set) var problems: [SettingsProblem] = []

    /// - Parameters:
    ///   - bytes: The file; UTF-8 with or without a mark, lines ending in either way. JSON is YAML too.
    ///   - path: The name of the file, for messages.
    init(bytes: [UInt8], path: String) {
        self.path = path
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard let text = String(validating: bytes.starts(with: mark) ? bytes[3...] : bytes[...], as: UTF8.self) else {
            problems = [SettingsProblem(sentence: "\(path) is not text in UTF-8: save it as UTF-8.")]
            return
        }
        do {
            guard let root = try Parser(yaml: text).singleRoot(), !root.isNull else { return }
            read(root)
        } catch {
            problems = [SettingsProblem(sentence: Self.sentence(for: error, path: path))]
        }
    }
}

extension ConfigurationFile {
    private mutating func read(_ root: Node) {
        guard let mapping = root.mapping else {
            return refuse("is not made of sections such as mqtt: with keys below them", at: root)
        }
        read(mapping, prefix: "")
    }

    private mutating func read(_ mapping: Node.Mapping, prefix: String) {
        for (nameNode, node) in mapping {
            guard let written = nameNode.scalar?.string else {
                refuse("has a key that is no plain word", at: nameNode)
                continue
            }
            let name = prefix + written
            if let key = SettingKey(rawValue: name) {
                take(node, for: key, line: nameNode.mark?.line ?? 0)
            } else if SettingKey.sections.contains(name) {
                readSection(name, node, at: nameNode)
            } else {
                refuseUnknown(name, at: nameNode)
            }
        }
    }

    private mutating func readSection(_ name: String, _ node: Node, at nameNode: Node) {
        if let section = node.mapping {
            read(section, prefix: name + ".")
        } else if !node.isNull {
            refuse("has a value for \(name), which is a section with keys below it", at: nameNode)
        }
    }

    private mutating func refuseUnknown(_ name: String, at node: Node) {
        if name.contains(":") { return refuse("has \(name.printableKey) without a space after its colon", at: node) }
        let known = SettingKey.allCases.map(\.name) + SettingKey.sections
        let hint = NearestName.suggestion(for: name, among: known).map { ": did you mean \($0)?" } ?? ""
        refuse("has \(name.printableKey), which is no key\(hint)", at: node)
    }

    private mutating func take(_ node: Node, for key: SettingKey, line: Int) {
        let value: RawSetting
        switch node {
        case .scalar(let scalar):
            if node.isNull { return }
            value = .text(scalar.string)
        case .sequence(let sequence):
            let items = sequence.compactMap { $0.scalar?.string }
            guard items.count == sequence.count else {
                return refuse("has something other than plain values in the list of \(key.name)", at: node)
            }
            value = .list(items)
        case .mapping, .alias:
            return refuse("has keys below \(key.name), which must be \(key.definition.kind.allowed)", at: node)
        }
        guard entries[key] == nil else { return refuse("has \(key.name) twice", line: line) }
        entries[key] = Entry(value: value, line: line)
    }

    private mutating func refuse(_ what: String, at node: Node) {
        refuse(what, line: node.mark?.line ?? 0)
    }

    private mutating func refuse(_ what: String, line: Int) {
        let end = what.hasSuffix("?") ? "" : "."
        problems.append(SettingsProblem(sentence: "\(path) line \(line) \(what)\(end)"))
    }

    /// The parser's own descriptions quote the line, or all of the file, and a password may stand there.
    private static func sentence(for error: any Error, path: String) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            "\(path) line \(mark.line) is not valid YAML: \(problem)."
        case YamlError.duplicatedKeysInMapping(let names, let context):
            "\(path) line \(context.mark.line) has \(names.sorted().map(\.printableKey).joined(separator: " and ")) twice."
        default:
            "\(path) is not valid YAML."
        }
    }
}

extension Node {
    /// Whether nothing was written: `key:`, `~` or `null`, but not an empty text in quotes.
    fileprivate var isNull: Bool {
        guard let scalar, scalar.style == .plain else { return false }
        return ["", "~", "null"].contains(scalar.string.lowercased())
    }
}

extension String {
    /// A key for a message. In `{password:x}`, where a space is missing, the whole is the key, and the value is left out.
    fileprivate var printableKey: String { String(prefix { $0 != ":" }).printable }
}
