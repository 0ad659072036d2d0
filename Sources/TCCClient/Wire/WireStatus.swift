import Basics
import HeatingModel

/// `GET /location/{id}/status`, as the vendor spells it.
struct WireLocationStatus: Decodable, Sendable {
    var locationId: WireIdentifier
    @Lenient var gateways: WireList<WireGatewayStatus>?
}

struct WireGatewayStatus: Decodable, Sendable {
    var gatewayId: WireIdentifier
    @Lenient var temperatureControlSystems: WireList<WireControlSystemStatus>?
    @Lenient var activeFaults: WireList<WireFault>?
}

struct WireControlSystemStatus: Decodable, Sendable {
    var systemId: WireIdentifier
    @Lenient var zones: WireList<WireZoneStatus>?
    @Lenient var dhw: WireHotWaterStatus?
    @Lenient var activeFaults: WireList<WireFault>?
    @Lenient var systemModeStatus: WireSystemModeStatus?
}

struct WireSystemModeStatus: Decodable, Sendable {
    @Lenient var mode: String?
    @Lenient var isPermanent: Bool?
    @Lenient var timeUntil: String?
}

struct WireZoneStatus: Decodable, Sendable {
    struct Setpoint: Decodable, Sendable {
        @Lenient var targetHeatTemperature: Temperature?
        @Lenient var setpointMode: String?
        @Lenient var until: String?
    }

    var zoneId: WireIdentifier
    @Lenient var name: String?
    @Lenient var temperatureStatus: WireTemperature?
    @Lenient var activeFaults: WireList<WireFault>?
    @Lenient var setpointStatus: Setpoint?
}

struct WireHotWaterStatus: Decodable, Sendable {
    struct State: Decodable, Sendable {
        @Lenient var state: String?
        @Lenient var mode: String?
        @Lenient var until: String?
    }

    var dhwId: WireIdentifier
    @Lenient var temperatureStatus: WireTemperature?
    @Lenient var stateStatus: State?
    @Lenient var activeFaults: WireList<WireFault>?
}

struct WireTemperature: Decodable, Sendable {
    /// Absent while the sensor is lost.
    @Lenient var temperature: Temperature?
    @Lenient var isAvailable: Bool?
}

struct WireFault: Decodable, Sendable {
    var faultType: String
    /// The location's local time without a zone, with up to seven fractional digits.
    @Lenient var since: String?
}

extension LocationStatus {
    /// A status from the cloud.
    ///
    /// - Parameter timeZone: The location's, since the times of faults are local.
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
    /// `nil` while the sensor is lost, whatever number comes with it.
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
