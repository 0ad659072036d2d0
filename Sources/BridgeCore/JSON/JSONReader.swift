import Basics

/// Why a text is not accepted as JSON.
public struct JSONProblem: Error, Equatable, Sendable {
    /// What is wrong and where, to be put into a sentence.
    public var reason: String
}

extension JSONValue {
    /// The deepest nesting that is read; commands need two levels.
    static let maximumDepth = 32

    /// Reads strict JSON.
    ///
    /// Foundation's decoder silently uses the first of two equal keys and accepts five hundred levels of nesting. Commands
    /// for a heating system should be read more strictly.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONProblem) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw JSONProblem(reason: "it is not valid UTF-8")
        }
        try self.init(parsing: text)
    }

    /// Reads strict JSON from text, which is valid UTF-8 by its type.
    public init(parsing text: String) throws(JSONProblem) {
        var reader = JSONReader(Array(text.utf8))
        self = try reader.document()
    }
}

/// Reads one document, byte by byte. The bytes are valid UTF-8.
private struct JSONReader {
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONProblem) -> JSONValue {
        let value = try value(depth: 0)
        skipWhiteSpace()
        guard position == bytes.count else { throw problem("something follows the JSON") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
        guard depth < JSONValue.maximumDepth else { throw problem("it is nested too deeply") }
        skipWhiteSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try elements(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || Self.digits ~= byte: return try number()
        case nil: throw problem("it ends too early")
        default: throw problem("an unexpected character")
        }
    }

    private mutating func members(depth: Int) throws(JSONProblem) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var keys: Set<String> = []
        position += 1
        skipWhiteSpace()
        if take("}") { return members }
        repeat {
            skipWhiteSpace()
            guard peek == UInt8(ascii: "\"") else { throw problem("a key is missing") }
            let key = try string()
            guard keys.insert(key).inserted else { throw problem("the key \"\(key.excerpt)\" is given twice") }
            skipWhiteSpace()
            guard take(":") else { throw problem("a colon is missing") }
            members.append(JSONValue.Member(key, try value(depth: depth + 1)))
            skipWhiteSpace()
        } while take(",")
        guard take("}") else { throw problem(peek == nil ? "it ends too early" : "a comma or brace is missing") }
        return members
    }

    private mutating func elements(depth: Int) throws(JSONProblem) -> [JSONValue] {
        var elements: [JSONValue] = []
        position += 1
        skipWhiteSpace()
        if take("]") { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipWhiteSpace()
        } while take(",")
        guard take("]") else { throw problem(peek == nil ? "it ends too early" : "a comma or bracket is missing") }
        return elements
    }

    private mutating func string() throws(JSONProblem) -> String {
        position += 1
        var scalars = String.UnicodeScalarView()
        var run = position
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                scalars.append(contentsOf: text(run..<position))
                position += 1
                return String(scalars)
            case UInt8(ascii: "\\"):
                scalars.append(contentsOf: text(run..<position))
                position += 1
                scalars.append(try escaped())
                run = position
            case 0..<0x20:
                throw problem("a string has a control character")
            default:
                position += 1
            }
        }
        throw problem("it ends too early")
    }

    private mutating func escaped() throws(JSONProblem) -> Unicode.Scalar {
        guard let byte = peek else { throw problem("it ends too early") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard (0xd800..<0xdc00).contains(unit), take("\\"), take("u") else { throw problem("a lone surrogate") }
            let low = try codeUnit()
            guard (0xdc00..<0xe000).contains(low) else { throw problem("a lone surrogate") }
            let value = 0x10000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(low) - 0xdc00)
            guard let scalar = Unicode.Scalar(value) else { throw problem("a lone surrogate") }
            return scalar
        default: throw problem("an unknown escape")
        }
    }

    private mutating func codeUnit() throws(JSONProblem) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = peek.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw problem("an unknown escape")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private mutating func number() throws(JSONProblem) -> JSONValue {
        let start = position
        _ = take("-")
        guard digits() else { throw problem("a number has no digits") }
        let first = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
        if bytes[first] == UInt8(ascii: "0"), position > first + 1 { throw problem("a number begins with a zero") }
        var isInteger = true
        if take(".") {
            isInteger = false
            guard digits() else { throw problem("a number ends with its point") }
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            guard digits() else { throw problem("a number has no exponent") }
        }
        let text = String(text(start..<position))
        if isInteger, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw problem("a number is too large") }
        return .number(number)
    }

    private mutating func digits() -> Bool {
        let start = position
        while let byte = peek, Self.digits ~= byte { position += 1 }
        return position > start
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw problem("an unexpected character") }
        position += word.utf8.count
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek, byte == 32 || (9...10).contains(byte) || byte == 13 { position += 1 }
    }

    private func text(_ range: Range<Int>) -> String.UnicodeScalarView {
        String(decoding: bytes[range], as: UTF8.self).unicodeScalars
    }

    private func problem(_ reason: String) -> JSONProblem {
        JSONProblem(reason: "\(reason) at byte \(position)")
    }
}
