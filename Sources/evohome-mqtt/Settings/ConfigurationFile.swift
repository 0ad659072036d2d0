import Yams

/// A configuration file: its values, and what is wrong with its form.
///
/// Values stay the text that was written: YAML reads `on` as true, `5` as a number and `3.1.1` as text, and only the
/// setting knows which of them was meant.
struct ConfigurationFile: Sendable {
    /// The name of the file, for messages.
    private let path: String

    /// What the file sets, with the line that it begins on, counted from 1.
    private(set) var values: [SettingKey: GivenValue] = [:]

    /// Keys that do not exist, values of another shape, or the one reason why the file is not YAML at all.
    private(set) var problems: [SettingsProblem] = []

    /// - Parameters:
    ///   - bytes: The file; UTF-8 with or without a byte order mark, with either kind of line ending. JSON is YAML too.
    ///   - path: The name of the file, for messages.
    init(bytes: [UInt8], path: String) {
        self.path = path
        guard let text = String(validating: bytes.withoutByteOrderMark, as: UTF8.self) else {
            problems = [SettingsProblem("\(path) is not UTF-8 text: save it as UTF-8.")]
            return
        }
        do {
            guard let root = try Parser(yaml: text).singleRoot(), !root.isNull else { return }
            read(root)
        } catch {
            problems = [SettingsProblem(Self.sentence(for: error, path: path))]
        }
    }
}

extension ConfigurationFile {
    private mutating func read(_ root: Node) {
        if let tag = root.foreignTag { return refuse(tag, of: "the file", at: root) }
        guard let mapping = root.mapping else {
            return refuse("the file must consist of sections such as mqtt: with keys below them", at: root)
        }
        read(mapping, prefix: "")
    }

    private mutating func read(_ mapping: Node.Mapping, prefix: String) {
        for (nameNode, node) in mapping {
            guard let written = nameNode.scalar?.string else {
                refuse("a key must be a plain word", at: nameNode)
                continue
            }
            let name = prefix + written
            if let setting = Setting.named(SettingKey(name)) {
                take(node, for: setting, line: nameNode.mark?.line ?? 0)
            } else if Setting.sections.contains(name) {
                readSection(name, node, at: nameNode)
            } else {
                refuseUnknown(name, at: nameNode)
            }
        }
    }

    private mutating func readSection(_ name: String, _ node: Node, at nameNode: Node) {
        if let tag = node.foreignTag { return refuse(tag, of: name, at: nameNode) }
        if let section = node.mapping {
            read(section, prefix: name + ".")
        } else if !node.isNull {
            refuse("\(name) is a section: it must have keys below it, not a value", at: nameNode)
        }
    }

    private mutating func refuseUnknown(_ name: String, at node: Node) {
        if name.contains(":") { return refuse("\(name.printableKey) needs a space after its colon", at: node) }
        let known = Setting.all.map(\.key.name) + Setting.sections
        let hint = NearestName.suggestion(for: name, among: known).map { "; did you mean \($0)?" } ?? ""
        refuse("\(name.printableKey) is not a setting\(hint)", at: node)
    }

    private mutating func take(_ node: Node, for setting: Setting, line: Int) {
        let key = setting.key
        let nodes = [node] + (node.sequence.map(Array.init) ?? [])
        if let tag = nodes.compactMap(\.foreignTag).first { return refuse(tag, of: key.name, at: node) }
        let value: RawSetting
        switch node {
        case .scalar(let scalar):
            if node.isNull { return }
            value = .text(scalar.string)
        case .sequence(let sequence):
            let items = sequence.compactMap { $0.scalar?.string }
            guard items.count == sequence.count else {
                return refuse("the list of \(key.name) may contain plain values only", at: node)
            }
            value = .list(items)
        case .mapping, .alias:
            return refuse("\(key.name) has keys below it, but must be \(setting.values.allowed)", at: node)
        }
        guard values[key] == nil else { return refuse("\(key.name) is set twice", line: line) }
        values[key] = GivenValue(raw: value, source: .file(path: path, line: line))
    }

    /// Other programs put secrets in for such tags; here the text behind one would be taken for the secret itself.
    private mutating func refuse(_ tag: String, of name: String, at node: Node) {
        refuse("\(name) has the YAML tag \(tag.printable), which is not supported: write the value itself", at: node)
    }

    private mutating func refuse(_ what: String, at node: Node) {
        refuse(what, line: node.mark?.line ?? 0)
    }

    private mutating func refuse(_ what: String, line: Int) {
        let end = what.hasSuffix("?") ? "" : "."
        problems.append(SettingsProblem("\(path) line \(line): \(what)\(end)"))
    }

    /// The parser's own descriptions quote the line, or all of the file, and a password may stand there.
    private static func sentence(for error: any Error, path: String) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            "\(path) line \(mark.line): this is not valid YAML: \(problem)."
        case YamlError.duplicatedKeysInMapping(let names, let context):
            "\(path) line \(context.mark.line): \(names.sorted().map(\.printableKey).joined(separator: " and ")) is set twice."
        default:
            "\(path) is not valid YAML."
        }
    }
}

extension Node {
    /// A tag that is not YAML's own, such as `!secret`.
    fileprivate var foreignTag: String? {
        let name = tag.description
        return name.hasPrefix("tag:yaml.org,2002:") || ["", "!"].contains(name) ? nil : name
    }

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
