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
    @Lenient var mode: WireText<Vocabulary.SystemModes>?
    @Lenient var isPermanent: Bool?
    @Lenient var timeUntil: WireText<WireTimes.Moments>?
}

struct WireZoneStatus: Decodable, Sendable {
    struct Setpoint: Decodable, Sendable {
        @Lenient var targetHeatTemperature: Temperature?
        @Lenient var setpointMode: WireText<Vocabulary.SetpointModes>?
        @Lenient var until: WireText<WireTimes.Moments>?
    }

    var zoneId: WireIdentifier
    @Lenient var name: String?
    @Lenient var temperatureStatus: WireTemperature?
    @Lenient var activeFaults: WireList<WireFault>?
    @Lenient var setpointStatus: Setpoint?
}

struct WireHotWaterStatus: Decodable, Sendable {
    struct State: Decodable, Sendable {
        @Lenient var state: WireText<Vocabulary.HotWaterStates>?
        @Lenient var mode: WireText<Vocabulary.SetpointModes>?
        @Lenient var until: WireText<WireTimes.Moments>?
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
    var faultType: WireText<Vocabulary.Faults>
    /// The location's local time without a zone, with up to seven fractional digits.
    @Lenient var since: WireText<WireTimes.LocalMoments>?
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
            mode: wire.systemModeStatus?.mode.map { SystemMode(vendorText: $0.text) },
            isPermanent: wire.systemModeStatus?.isPermanent,
            until: wire.systemModeStatus?.timeUntil.flatMap { Instant($0.text) },
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
            mode: wire.setpointStatus?.setpointMode.map { SetpointMode(vendorText: $0.text) },
            until: wire.setpointStatus?.until.flatMap { Instant($0.text) },
            faults: [Fault](wire.activeFaults, in: timeZone)
        )
    }
}

extension HotWaterStatus {
    fileprivate init(_ wire: WireHotWaterStatus, in timeZone: LocationTimeZone) {
        self.init(
            id: HotWaterID(wire.dhwId.text),
            temperature: wire.temperatureStatus?.measured,
            state: wire.stateStatus?.state.map { HotWaterState(vendorText: $0.text) },
            mode: wire.stateStatus?.mode.map { SetpointMode(vendorText: $0.text) },
            until: wire.stateStatus?.until.flatMap { Instant($0.text) },
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
                kind: Fault.Kind(vendorText: fault.faultType.text),
                since: fault.since.flatMap { LocalDateTime($0.text) }.map(timeZone.instant(of:))
            )
        }
    }
}
