import BridgeCore

/// A value inside a JSON text, known by its place, so that its bytes can be handed on as they came.
///
/// The text was understood by a decoder before. A text that is not JSON has values that are missing, and harms nothing.
struct JSONSlice {
    struct Member {
        /// As it is written, without its quotes.
        let key: ArraySlice<UInt8>
        /// From the key's first quote to the end of the value.
        let range: Range<Int>
        let value: JSONSlice
    }

    let text: [UInt8]
    let range: Range<Int>

    /// The whole text; `nil` if it holds no value.
    init?(_ text: [UInt8]) {
        let start = Self.skipWhiteSpace(text, from: 0)
        guard let end = Self.end(of: start, in: text) else { return nil }
        self.init(text, start..<end)
    }

    private init(_ text: [UInt8], _ range: Range<Int>) {
        self.text = text
        self.range = range
    }

    var bytes: ArraySlice<UInt8> { text[range] }

    private var first: UInt8? { bytes.first }
    var isString: Bool { first == UInt8(ascii: "\"") }
    var isArray: Bool { first == UInt8(ascii: "[") }
    var isObject: Bool { first == UInt8(ascii: "{") }

    /// A string without its quotes, or a number as it is written: what ids are.
    var plainText: String {
        let inner = isString ? bytes.dropFirst().dropLast() : bytes
        return String(decoding: inner, as: UTF8.self)
    }

    /// The value read; `nil` if it is not valid JSON.
    var value: JSONValue? { try? JSONValue(parsing: bytes) }

    /// The elements of an array; none for anything else.
    var elements: [JSONSlice] {
        guard isArray else { return [] }
        var elements: [JSONSlice] = []
        var position = Self.skipWhiteSpace(text, from: range.lowerBound + 1)
        while position < range.upperBound - 1, let end = Self.end(of: position, in: text) {
            elements.append(JSONSlice(text, position..<end))
            position = Self.skipComma(text, from: end)
        }
        return elements
    }

    /// The members of an object; none for anything else.
    var members: [Member] {
        guard isObject else { return [] }
        var members: [Member] = []
        var position = Self.skipWhiteSpace(text, from: range.lowerBound + 1)
        while position < range.upperBound - 1, text[position] == UInt8(ascii: "\""),
            let keyEnd = Self.end(of: position, in: text)
        {
            var start = Self.skipWhiteSpace(text, from: keyEnd)
            guard start < text.count, text[start] == UInt8(ascii: ":") else { break }
            start = Self.skipWhiteSpace(text, from: start + 1)
            guard let end = Self.end(of: start, in: text) else { break }
            let key = text[(position + 1)..<(keyEnd - 1)]
            members.append(Member(key: key, range: position..<end, value: JSONSlice(text, start..<end)))
            position = Self.skipComma(text, from: end)
        }
        return members
    }

    /// The value of a member; the keys of the vendor have no escapes.
    subscript(key: String) -> JSONSlice? {
        members.first { $0.key.elementsEqual(key.utf8) }?.value
    }

    // MARK: - Finding ends

    /// Where the value that begins at a place ends.
    private static func end(of start: Int, in text: [UInt8]) -> Int? {
        guard start < text.count else { return nil }
        switch text[start] {
        case UInt8(ascii: "\""): return endOfString(from: start, in: text)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return endOfContainer(from: start, in: text)
        default:
            let end = text[start...].firstIndex { isDelimiter($0) } ?? text.count
            return end > start ? end : nil
        }
    }

    private static func endOfString(from start: Int, in text: [UInt8]) -> Int? {
        var position = start + 1
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return nil
    }

    private static func endOfContainer(from start: Int, in text: [UInt8]) -> Int? {
        var depth = 0
        var position = start
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""):
                guard let end = endOfString(from: position, in: text) else { return nil }
                position = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return position + 1 }
            default: break
            }
            position += 1
        }
        return nil
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"): true
        default: isWhiteSpace(byte)
        }
    }

    private static func skipWhiteSpace(_ text: [UInt8], from start: Int) -> Int {
        var position = start
        while position < text.count, isWhiteSpace(text[position]) { position += 1 }
        return position
    }

    private static func skipComma(_ text: [UInt8], from start: Int) -> Int {
        let position = skipWhiteSpace(text, from: start)
        guard position < text.count, text[position] == UInt8(ascii: ",") else { return position }
        return skipWhiteSpace(text, from: position + 1)
    }
}
