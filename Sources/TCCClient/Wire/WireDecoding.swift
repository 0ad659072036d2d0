import Basics
import Foundation
import HeatingModel

/// A field that never spoils the rest of its document: it is `nil` when it is absent, `null` or of the wrong type.
///
/// The vendor's schema is not documented and has changed under every strict client, so everything but ids is read this
/// way. A wrong type is noted as a surprise.
@propertyWrapper
struct Lenient<Value: Decodable & Sendable>: Decodable, Sendable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    init(from decoder: any Decoder) throws {
        do {
            wrappedValue = try decoder.singleValueContainer().decode(Value.self)
        } catch {
            decoder.note(error)
        }
    }
}

extension KeyedDecodingContainer {
    func decode<Value>(_ type: Lenient<Value>.Type, forKey key: Key) throws -> Lenient<Value> {
        (try? decodeIfPresent(type, forKey: key)) ?? Lenient(wrappedValue: nil)
    }
}

/// A list in which a bad element does not hide the others. What is dropped is noted as a surprise.
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

/// A text with a meaning that we know, or should. It is kept as it is, and noted as a surprise if we do not know it.
struct WireText<Meaning: WireMeaning>: Codable, Sendable {
    var text: String

    init(_ text: String) {
        self.text = text
    }

    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
        if !Meaning.knows(text) { decoder.note(text, ofLength: Meaning.excerptLength) }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// What texts of one kind mean.
protocol WireMeaning: Sendable {
    static func knows(_ text: String) -> Bool
    /// How much of an unknown text its path shows: words name something new, while a time would make a path of its own
    /// each time.
    static var excerptLength: Int { get }
}

extension WireMeaning {
    static var excerptLength: Int { 40 }
}

/// One of the vendor's enumerations, which are all open: an unknown word passes through.
protocol WireVocabulary: WireMeaning {
    static var words: Set<String> { get }
}

extension WireVocabulary {
    static func knows(_ text: String) -> Bool { words.contains(text) }
}

/// The vendor's enumerations, as seen in captures and in the code of other clients (evohome-async).
enum Vocabulary {
    enum SystemModes: WireVocabulary {
        static let words = Set(SystemMode.known.map(\.vendorText))
    }

    enum SetpointModes: WireVocabulary {
        static let words: Set = ["FollowSchedule", "PermanentOverride", "TemporaryOverride", "VacationHold"]
    }

    enum HotWaterStates: WireVocabulary {
        static let words: Set = ["On", "Off"]
    }

    enum Timings: WireVocabulary {
        static let words: Set = ["Duration", "Period"]
    }

    /// Of control systems and zones: a single thermostat is both.
    enum Models: WireVocabulary {
        static let words: Set = [
            "EvoTouch", "FocusProWifiRetail", "HeatingZone", "RoundModulation", "RoundWireless", "Sydney", "Unknown",
            "VisionProWifiRetail",
        ]
    }

    enum ZoneTypes: WireVocabulary {
        static let words: Set = [
            "ElectricHeat", "MixingValve", "RadiatorZone", "Thermostat", "UnderfloorHeating", "Unknown",
            "ZoneTemperatureControl", "ZoneValves",
        ]
    }

    enum Faults: WireVocabulary {
        static let words: Set = [
            "BoilerCommunicationLost", "BoilerInternalFault", "BoilerServiceRequired", "ChValveCommunicationLost",
            "DHWActuatorCommunicationLost", "DHWActuatorFailure", "DHWSensorCommunicationLost", "DHWSensorFailure",
            "DHWSensorLowBattery",
            "GatewayCommunicationLost", "TempZoneActuatorCommunicationLost", "TempZoneActuatorLowBattery",
            "TempZoneSensorCommunicationLost", "TempZoneSensorLowBattery",
        ]
    }

    /// Of API v1.
    enum Units: WireVocabulary {
        static let words: Set = ["Celsius", "Fahrenheit"]
    }

    /// Of API v1: whether a temperature is measured.
    enum Measurements: WireVocabulary {
        static let words: Set = ["Measured", "NotAvailable", "SensorError", "SensorFault"]
    }

    enum TaskStates: WireVocabulary {
        static let words: Set = ["Created", "Failed", "Running", "Succeeded"]
    }
}

/// Times and lengths of time, as the vendor writes them.
enum WireTimes {
    /// UTC with `Z`.
    enum Moments: WireMeaning {
        static func knows(_ text: String) -> Bool { Instant(text) != nil }
        static let excerptLength = 0
    }

    /// Local time without a zone.
    enum LocalMoments: WireMeaning {
        static func knows(_ text: String) -> Bool { LocalDateTime(text) != nil }
        static let excerptLength = 0
    }

    /// .NET's `[d.]hh:mm:ss`.
    enum Spans: WireMeaning {
        static func knows(_ text: String) -> Bool { (try? Duration(parsingTimeSpan: text)) != nil }
    }

    enum Weekdays: WireMeaning {
        static func knows(_ text: String) -> Bool { Weekday(name: text) != nil }
    }

    enum TimesOfDay: WireMeaning {
        static func knows(_ text: String) -> Bool { TimeOfDay(text) != nil }
    }
}
