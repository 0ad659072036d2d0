public import Basics
public import HeatingModel

/// What a message asks of a zone or of hot water: to follow the schedule, or to hold a value.
public enum OverrideOrder<Value: Equatable & Sendable>: Equatable, Sendable {
    case followSchedule
    /// A value of `nil` stands for the one at present.
    case hold(Value?, OrderEnd)
}

/// What a message asks of a zone; setpoints are in °C.
public typealias ZoneOrder = OverrideOrder<Double>

/// What a message asks of hot water.
public typealias HotWaterOrder = OverrideOrder<HotWaterState>

/// When something is to end.
public enum OrderEnd: Equatable, Sendable {
    /// As at the wall controller: a running override keeps its end, else at the next switchpoint.
    case asRunning
    case nextSwitchpoint
    case at(Instant)
    /// The next time that the location's clock reads this.
    case atLocalTime(TimeOfDay)
    case after(Duration)
    case never
}
