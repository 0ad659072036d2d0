import Foundation

/// What the system's mode makes of schedules and overrides. The effects are those of evohome-client's
/// `docs/source/api2/modes.rst`, of Home Assistant's page on evohome and of domoticz' `EvohomeWeb.cpp`;
/// where nobody has written one down, a mode is taken to leave things alone.
extension Installation {
    /// The setpoint that a controller holds in `Away`, in °C, and below which `AutoWithEco` does not go.
    static let awaySetpoint = 12.0
    /// What `AutoWithEco` takes off, in K.
    static let economy = 3.0

    /// The setpoint in force, in °C.
    func target(of zone: Zone, at now: Date) -> Double {
        guard let system = systems[zone.systemID], let clock = location(ofSystem: zone.systemID)?.clock else {
            return zone.setting.value
        }
        return Self.target(of: zone, mode: system.mode.mode, minuteOfWeek: clock.minuteOfWeek(at: now))
    }

    static func target(of zone: Zone, mode: String, minuteOfWeek minute: Int) -> Double {
        if zone.isGhost { return zone.setting.value }
        switch mode {
        case "Away": return awaySetpoint
        case "HeatingOff", "Off": return zone.range.lowerBound
        default: break
        }
        guard zone.setting.followsSchedule else { return zone.setting.value }
        let scheduled =
            mode == "DayOff"
            ? zone.schedule?.value(at: minute, asOn: .saturday) : zone.schedule?.value(at: minute)
        let target = scheduled ?? zone.setting.value
        return mode == "AutoWithEco" && target - economy >= awaySetpoint ? target - economy : target
    }

    /// Whether the hot water is on. `Away` turns it off; `HeatingOff` does not.
    func isOn(_ hotWater: HotWater, at now: Date) -> Bool {
        guard let system = systems[hotWater.systemID], let clock = location(ofSystem: hotWater.systemID)?.clock else {
            return hotWater.setting.value
        }
        return Self.isOn(hotWater, mode: system.mode.mode, minuteOfWeek: clock.minuteOfWeek(at: now))
    }

    static func isOn(_ hotWater: HotWater, mode: String, minuteOfWeek minute: Int) -> Bool {
        if mode == "Away" { return false }
        guard hotWater.setting.followsSchedule else { return hotWater.setting.value }
        return hotWater.schedule?.value(at: minute) ?? hotWater.setting.value
    }

    /// Enters a mode. `Auto` ends temporary overrides of zones; `AutoWithReset` ends all of them, and is `Auto` from
    /// then on.
    mutating func enter(_ mode: SystemModeStatus, system id: String) {
        guard let system = systems[id] else { return }
        let isReset = mode.mode == "AutoWithReset"
        systems[id]?.mode = isReset ? SystemModeStatus(mode: "Auto") : mode
        guard isReset || mode.mode == "Auto" else { return }
        for zoneID in Set(system.configuredZoneIDs + system.reportedZoneIDs) {
            guard let zone = zones[zoneID], !zone.isGhost else { continue }
            if isReset || zone.setting.mode == OverrideMode.temporaryOverride.rawValue {
                zones[zoneID]?.setting.followSchedule()
            }
        }
        if isReset, let hotWaterID = system.hotWaterID { hotWaters[hotWaterID]?.setting.followSchedule() }
    }

    /// Ends what has run out in a system.
    mutating func expire(system id: String, at now: Date) {
        guard let system = systems[id] else { return }
        if let until = system.mode.until, until <= now { enter(SystemModeStatus(mode: "Auto"), system: id) }
        for zoneID in system.configuredZoneIDs { zones[zoneID]?.setting.expire(at: now) }
        if let hotWaterID = system.hotWaterID { hotWaters[hotWaterID]?.setting.expire(at: now) }
    }
}
