/// A JSON value that keeps the order of members and the spelling of numbers,
/// so that a captured document is served as it was captured.
enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The literal as it stands in the text: `21.0` and `21` are different spellings.
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

    /// An identifier: the vendor's are strings of digits, and some captures hold them as numbers.
    var identifier: String? {
        switch self {
        case .string(let value): value
        case .number(let literal): literal
        default: nil
        }
    }

    static func number(_ value: Double) -> JSON { .number("\(value)") }
    static func number(_ value: Int) -> JSON { .number("\(value)") }
    /// An identifier where the older API has a number; what is none is shown as text.
    static func identifier(_ id: String) -> JSON { Int(id).map { .number($0) } ?? .string(id) }

    /// The member of an object, nil for other values.
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
