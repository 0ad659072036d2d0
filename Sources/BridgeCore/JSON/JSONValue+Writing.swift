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
        case .bool, .integer, .number: scalar
        case .array, .object: text
        }
    }

    /// A value that is neither text nor made of others.
    private var scalar: String {
        switch self {
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let integer): String(integer)
        case .number(let number): number.isFinite ? number.description : "null"
        case .null, .string, .array, .object: "null"
        }
    }

    private func write(to text: inout [UInt8]) {
        switch self {
        case .null, .bool, .integer, .number: text.append(contentsOf: scalar.utf8)
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

    /// All that is escaped is ASCII, so the bytes of UTF-8 tell. Nearly every string is copied as it is.
    private static func write(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { bytes in
            var rest = bytes[...]
            while let place = rest.firstIndex(where: isEscaped) {
                text.append(contentsOf: rest[..<place])
                text.append(contentsOf: escape(rest[place]).utf8)
                rest = rest[(place + 1)...]
            }
            text.append(contentsOf: rest)
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
    }

    private static func escape(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "\""): return "\\\""
        case UInt8(ascii: "\\"): return "\\\\"
        case UInt8(ascii: "\n"): return "\\n"
        case UInt8(ascii: "\r"): return "\\r"
        case UInt8(ascii: "\t"): return "\\t"
        default:
            let digits = String(byte, radix: 16)
            return "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
        }
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
