extension JSONValue {
    /// The value as compact JSON.
    public var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    /// The value alone on a topic: text without quotes; empty for `null`.
    public var plainText: String {
        switch self {
        case .null: ""
        case .string(let string): string
        default: text
        }
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let integer): text += String(integer)
        case .number(let number): text += number.isFinite ? number.description : "null"
        case .string(let string): Self.write(string, to: &text)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.write(member.key, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1f}", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONValue {
    /// JSON for people to read and change.
    ///
    /// - Parameter depth: Down to which depth members and elements are on lines of their own.
    public func lines(toDepth depth: Int) -> String {
        lines(toDepth: depth, indent: "")
    }

    private func lines(toDepth depth: Int, indent: String) -> String {
        let deeper = indent + "  "
        let (open, items, close): (String, [String], String)
        switch self {
        case .array(let elements) where depth > 0 && !elements.isEmpty:
            (open, close) = ("[", "]")
            items = elements.map { $0.lines(toDepth: depth - 1, indent: deeper) }
        case .object(let members) where depth > 0 && !members.isEmpty:
            (open, close) = ("{", "}")
            items = members.map { member in
                "\(JSONValue.string(member.key).text): \(member.value.lines(toDepth: depth - 1, indent: deeper))"
            }
        default: return text
        }
        return "\(open)\n" + items.map { deeper + $0 }.joined(separator: ",\n") + "\n\(indent)\(close)"
    }
}
