public import Basics
public import HeatingModel

/// A control system with all that is known of it at one moment: its parts, its state and its schedules.
public struct Site: Equatable, Sendable {
    public var location: Location
    public var system: ControlSystem
    /// `nil` before the first answer.
    public var status: ControlSystemStatus?
    /// Whether its values are fresh enough to be shown: see ``isAvailable``.
    public var isFresh: Bool
    /// Weekly schedules, as far as they were read.
    public var schedules: KnownSchedules
    /// Calls that the cloud has accepted and not confirmed yet. Their effect is shown at once, so that a slider does not
    /// jump back.
    public var expectations: [Target: CloudCall]
    /// Those of them that write schedules.
    public var expectedSchedules: [Target: CloudCall]
    /// Who changed what.
    public var changes: KnownChanges

    public init(
        location: Location,
        system: ControlSystem,
        status: ControlSystemStatus?,
        isFresh: Bool,
        schedules: KnownSchedules = KnownSchedules(),
        expectations: [Target: CloudCall] = [:],
        expectedSchedules: [Target: CloudCall] = [:],
        changes: KnownChanges = KnownChanges()
    ) {
        self.location = location
        self.system = system
        self.status = status
        self.isFresh = isFresh
        self.schedules = schedules
        self.expectations = expectations
        self.expectedSchedules = expectedSchedules
        self.changes = changes
    }

    /// Whether what is shown of it can be relied on: its last good answer is not too old, and its gateway is in contact.
    public var isAvailable: Bool {
        guard let status else { return false }
        return isFresh && !status.hasLostContact
    }

    /// Zones that are not real; see ``HeatingModel/Zone/isGhost(with:)``.
    public var ghosts: [Zone] {
        system.zones.filter { $0.isGhost(with: reported($0.id)) }.sorted { $0.id < $1.id }
    }

    /// What the cloud reported of a zone, without expectations.
    public func reported(_ id: ZoneID) -> ZoneStatus? {
        status?.zones.first { $0.id == id }
    }
}

extension Site {
    /// The state to show: as reported, with the expected effect of calls.
    public func shown(at now: Instant) -> ControlSystemStatus? {
        guard var shown = status, !expectations.isEmpty else { return status }
        for target in targets {
            switch expectations[target] {
            case .zone(let id, let override)?:
                guard let index = shown.zones.firstIndex(where: { $0.id == id }) else { continue }
                shown.zones[index] = zone(shown.zones[index], under: override, in: shown.mode, at: now)
            case .hotWater(_, let override)?:
                shown.hotWater = shown.hotWater.map { hotWater($0, under: override, in: shown.mode, at: now) }
            case .system(_, let mode, let until)?:
                (shown.mode, shown.until, shown.isPermanent) = (mode.shownAs, until, until == nil)
            // A schedule changes nothing at present.
            case .zoneSchedule?, .hotWaterSchedule?, nil: continue
            }
        }
        return shown
    }

    private func zone(
        _ reported: ZoneStatus,
        under override: ZoneOverride,
        in mode: SystemMode?,
        at now: Instant
    ) -> ZoneStatus {
        var zone = reported
        (zone.mode, zone.until) = (override.mode, override.until)
        // A zone that is masked by a mode such as away keeps that mode's setpoint.
        guard mode?.masksZones != true else { return zone }
        let followed = FollowedSchedule(schedules[zone.id].schedule, in: mode, timeZone: location.timeZone)
        zone.setpoint = override.value(by: followed, at: now) ?? zone.setpoint
        return zone
    }

    private func hotWater(
        _ reported: HotWaterStatus,
        under override: HotWaterOverride,
        in mode: SystemMode?,
        at now: Instant
    ) -> HotWaterStatus {
        var hotWater = reported
        (hotWater.mode, hotWater.until) = (override.mode, override.until)
        guard mode?.masksHotWater != true else { return hotWater }
        let followed = FollowedSchedule(schedules[hotWater.id].schedule, in: mode, timeZone: location.timeZone)
        hotWater.state = override.value(by: followed, at: now) ?? hotWater.state
        return hotWater
    }
}

extension Override {
    /// The value that results from it; `nil` if only the cloud knows.
    fileprivate func value(by schedule: FollowedSchedule<Value>, at now: Instant) -> Value? {
        switch self {
        case .hold(let value, until: _): value
        case .followSchedule: schedule.current(at: now)?.value
        }
    }
}
