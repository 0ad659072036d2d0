import Foundation

/// A part of a home that can have faults. The kind is needed because a thermostat has the id of its system.
public enum Device: Sendable, Hashable, CustomStringConvertible {
    /// A zone by id.
    case zone(String)
    /// Hot water by id.
    case hotWater(String)
    /// A control system by id.
    case system(String)
    /// A gateway by id.
    case gateway(String)

    /// Its kind and id.
    public var description: String {
        switch self {
        case .zone(let id): "zone \(id)"
        case .hotWater(let id): "hot water \(id)"
        case .system(let id): "system \(id)"
        case .gateway(let id): "gateway \(id)"
        }
    }
}

/// What happens to devices: they fail, or people change something at the controller.
extension SimulatedCloud {
    private static let gatewayLost = "GatewayCommunicationLost"

    /// Takes a gateway away or brings it back. While it is away, it has a fault and its tasks do not proceed.
    mutating func setGateway(_ id: String, isAway: Bool, at now: Date) throws(SimulatorError) {
        guard let gateway = installation.gateways[id] else { throw .unknownDevice(Device.gateway(id).description) }
        guard gateway.isAway != isAway else { return }
        advance(location: gateway.locationID, to: now)
        installation.gateways[id]?.isAway = isAway
        if isAway {
            try addFault(Self.gatewayLost, to: .gateway(id), at: now)
        } else {
            installation.gateways[id]?.faults.removeAll { $0.type == Self.gatewayLost }
            tasks.resume(gateway: id, at: now)
        }
    }

    /// Makes a sensor lose contact or find it again. While it is lost, there is a fault and no temperature.
    mutating func setSensor(of device: Device, isLost: Bool, at now: Date) throws(SimulatorError) {
        let fault: String
        switch device {
        case .zone(let id) where installation.zones[id] != nil:
            installation.zones[id]?.isSensorLost = isLost
            fault = "TempZoneSensorCommunicationLost"
        case .hotWater(let id) where installation.hotWaters[id] != nil:
            installation.hotWaters[id]?.isSensorLost = isLost
            fault = "DHWSensorCommunicationLost"
        default: throw .unknownDevice(device.description)
        }
        if isLost {
            try addFault(fault, to: device, at: now)
        } else {
            try changeFaults(of: device) { $0.removeAll { $0.type == fault } }
        }
    }

    /// Adds a fault that starts now. Its start is in the location's wall-clock time; gateways show seven digits of a
    /// second.
    mutating func addFault(_ type: String, to device: Device, at now: Date) throws(SimulatorError) {
        let offset = locationID(of: device).flatMap { installation.locations[$0]?.clock.offset(at: now) } ?? 0
        var since = Timestamp.wallClock(now, offset: offset)
        if case .gateway = device { since += ".7727046" }
        try changeFaults(of: device) { faults in
            faults.removeAll { $0.type == type }
            faults.append(ActiveFault(type: type, since: since))
        }
    }

    mutating func clearFaults(of device: Device) throws(SimulatorError) {
        try changeFaults(of: device) { $0 = [] }
    }

    mutating func setTemperature(_ temperature: Double, of device: Device, at now: Date) throws(SimulatorError) {
        if let locationID = locationID(of: device) { advance(location: locationID, to: now) }
        switch device {
        case .zone(let id) where installation.zones[id] != nil: installation.zones[id]?.temperature = temperature
        case .hotWater(let id) where installation.hotWaters[id] != nil:
            installation.hotWaters[id]?.temperature = temperature
        default: throw .unknownDevice(device.description)
        }
    }

    mutating func renameZone(_ id: String, to name: String) throws(SimulatorError) {
        guard installation.zones[id] != nil else { throw .unknownDevice(Device.zone(id).description) }
        installation.zones[id]?.configuration?["name"] = .string(name)
        installation.zones[id]?.status["name"] = .string(name)
    }

    /// Adds a radiator zone with an ordinary schedule.
    /// - Parameters:
    ///   - name: Its name.
    ///   - systemID: `nil` for the first system.
    /// - Returns: Its id.
    mutating func addZone(named name: String, system systemID: String?) throws(SimulatorError) -> String {
        let first = installation.locationIDs.first { !installation.systemIDs(ofLocation: $0).isEmpty }
            .flatMap { installation.systemIDs(ofLocation: $0).first }
        guard let systemID = systemID ?? first else { throw .unknownDevice("control system") }
        guard installation.systems[systemID] != nil else { throw .unknownDevice(Device.system(systemID).description) }
        let id = "\(1 + (installation.identifiers.compactMap { Int($0) }.max() ?? 0))"
        let room = HomeBuilder.Room(name: name)
        installation.zones[id] = Zone(
            id: id,
            systemID: systemID,
            configuration: HomeBuilder.zone(id: id, room).object,
            status: JSONObject.zoneStatus(id: id, name: .string(name)),
            setting: Setting(mode: OverrideMode.followSchedule.rawValue, value: room.day),
            schedule: Schedule(captured: HomeBuilder.zoneSchedule(day: room.day, night: room.night)),
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

    private func locationID(of device: Device) -> String? {
        switch device {
        case .zone(let id): locationID(.zone, id)
        case .hotWater(let id): locationID(.hotWater, id)
        case .system(let id): locationID(.system, id)
        case .gateway(let id): locationID(.gateway, id)
        }
    }

    private mutating func changeFaults(
        of device: Device,
        _ edit: (inout [ActiveFault]) -> Void
    ) throws(SimulatorError) {
        let isKnown =
            switch device {
            case .zone(let id): Self.change(&installation.zones[id], \.faults, edit)
            case .hotWater(let id): Self.change(&installation.hotWaters[id], \.faults, edit)
            case .system(let id): Self.change(&installation.systems[id], \.faults, edit)
            case .gateway(let id): Self.change(&installation.gateways[id], \.faults, edit)
            }
        guard isKnown else { throw .unknownDevice(device.description) }
    }

    /// - Returns: Whether there is a value to change.
    private static func change<Value>(
        _ value: inout Value?,
        _ faults: WritableKeyPath<Value, [ActiveFault]>,
        _ edit: (inout [ActiveFault]) -> Void
    ) -> Bool {
        guard var changed = value else { return false }
        edit(&changed[keyPath: faults])
        value = changed
        return true
    }
}
