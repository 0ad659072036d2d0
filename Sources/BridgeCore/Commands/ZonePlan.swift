public import HeatingModel

/// What the cloud is to be told, after an order was checked against what the zone can do and how it is.
public struct ZonePlan: Equatable, Sendable {
    /// Something that a sender should know of a command that succeeds.
    public enum Note: Equatable, Sendable {
        case rounded(from: Double, to: Double)
        /// There is no switchpoint to end at.
        case noSchedule
        /// The system's mode decides what the zone does, until it ends.
        case masked(by: SystemMode)
        case alreadySo
    }

    public var override: ZoneOverride
    public var notes: [Note]

    public init(override: ZoneOverride, notes: [Note] = []) {
        self.override = override
        self.notes = notes
    }

    public var isMasked: Bool {
        notes.contains { if case .masked = $0 { true } else { false } }
    }

    /// Whether a status shows that the zone does what it was told. The cloud cuts times to the second.
    public func isShown(by status: ZoneStatus) -> Bool {
        guard status.mode == override.mode else { return false }
        guard case .hold(let setpoint, let until) = override else { return true }
        // What is masked shows the mask's setpoint.
        guard isMasked || abs((status.setpoint ?? .infinity) - setpoint) < 0.05 else { return false }
        guard let until else { return true }
        return status.until.map { abs($0.duration(to: until).components.seconds) < 60 } ?? false
    }
}

/// What comes of planning.
public enum ZonePlanning: Equatable, Sendable {
    case send(ZonePlan)
    case alreadySo(ZonePlan)
    /// The next switchpoint is needed, and the zone's schedule was not read yet.
    case needsSchedule
}

/// What is known of a zone's week.
public enum KnownSchedule: Equatable, Sendable {
    case unread
    /// The zone has none.
    case none
    case week(WeekSchedule<Double>)
}
