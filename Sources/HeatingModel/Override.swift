public import Basics

/// Why a zone has the setpoint that it has, or hot water its state.
public struct SetpointMode: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let followSchedule = SetpointMode(rawValue: "follow_schedule")
    public static let temporaryOverride = SetpointMode(rawValue: "temporary_override")
    public static let permanentOverride = SetpointMode(rawValue: "permanent_override")
}

/// What a zone or hot water is told to do: follow its schedule, or hold a value.
public enum Override<Value: Equatable & Sendable>: Equatable, Sendable {
    case followSchedule
    /// - Parameter until: The end in UTC; `nil` for good.
    case hold(Value, until: Instant?)

    /// The mode that the cloud reports once the gateway has taken it.
    public var mode: SetpointMode {
        switch self {
        case .followSchedule: .followSchedule
        case .hold(_, until: .some): .temporaryOverride
        case .hold(_, until: nil): .permanentOverride
        }
    }

    /// What is held; `nil` where the schedule decides.
    public var value: Value? {
        if case .hold(let value, _) = self { value } else { nil }
    }

    /// When it ends in UTC; `nil` for one that has no end.
    public var until: Instant? {
        if case .hold(_, let until) = self { until } else { nil }
    }
}

/// What a zone is told to do, in °C.
public typealias ZoneOverride = Override<Temperature>

/// What hot water is told to do.
public typealias HotWaterOverride = Override<HotWaterState>
