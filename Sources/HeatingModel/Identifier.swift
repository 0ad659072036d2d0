/// An id of the vendor's: a numeric string that is unique within its kind only.
///
/// The kind is part of the type, since one number can name two things: on a VisionPro the zone's id equals the
/// system's (seen in captures published by evohome-async).
public struct Identifier<Kind>: Hashable, Sendable {
    /// The vendor's text, as it came.
    public let text: String

    public init(_ text: String) {
        self.text = text
    }
}

extension Identifier: Comparable {
    /// Numbers in order of value, so that "9" comes before "10"; anything else, and "7" and "07", in order of its text.
    public static func < (left: Self, right: Self) -> Bool {
        switch (Int(left.text), Int(right.text)) {
        case (let first?, let second?): first == second ? left.text < right.text : first < second
        case (nil, nil): left.text < right.text
        case (let first, _): first != nil
        }
    }
}

extension Identifier: CustomStringConvertible, ExpressibleByStringLiteral, CodingKeyRepresentable {
    public var description: String { text }
    public var codingKey: any CodingKey { text.codingKey }

    public init(stringLiteral text: String) {
        self.init(text)
    }

    public init?<Key: CodingKey>(codingKey: Key) {
        self.init(codingKey.stringValue)
    }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// What measures a temperature: of a zone, or of hot water. API v1 calls both devices and numbers them together; a
/// device's id is that of its zone or hot water (evohome-async fixtures).
public enum Sensor {}

public typealias SensorID = Identifier<Sensor>

extension Identifier where Kind == Sensor {
    public init(_ zone: ZoneID) {
        self.init(zone.text)
    }

    public init(_ hotWater: HotWaterID) {
        self.init(hotWater.text)
    }
}
