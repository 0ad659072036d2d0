public import HeatingModel

/// What a message asks of a zone, before it is known what the zone can do.
public enum ZoneOrder: Equatable, Sendable {
    case followSchedule
    /// - Parameter setpoint: In °C; `nil` for the one that the zone has at present.
    case hold(setpoint: Double?, End)

    /// When an override is to end.
    public enum End: Equatable, Sendable {
        /// As at the wall controller: a running override keeps its end, else at the next switchpoint.
        case asRunning
        case nextSwitchpoint
        case at(Instant)
        /// The next time that the location's clock reads this.
        case atLocalTime(TimeOfDay)
        case after(Duration)
        case never
    }
}
