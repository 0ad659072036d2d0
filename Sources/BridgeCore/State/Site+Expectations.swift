public import Basics
public import HeatingModel

extension Site {
    /// How everything is shown: as reported, with what it was told meanwhile.
    public func shown(at now: Instant) -> ControlSystemStatus? {
        guard var shown = status, !expectations.isEmpty else { return status }
        for target in targets {
            switch expectations[target] {
            case .zone(let id, let override)?:
                guard let index = shown.zones.firstIndex(where: { $0.id == id }) else { continue }
                shown.zones[index] = zone(shown.zones[index], under: override, at: now)
            case .hotWater(_, let override)?:
                shown.hotWater = shown.hotWater.map { hotWater($0, under: override, at: now) }
            case .system(_, let mode, let until)?:
                (shown.mode, shown.until, shown.isPermanent) = (mode.shownAs, until, until == nil)
            // The week that lies ahead changes nothing of how things are.
            case .zoneSchedule?, .hotWaterSchedule?, nil: continue
            }
        }
        return shown
    }

    private func zone(_ reported: ZoneStatus, under override: ZoneOverride, at now: Instant) -> ZoneStatus {
        var zone = reported
        (zone.mode, zone.until) = (override.mode, override.until)
        // What a mode such as away masks keeps the mask's setpoint.
        guard status?.mode?.masksZones != true else { return zone }
        zone.setpoint = override.value(by: schedules[zone.id], at: now, in: location.timeZone) ?? zone.setpoint
        return zone
    }

    private func hotWater(
        _ reported: HotWaterStatus,
        under override: HotWaterOverride,
        at now: Instant
    ) -> HotWaterStatus {
        var hotWater = reported
        (hotWater.mode, hotWater.until) = (override.mode, override.until)
        guard status?.mode?.masksHotWater != true else { return hotWater }
        hotWater.state = override.value(by: schedules[hotWater.id], at: now, in: location.timeZone) ?? hotWater.state
        return hotWater
    }
}

extension Override {
    /// The value that it brings about; `nil` where only the cloud knows.
    fileprivate func value(
        by schedule: KnownSchedule<Value>,
        at now: Instant,
        in timeZone: LocationTimeZone
    ) -> Value? {
        switch self {
        case .hold(let value, until: _): value
        case .followSchedule: schedule.week?.current(at: now, in: timeZone)?.value
        }
    }
}
