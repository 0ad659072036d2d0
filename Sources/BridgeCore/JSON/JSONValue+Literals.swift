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
