/// Why a text is not valid JSON, and where.
struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    let offset: Int
    let reason: String

    var description: String { "\(reason) at byte \(offset)" }
}

extension JSON {
    /// Parses a whole document. Nesting is limited, so that a hostile body cannot exhaust the stack.
    init(parsing text: [UInt8]) throws(JSONSyntaxError) {
        var parser = JSONParser(text: text)
        self = try parser.document()
    }
}

private struct JSONParser {
    private static let maximumDepth = 64

    private let text: [UInt8]
    private var position = 0
    private var depth = 0

    init(text: [UInt8]) {
        self.text = text
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if text.starts(with: byteOrderMark) { position = byteOrderMark.count }
    }

    mutating func document() throws(JSONSyntaxError) -> JSON {
        let value = try value()
        skipSpace()
        guard position == text.count else { throw failure("unexpected text after the document") }
        return value
    }

    private mutating func value() throws(JSONSyntaxError) -> JSON {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONSyntaxError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONSyntaxError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where Self.isNumeric(byte): return try number()
        case nil: throw failure("unexpected end of text")
        default: throw failure("unexpected character")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONSyntaxError) -> JSON
    ) throws(JSONSyntaxError) -> JSON {
        depth += 1
        guard depth <= Self.maximumDepth else { throw failure("nesting deeper than \(Self.maximumDepth) levels") }
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONSyntaxError) -> JSON {
        var members: [JSONObject.Member] = []
        skipSpace()
        if take("}") { return .object(JSONObject()) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw failure("missing key") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw failure("missing colon") }
            members.append(.init(key: key, value: try value()))
            skipSpace()
        } while take(",")
        guard take("}") else { throw failure("unterminated object") }
        return .object(JSONObject(members: members))
    }

    private mutating func array() throws(JSONSyntaxError) -> JSON {
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array([]) }
        repeat {
            elements.append(try value())
            skipSpace()
        } while take(",")
        guard take("]") else { throw failure("unterminated array") }
        return .array(elements)
    }

    private mutating func number() throws(JSONSyntaxError) -> JSON {
        let start = position
        while let byte = peek, Self.isNumeric(byte) { position += 1 }
        let literal = String(decoding: text[start..<position], as: UTF8.self)
        let digits = literal.drop { $0 == "-" }
        let leadsWithZero = digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true
        guard let value = Double(literal), value.isFinite, !leadsWithZero, digits.first?.isNumber == true,
            literal.last?.isNumber == true
        else { throw failure("malformed number") }
        return .number(literal)
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
        default: false
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count, word.withUTF8Buffer({ text[position..<end].elementsEqual($0) }) else {
            throw failure("unexpected word")
        }
        position = end
        return value
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var bytes: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else { throw failure("invalid UTF-8") }
                return string
            case UInt8(ascii: "\\"): try escape(into: &bytes)
            case 0..<0x20: throw failure("control character in a string")
            default: bytes.append(byte)
            }
        }
        throw failure("unterminated string")
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = peek else { throw failure("unterminated string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes.append(contentsOf: String(try scalar()).utf8)
        default: throw failure("unknown escape")
        }
    }

    private mutating func scalar() throws(JSONSyntaxError) -> Character {
        let first = try fourDigits()
        var code = first
        if (0xD800..<0xDC00).contains(first) {
            guard take("\\"), take("u") else { throw failure("unpaired surrogate") }
            let second = try fourDigits()
            guard (0xDC00..<0xE000).contains(second) else { throw failure("unpaired surrogate") }
            code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("unpaired surrogate") }
        return Character(scalar)
    }

    private mutating func fourDigits() throws(JSONSyntaxError) -> UInt32 {
        guard position + 4 <= text.count,
            let code = UInt32(String(decoding: text[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("unknown escape") }
        position += 4
        return code
    }

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func failure(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: position, reason: reason)
    }
}
