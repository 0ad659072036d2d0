import Foundation

/// What goes wrong in the homes, and what people change at the controller.
extension SimulatedCloud {
    private static let gatewayLost = "GatewayCommunicationLost"

    /// A gateway that is away shows a fault; its tasks stand still.
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

    /// A sensor that is out of reach: no temperature, and the fault of its kind.
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
            try change(device) { $0.removeAll { $0.type == fault } }
        }
    }

    /// Shows a fault since now, in the location's wall-clock time; those of gateways have seven digits of a second.
    mutating func addFault(_ type: String, to device: Device, at now: Date) throws(SimulatorError) {
        let offset = locationID(device).flatMap { installation.locations[$0]?.clock.offset(at: now) } ?? 0
        var since = Timestamp.wallClock(now, offset: offset)
        if case .gateway = device { since += ".7727046" }
        try change(device) { faults in
            faults.removeAll { $0.type == type }
            faults.append(ActiveFault(type: type, since: since))
        }
    }

    mutating func clearFaults(of device: Device) throws(SimulatorError) {
        try change(device) { $0 = [] }
    }

    private func locationID(_ device: Device) -> String? {
        switch device {
        case .zone(let id): locationID(.zone, id)
        case .hotWater(let id): locationID(.hotWater, id)
        case .system(let id): locationID(.system, id)
        case .gateway(let id): locationID(.gateway, id)
        }
    }

    private mutating func change(
        _ device: Device,
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
