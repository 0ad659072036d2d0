import Foundation

extension Installation {
    /// In seconds. Steps lie on whole minutes, whenever the cloud is asked, so that a seed gives one story.
    private static let step: TimeInterval = 60
    /// A location that nobody asked for in longer than this goes on from here.
    private static let longestMemory: TimeInterval = 31 * 86_400
    /// In °C, of hot water that is on.
    private static let cylinderTarget = 55.0
    /// In °C, round a cylinder.
    private static let cupboard = 20.0

    /// Lets a location live up to a time: overrides and modes end, rooms warm and cool.
    mutating func live(location id: String, to now: Date) {
        guard let location = locations[id] else { return }
        let systemIDs = systemIDs(ofLocation: id)
        var time = max(location.climateAt, now.addingTimeInterval(-Self.longestMemory))
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
