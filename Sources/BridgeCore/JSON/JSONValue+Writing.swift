extension JSONValue {
    /// The value as compact JSON.
    public var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value alone on a topic: text without quotes; empty for `null`.
    public var plainText: String {
        switch self {
        case .null: ""
        case .string(let string): string
        default: text
        }
    }

    private func write(to text: inout [UInt8]) {
        switch self {
        case .null: text.append(contentsOf: "null".utf8)
        case .bool(let flag): text.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let integer): text.append(contentsOf: String(integer).utf8)
        case .number(let number): text.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
        case .string(let string): Self.write(string, to: &text)
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                element.write(to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &text)
                text.append(UInt8(ascii: ":"))
                member.value.write(to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    /// All that is escaped is ASCII, so the bytes of UTF-8 tell.
    private static func write(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): text.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): text.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\n"): text.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): text.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\t"): text.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7f:
                let digits = String(byte, radix: 16)
                text.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
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
