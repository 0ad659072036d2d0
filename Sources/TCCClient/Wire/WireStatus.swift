import Basics
import HeatingModel

/// `GET /location/{id}/status`, as the vendor spells it.
struct WireLocationStatus: WireObject, Sendable {
    let locationId: WireIdentifier
    let gateways: [WireGatewayStatus]?

    init(_ members: WireMembers) throws(WireProblem) {
        locationId = try members.required("locationId")
        gateways = members.optional("gateways")
    }
}

struct WireGatewayStatus: WireObject, Sendable {
    let gatewayId: WireIdentifier
    let temperatureControlSystems: [WireControlSystemStatus]?
    let activeFaults: [WireFault]?

    init(_ members: WireMembers) throws(WireProblem) {
        gatewayId = try members.required("gatewayId")
        temperatureControlSystems = members.optional("temperatureControlSystems")
        activeFaults = members.optional("activeFaults")
    }
}

struct WireControlSystemStatus: WireObject, Sendable {
    let systemId: WireIdentifier
    let zones: [WireZoneStatus]?
    let dhw: WireHotWaterStatus?
    let activeFaults: [WireFault]?
    let systemModeStatus: WireSystemModeStatus?

    init(_ members: WireMembers) throws(WireProblem) {
        systemId = try members.required("systemId")
        zones = members.optional("zones")
        dhw = members.optional("dhw")
        activeFaults = members.optional("activeFaults")
        systemModeStatus = members.optional("systemModeStatus")
    }
}

struct WireSystemModeStatus: WireObject, Sendable {
    let mode: WireText<Vocabulary.SystemModes>?
    let isPermanent: Bool?
    let timeUntil: WireText<WireTimes.Moments>?

    init(_ members: WireMembers) throws(WireProblem) {
        mode = members.optional("mode")
        isPermanent = members.optional("isPermanent")
        timeUntil = members.optional("timeUntil")
    }
}

struct WireZoneStatus: WireObject, Sendable {
    struct Setpoint: WireObject, Sendable {
        let targetHeatTemperature: Temperature?
        let setpointMode: WireText<Vocabulary.SetpointModes>?
        let until: WireText<WireTimes.Moments>?

        init(_ members: WireMembers) throws(WireProblem) {
            targetHeatTemperature = members.optional("targetHeatTemperature")
            setpointMode = members.optional("setpointMode")
            until = members.optional("until")
        }
    }

    let zoneId: WireIdentifier
    let name: String?
    let temperatureStatus: WireTemperature?
    let activeFaults: [WireFault]?
    let setpointStatus: Setpoint?

    init(_ members: WireMembers) throws(WireProblem) {
        zoneId = try members.required("zoneId")
        name = members.optional("name")
        temperatureStatus = members.optional("temperatureStatus")
        activeFaults = members.optional("activeFaults")
        setpointStatus = members.optional("setpointStatus")
    }
}

struct WireHotWaterStatus: WireObject, Sendable {
    struct State: WireObject, Sendable {
        let state: WireText<Vocabulary.HotWaterStates>?
        let mode: WireText<Vocabulary.SetpointModes>?
        let until: WireText<WireTimes.Moments>?

        init(_ members: WireMembers) throws(WireProblem) {
            state = members.optional("state")
            mode = members.optional("mode")
            until = members.optional("until")
        }
    }

    let dhwId: WireIdentifier
    let temperatureStatus: WireTemperature?
    let stateStatus: State?
    let activeFaults: [WireFault]?

    init(_ members: WireMembers) throws(WireProblem) {
        dhwId = try members.required("dhwId")
        temperatureStatus = members.optional("temperatureStatus")
        stateStatus = members.optional("stateStatus")
        activeFaults = members.optional("activeFaults")
    }
}

struct WireTemperature: WireObject, Sendable {
    /// Absent while the sensor is lost.
    let temperature: Temperature?
    let isAvailable: Bool?

    init(_ members: WireMembers) throws(WireProblem) {
        temperature = members.optional("temperature")
        isAvailable = members.optional("isAvailable")
    }
}

struct WireFault: WireObject, Sendable {
    let faultType: WireText<Vocabulary.Faults>
    /// The location's local time without a zone, with up to seven fractional digits.
    let since: WireText<WireTimes.LocalMoments>?

    init(_ members: WireMembers) throws(WireProblem) {
        faultType = try members.required("faultType")
        since = members.optional("since")
    }
}

extension LocationStatus {
    /// A status from the cloud.
    ///
    /// - Parameter timeZone: The location's, since the times of faults are local.
    init(_ wire: WireLocationStatus, in timeZone: LocationTimeZone) {
        self.init(
            id: LocationID(wire.locationId.text),
            systems: (wire.gateways ?? []).flatMap { gateway in
                let gatewayFaults = [Fault](gateway.activeFaults, in: timeZone)
                return (gateway.temperatureControlSystems ?? []).map { system in
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
            zones: (wire.zones ?? []).map { ZoneStatus($0, in: timeZone) },
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
    fileprivate init(_ wire: [WireFault]?, in timeZone: LocationTimeZone) {
        self = (wire ?? []).map { fault in
            Fault(
                kind: Fault.Kind(vendorText: fault.faultType.text),
                since: fault.since.flatMap { LocalDateTime($0.text) }.map(timeZone.instant(of:))
            )
        }
    }
}
