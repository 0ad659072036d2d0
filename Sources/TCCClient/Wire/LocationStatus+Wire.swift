import Basics
import HeatingModel

extension LocationStatus {
    /// A status of the vendor's as a value of ours.
    ///
    /// - Parameter timeZone: The location's: faults begin at its local time.
    init(_ wire: WireLocationStatus, in timeZone: LocationTimeZone) {
        self.init(
            id: LocationID(wire.locationId.text),
            systems: (wire.gateways?.elements ?? []).flatMap { gateway in
                let gatewayFaults = [Fault](gateway.activeFaults, in: timeZone)
                return (gateway.temperatureControlSystems?.elements ?? []).map { system in
                    ControlSystemStatus(system, gatewayFaults: gatewayFaults, in: timeZone)
                }
            }
        )
    }
}

extension ControlSystemStatus {
    fileprivate init(_ wire: WireControlSystemStatus, gatewayFaults: [Fault], in timeZone: LocationTimeZone) {
        self.init(
            id: ControlSystemID(wire.systemId.text),
            mode: wire.systemModeStatus?.mode.map(SystemMode.init(vendorText:)),
            isPermanent: wire.systemModeStatus?.isPermanent,
            until: wire.systemModeStatus?.timeUntil.flatMap { Instant($0) },
            faults: gatewayFaults + [Fault](wire.activeFaults, in: timeZone),
            zones: (wire.zones?.elements ?? []).map { ZoneStatus($0, in: timeZone) },
            hotWater: wire.dhw.map { HotWaterStatus($0, in: timeZone) }
        )
    }
}

extension ZoneStatus {
    fileprivate init(_ wire: WireZoneStatus, in timeZone: LocationTimeZone) {
        self.init(
            id: ZoneID(wire.zoneId.text),
            name: wire.name,
            temperature: wire.temperatureStatus?.measured,
            setpoint: wire.setpointStatus?.targetHeatTemperature,
            mode: wire.setpointStatus?.setpointMode.map(SetpointMode.init(vendorText:)),
            until: wire.setpointStatus?.until.flatMap { Instant($0) },
            faults: [Fault](wire.activeFaults, in: timeZone)
        )
    }
}

extension HotWaterStatus {
    fileprivate init(_ wire: WireHotWaterStatus, in timeZone: LocationTimeZone) {
        self.init(
            id: HotWaterID(wire.dhwId.text),
            temperature: wire.temperatureStatus?.measured,
            state: wire.stateStatus?.state.map(HotWaterState.init(vendorText:)),
            mode: wire.stateStatus?.mode.map(SetpointMode.init(vendorText:)),
            until: wire.stateStatus?.until.flatMap { Instant($0) },
            faults: [Fault](wire.activeFaults, in: timeZone)
        )
    }
}

extension WireTemperature {
    /// `nil` while the sensor is lost, whatever number stands beside that.
    fileprivate var measured: Temperature? { isAvailable == false ? nil : temperature }
}

extension [Fault] {
    fileprivate init(_ wire: WireList<WireFault>?, in timeZone: LocationTimeZone) {
        self = (wire?.elements ?? []).map { fault in
            Fault(
                kind: Fault.Kind(vendorText: fault.faultType),
                since: fault.since.flatMap { LocalDateTime($0) }.map(timeZone.instant(of:))
            )
        }
    }
}
