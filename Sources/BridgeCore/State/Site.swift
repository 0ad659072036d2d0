public import HeatingModel

/// A control system with all that is known of it at one moment: what there is, how it is, and what is planned.
public struct Site: Equatable, Sendable {
    public var location: Location
    public var system: ControlSystem
    /// `nil` before the first answer.
    public var status: ControlSystemStatus?
    /// Whether its values are fresh enough to be shown: see ``isAvailable``.
    public var isFresh: Bool
    /// Weekly schedules of zones, as far as they were read.
    public var schedules: [ZoneID: WeekSchedule<Double>]
    /// What zones were told and have not confirmed yet; shown already, so that a slider does not jump back.
    public var expectations: [ZoneID: ZoneOverride]

    public init(
        location: Location,
        system: ControlSystem,
        status: ControlSystemStatus?,
        isFresh: Bool,
        schedules: [ZoneID: WeekSchedule<Double>] = [:],
        expectations: [ZoneID: ZoneOverride] = [:]
    ) {
        self.location = location
        self.system = system
        self.status = status
        self.isFresh = isFresh
        self.schedules = schedules
        self.expectations = expectations
    }

    /// Whether what is shown of it can be relied on: its last good answer is not too old, and its gateway is in contact.
    public var isAvailable: Bool {
        guard let status else { return false }
        return isFresh && !status.hasLostContact
    }

    /// What the cloud said of a zone, nothing expected.
    public func reported(_ id: ZoneID) -> ZoneStatus? {
        status?.zones.first { $0.id == id }
    }

    /// How a zone is shown: as reported, with what it was told meanwhile.
    public func shown(_ id: ZoneID, at now: Instant) -> ZoneStatus? {
        guard var zone = reported(id), let expected = expectations[id] else { return reported(id) }
        zone.mode = expected.mode
        zone.until = expected.until
        // What a mode such as away masks keeps the mask's setpoint.
        if status?.mode?.masksZones != true, let setpoint = setpoint(of: id, under: expected, at: now) {
            zone.setpoint = setpoint
        }
        return zone
    }

    private func setpoint(of id: ZoneID, under expected: ZoneOverride, at now: Instant) -> Double? {
        switch expected {
        case .hold(let setpoint, until: _): setpoint
        case .followSchedule: schedules[id]?.current(at: now, in: location.timeZone)?.value
        }
    }
}
