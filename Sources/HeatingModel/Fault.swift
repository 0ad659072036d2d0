public import Basics

/// Something that the cloud reports as broken, for as long as it is.
public struct Fault: Codable, Hashable, Sendable {
    /// The kind of fault; an open set.
    public struct Kind: OpenWord {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let gatewayCommunicationLost = Kind(rawValue: "gateway_communication_lost")
    }

    /// The part of the system that needs attention.
    public enum Class: String, Sendable, CaseIterable {
        case battery
        case gateway
        case boiler
        case actuator
        case sensor
        case communication
        case other
    }

    public var kind: Kind
    /// When it began; `nil` when the cloud did not say, or sent something that is not a time.
    public var since: Instant?

    public init(kind: Kind, since: Instant?) {
        self.kind = kind
        self.since = since
    }
}

extension Fault.Kind {
    /// Derived from a part of the name, since the set is open. More specific parts come first.
    public var faultClass: Fault.Class {
        let parts: [(String, Fault.Class)] = [
            ("battery", .battery), ("gateway", .gateway), ("boiler", .boiler), ("actuator", .actuator),
            ("valve", .actuator), ("sensor", .sensor), ("communication", .communication),
        ]
        return parts.first { rawValue.contains($0.0) }?.1 ?? .other
    }
}
