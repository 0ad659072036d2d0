import Foundation

/// What people change at the controller.
extension SimulatedCloud {
    mutating func setTemperature(_ temperature: Double, of device: Device, at now: Date) throws(SimulatorError) {
        switch device {
        case .zone(let id) where installation.zones[id] != nil:
            if let location = locationID(.zone, id) { advance(location: location, to: now) }
            installation.zones[id]?.temperature = temperature
        case .hotWater(let id) where installation.hotWaters[id] != nil:
            if let location = locationID(.hotWater, id) { advance(location: location, to: now) }
            installation.hotWaters[id]?.temperature = temperature
        default: throw .unknownDevice(device.description)
        }
    }

    mutating func renameZone(_ id: String, to name: String) throws(SimulatorError) {
        guard installation.zones[id] != nil else { throw .unknownDevice(Device.zone(id).description) }
        installation.zones[id]?.configuration?["name"] = .string(name)
        installation.zones[id]?.status["name"] = .string(name)
    }

    /// A radiator zone with a week like any other.
    mutating func addZone(named name: String, system systemID: String?) throws(SimulatorError) -> String {
        let first = installation.locationIDs.first { !installation.systemIDs(ofLocation: $0).isEmpty }
            .flatMap { installation.systemIDs(ofLocation: $0).first }
        guard let systemID = systemID ?? first, installation.systems[systemID] != nil else {
            throw .unknownDevice(systemID.map { Device.system($0).description } ?? "control system")
        }
        let id = "\(1 + (installation.identifiers.compactMap { Int($0) }.max() ?? 0))"
        let room = HomeBuilder.Room(name: name)
        installation.zones[id] = Zone(
            id: id,
            systemID: systemID,
            configuration: HomeBuilder.zone(id: id, room).object,
            status: JSONObject.zoneStatus(id: id, name: .string(name)),
            setting: Setting(mode: OverrideMode.followSchedule.rawValue, value: room.day),
            schedule: WeekSchedule(captured: Week.room(day: room.day, night: room.night)),
            faults: [],
            temperature: room.night
        )
        installation.systems[systemID]?.configuredZoneIDs.append(id)
        installation.systems[systemID]?.reportedZoneIDs.append(id)
        return id
    }

    mutating func removeZone(_ id: String) throws(SimulatorError) {
        guard let zone = installation.zones.removeValue(forKey: id) else {
            throw .unknownDevice(Device.zone(id).description)
        }
        installation.systems[zone.systemID]?.configuredZoneIDs.removeAll { $0 == id }
        installation.systems[zone.systemID]?.reportedZoneIDs.removeAll { $0 == id }
    }
}
