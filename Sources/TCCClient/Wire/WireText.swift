import Basics
import HeatingModel

/// An id: a numeric string, and from some proxies and API v1 a number.
struct WireIdentifier: WireReadable, Sendable {
    let text: String

    init(_ wire: WireValue) throws(WireProblem) {
        if let number = try? Int(wire) { text = String(number) } else { text = try String(wire) }
    }
}

/// The vendor's number for degrees Celsius.
extension Temperature: WireReadable {
    init(_ wire: WireValue) throws(WireProblem) {
        self.init(celsius: try Double(wire))
    }
}

/// A text with a meaning that we know, or should. It is kept as it is, and noted as a surprise if we do not know it.
struct WireText<Meaning: WireMeaning>: WireReadable, Encodable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    init(_ wire: WireValue) throws(WireProblem) {
        text = try String(wire)
        if !Meaning.knows(text) { wire.note(text, ofLength: Meaning.excerptLength) }
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
