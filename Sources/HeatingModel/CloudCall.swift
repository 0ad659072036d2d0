public import Basics

/// A call that changes something.
public enum CloudCall: Codable, Equatable, Sendable {
    case zone(ZoneID, ZoneOverride)
    case hotWater(HotWaterID, HotWaterOverride)
    /// - Parameter until: The end in UTC; `nil` for good.
    case system(ControlSystemID, mode: SystemMode, until: Instant?)
    case zoneSchedule(ZoneID, Schedule<Temperature>)
    case hotWaterSchedule(HotWaterID, Schedule<HotWaterState>)

    /// Whether it writes a schedule and leaves the present state alone.
    public var isSchedule: Bool {
        switch self {
        case .zone, .hotWater, .system: false
        case .zoneSchedule, .hotWaterSchedule: true
        }
    }
}

/// A task that delivers a change to a gateway.
public enum CommunicationTask {}

public typealias CommunicationTaskID = Identifier<CommunicationTask>

/// The progress of a communication task. One for a gateway that is offline never ends.
public struct CommunicationTaskState: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let succeeded = CommunicationTaskState(rawValue: "succeeded")
    public static let failed = CommunicationTaskState(rawValue: "failed")
}

/// What decides about the setpoint of a zone, or the state of hot water.
public struct SetpointMode: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let followSchedule = SetpointMode(rawValue: "follow_schedule")
    public static let temporaryOverride = SetpointMode(rawValue: "temporary_override")
    public static let permanentOverride = SetpointMode(rawValue: "permanent_override")
}

/// What a zone or hot water should do: follow its schedule, or hold a value.
public enum Override<Value: Equatable & Sendable>: Equatable, Sendable {
    case followSchedule
    /// - Parameter until: The end in UTC; `nil` for good.
    case hold(Value, until: Instant?)

    /// The mode that the cloud reports once the gateway has accepted it.
    public var mode: SetpointMode {
        switch self {
        case .followSchedule: .followSchedule
        case .hold(_, until: .some): .temporaryOverride
        case .hold(_, until: nil): .permanentOverride
        }
    }

    /// The value to hold; `nil` if the schedule decides.
    public var value: Value? {
        if case .hold(let value, _) = self { value } else { nil }
    }

    /// When it ends in UTC; `nil` for one that has no end.
    public var until: Instant? {
        if case .hold(_, let until) = self { until } else { nil }
    }
}

extension Override: Codable where Value: Codable {}

/// What a zone should do, in °C.
public typealias ZoneOverride = Override<Temperature>

/// What hot water should do.
public typealias HotWaterOverride = Override<HotWaterState>
