import Foundation

/// How schedules, overrides and system modes determine what is in force, and how rooms warm and cool.
///
/// The effects of modes are those of evohome-client's `docs/source/api2/modes.rst`, Home Assistant's page on evohome and
/// domoticz' `EvohomeWeb.cpp`. Where none of them describes an effect, the mode changes nothing.
extension Installation {
    /// The setpoint of all zones in `Away`, in °C. `AutoWithEco` does not go below it.
    private static let awaySetpoint = 12.0
    /// By how much `AutoWithEco` lowers setpoints, in K.
    private static let economy = 3.0

    /// In seconds. Steps fall on whole minutes however often the cloud is asked, so that a seed always gives the same
    /// temperatures.
    private static let step: TimeInterval = 60
    /// A location that nobody has asked for in longer than this catches up on this period only.
    private static let longestCatchUp: TimeInterval = 31 * 86_400
    /// Of hot water that is on, in °C.
    private static let cylinderTarget = 55.0
    /// Around the cylinder, in °C.
    private static let cupboard = 20.0

    /// The setpoint in force, in °C.
    func target(of zone: Zone, at now: Date) -> Double {
        guard let system = systems[zone.systemID], let clock = location(ofSystem: zone.systemID)?.clock else {
            return zone.setting.value
        }
        return Self.target(of: zone, mode: system.mode.mode, minuteOfWeek: clock.minuteOfWeek(at: now))
    }

    private static func target(of zone: Zone, mode: String, minuteOfWeek minute: Int) -> Double {
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

    private static func isOn(_ hotWater: HotWater, mode: String, minuteOfWeek minute: Int) -> Bool {
        if mode == "Away" { return false }
        guard hotWater.setting.followsSchedule else { return hotWater.setting.value }
        return hotWater.schedule?.value(at: minute) ?? hotWater.setting.value
    }

    /// Enters a mode. `Auto` ends temporary overrides of zones; `AutoWithReset` ends all overrides and then reads as
    /// `Auto`.
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

    /// Brings a location up to date: overrides and modes end, rooms warm and cool.
    mutating func advance(location id: String, to now: Date) {
        guard let location = locations[id] else { return }
        let systemIDs = systemIDs(ofLocation: id)
        var time = max(location.climateAt, now.addingTimeInterval(-Self.longestCatchUp))
        time = Date(timeIntervalSince1970: ((time.timeIntervalSince1970 / Self.step).rounded(.down) + 1) * Self.step)
        while time <= now {
            let offset = location.clock.offset(at: time)
            let outside = weather.temperature(at: time, offset: offset)
            for systemID in systemIDs {
                expire(system: systemID, at: time)
                warm(system: systemID, minuteOfWeek: location.clock.minuteOfWeek(at: time), outside: outside)
            }
            locations[id]?.climateAt = time
            time.addTimeInterval(Self.step)
        }
        for systemID in systemIDs { expire(system: systemID, at: now) }
    }

    /// Ends the mode and the overrides of a system whose time is up.
    private mutating func expire(system id: String, at now: Date) {
        guard let system = systems[id] else { return }
        if let until = system.mode.until, until <= now { enter(SystemModeStatus(mode: "Auto"), system: id) }
        for zoneID in system.configuredZoneIDs { zones[zoneID]?.setting.expire(at: now) }
        if let hotWaterID = system.hotWaterID { hotWaters[hotWaterID]?.setting.expire(at: now) }
    }

    private mutating func warm(system id: String, minuteOfWeek: Int, outside: Double) {
        guard let system = systems[id] else { return }
        let mode = system.mode.mode
        for zoneID in system.configuredZoneIDs {
            guard let zone = zones[zoneID], let temperature = zone.temperature, !zone.isGhost else { continue }
            zones[zoneID]?.temperature = ThermalModel.room(id: zoneID, seed: weather.seed).next(
                temperature,
                target: Self.target(of: zone, mode: mode, minuteOfWeek: minuteOfWeek),
                surroundings: outside,
                hours: Self.step / 3_600
            )
        }
        guard let hotWaterID = system.hotWaterID, let hotWater = hotWaters[hotWaterID],
            let temperature = hotWater.temperature
        else { return }
        hotWaters[hotWaterID]?.temperature = ThermalModel.cylinder.next(
            temperature,
            target: Self.isOn(hotWater, mode: mode, minuteOfWeek: minuteOfWeek) ? Self.cylinderTarget : 0,
            surroundings: Self.cupboard,
            hours: Self.step / 3_600
        )
    }
}
