/// A JSON value that keeps the order of members and the spelling of numbers, so that a captured document is served
/// as it was captured. Foundation's `JSONSerialization` keeps neither.
enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The literal as written: `21.0` and `21` are different spellings.
    case number(String)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON {
    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    var double: Double? {
        if case .number(let literal) = self { Double(literal) } else { nil }
    }

    var int: Int? {
        if case .number(let literal) = self { Int(literal) } else { nil }
    }

    var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var object: JSONObject? {
        if case .object(let members) = self { members } else { nil }
    }

    /// An id: the vendor's are strings of digits, but some captures have numbers.
    var identifier: String? {
        switch self {
        case .string(let value): value
        case .number(let literal): literal
        default: nil
        }
    }

    static func number(_ value: Double) -> JSON { .number("\(value)") }
    static func number(_ value: Int) -> JSON { .number("\(value)") }
    /// An id as API v1 has it: a number, or a string if it is not numeric.
    static func identifier(_ id: String) -> JSON { Int(id).map { .number($0) } ?? .string(id) }

    /// The member of an object; `nil` for other values.
    subscript(key: String) -> JSON? { object?[key] }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(integerLiteral value: Int) { self = .number("\(value)") }
    init(floatLiteral value: Double) { self = .number("\(value)") }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
    init(nilLiteral: ()) { self = .null }
}

/// The members of a JSON object, in order. The objects of this API are small, so lookups are linear.
struct JSONObject: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        let key: String
        var value: JSON
    }

    private(set) var members: [Member]

    init(_ members: [(String, JSON)] = []) {
        self.members = members.map { Member(key: $0.0, value: $0.1) }
    }

    init(members: [Member]) {
        self.members = members
    }

    /// Replaces a member in place, appends a new one, and removes it when set to `nil`.
    subscript(key: String) -> JSON? {
        get {
            members.first { $0.key == key }?.value
        }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The member for a key, ignoring case, as the vendor reads the keys of requests.
    func member(_ key: String) -> Member? {
        if let exact = members.last(where: { $0.key == key }) { return exact }
        let key = key.lowercased()
        return members.last { $0.key.lowercased() == key }
    }

    /// The value for a key, ignoring case; `nil` also for an explicit `null`.
    func value(_ key: String) -> JSON? {
        guard let value = member(key)?.value, value != .null else { return nil }
        return value
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }
}

extension JSON {
    /// Compact text.
    var text: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        write(to: &output)
        return output
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let literal): output.append(contentsOf: literal.utf8)
        case .string(let value): Self.write(value, to: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ string: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0A: output.append(contentsOf: "\\n".utf8)
            case 0x0D: output.append(contentsOf: "\\r".utf8)
            case 0x09: output.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                output.append(contentsOf: "\\u00\(digits.count < 2 ? "0" : "")\(digits)".utf8)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
