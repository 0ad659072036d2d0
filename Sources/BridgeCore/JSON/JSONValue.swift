public import HeatingModel

/// A piece of JSON whose objects keep their order, so that a person who watches a topic always finds a key in its place.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A key and its value.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSONValue

        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value under a key of an object; `nil` where there is none.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }

    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    public init(nilLiteral: ()) {
        self = .null
    }
}

extension JSONValue {
    public init(_ text: String?) {
        self = text.map(JSONValue.string) ?? .null
    }

    /// A number that JSON cannot hold is `null`.
    public init(_ number: Double?) {
        guard let number, number.isFinite else {
            self = .null
            return
        }
        self = .number(number)
    }

    public init(_ temperature: Temperature?) {
        self.init(temperature?.celsius)
    }

    public init(_ integer: Int?) {
        self = integer.map(JSONValue.integer) ?? .null
    }

    public init(_ flag: Bool?) {
        self = flag.map(JSONValue.bool) ?? .null
    }

    public init(_ word: (some CustomStringConvertible)?) {
        self = word.map { .string($0.description) } ?? .null
    }
}

extension JSONValue: ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral {
    public init(stringLiteral text: String) {
        self = .string(text)
    }

    public init(booleanLiteral flag: Bool) {
        self = .bool(flag)
    }
}

extension JSONValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    public init(integerLiteral integer: Int) {
        self = .integer(integer)
    }

    public init(floatLiteral number: Double) {
        self = .number(number)
    }
}

extension JSONValue.Member {
    /// Members in their order, without those that have no value (which is not the same as being `null`).
    static func all(_ members: KeyValuePairs<String, JSONValue?>) -> [JSONValue.Member] {
        members.compactMap { key, value in value.map { JSONValue.Member(key, $0) } }
    }
}
