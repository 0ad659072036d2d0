import Foundation
import Synchronization

/// What happens in the homes while a simulator runs.
extension TCCSimulator {
    /// Takes gateways away or brings them back. While one is away its tasks do not go on, and its faults say so.
    /// - Parameters:
    ///   - isAway: whether it has lost contact with the cloud.
    ///   - id: its id; nil for all gateways.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func setGatewayAway(_ isAway: Bool, id: String? = nil) throws(SimulatorError) {
        try change { cloud, now throws(SimulatorError) in
            let ids = id.map { [$0] } ?? Array(cloud.installation.gateways.keys)
            for id in ids { try cloud.setGateway(id, isAway: isAway, at: now) }
        }
    }

    /// Lets the sensor of a zone or of hot water lose contact, or find it again.
    /// - Parameters:
    ///   - isLost: while it is, there is no temperature, and a fault says why.
    ///   - device: a zone or hot water.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func setSensorLost(_ isLost: Bool, of device: Device) throws(SimulatorError) {
        try change { cloud, now throws(SimulatorError) in
            try cloud.setSensor(of: device, isLost: isLost, at: now)
        }
    }

    /// Shows a fault as active since now.
    /// - Parameters:
    ///   - type: the vendor's name for it, such as `TempZoneActuatorLowBattery`, or one that nobody has seen.
    ///   - device: where it is shown.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func addFault(_ type: String, to device: Device) throws(SimulatorError) {
        try change { cloud, now throws(SimulatorError) in try cloud.addFault(type, to: device, at: now) }
    }

    /// Removes all faults of something.
    /// - Parameter device: where they are shown.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func clearFaults(of device: Device) throws(SimulatorError) {
        try change { cloud, _ throws(SimulatorError) in try cloud.clearFaults(of: device) }
    }

    /// Sets the true temperature of a room or of hot water, from which it then moves on.
    /// - Parameters:
    ///   - temperature: in °C.
    ///   - device: a zone or hot water.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func setTemperature(_ temperature: Double, of device: Device) throws(SimulatorError) {
        try change { cloud, now throws(SimulatorError) in
            try cloud.setTemperature(temperature, of: device, at: now)
        }
    }

    /// Renames a zone, as at the controller.
    /// - Parameters:
    ///   - id: of the zone.
    ///   - name: any text, also none.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func renameZone(_ id: String, to name: String) throws(SimulatorError) {
        try change { cloud, _ throws(SimulatorError) in try cloud.renameZone(id, to: name) }
    }

    /// Adds a zone to a control system.
    /// - Parameters:
    ///   - name: any text, also none.
    ///   - systemID: nil for the first.
    /// - Returns: the zone's id.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    @discardableResult
    public func addZone(named name: String, system systemID: String? = nil) throws(SimulatorError) -> String {
        try change { cloud, _ throws(SimulatorError) in try cloud.addZone(named: name, system: systemID) }
    }

    /// Removes a zone.
    /// - Parameter id: of the zone.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func removeZone(_ id: String) throws(SimulatorError) {
        try change { cloud, _ throws(SimulatorError) in try cloud.removeZone(id) }
    }

    private func change<Value: Sendable>(
        _ edit: (inout SimulatedCloud, Date) throws(SimulatorError) -> Value
    ) throws(SimulatorError) -> Value {
        try state.withLock { state throws(SimulatorError) in
            let now = moment(state).home
            return try edit(&state.cloud, now)
        }
    }
}
