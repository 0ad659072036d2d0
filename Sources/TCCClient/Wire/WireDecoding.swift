import Foundation

/// A field that never spoils the rest of its document: it is `nil` when it is absent, `null` or of the wrong type.
///
/// The vendor's schema is not documented and has changed under every strict client, so everything but ids is read this way.
@propertyWrapper
struct Lenient<Value: Decodable & Sendable>: Decodable, Sendable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    init(from decoder: any Decoder) throws {
        wrappedValue = try? decoder.singleValueContainer().decode(Value.self)
    }
}

extension KeyedDecodingContainer {
    func decode<Value>(_ type: Lenient<Value>.Type, forKey key: Key) throws -> Lenient<Value> {
        (try? decodeIfPresent(type, forKey: key)) ?? Lenient(wrappedValue: nil)
    }
}

/// A list in which a bad element does not hide the others.
struct WireList<Element: Decodable & Sendable>: Decodable, Sendable {
    var elements: [Element]

    init(_ elements: [Element]) {
        self.elements = elements
    }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        elements = []
        while !container.isAtEnd {
            if let element = try container.decode(Lenient<Element>.self).wrappedValue { elements.append(element) }
        }
    }
}

extension WireList: Encodable where Element: Encodable {
    func encode(to encoder: any Encoder) throws {
        try elements.encode(to: encoder)
    }
}

/// An id: a numeric string, and from some proxies and API v1 a number.
struct WireIdentifier: Decodable, Sendable {
    var text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            text = String(number)
        } else {
            text = try container.decode(String.self)
        }
    }
}
