import Basics
import HeatingModel

/// `GET /location/installationInfo`, as the vendor spells it. Fields that nothing reads are not listed.
struct WireLocation: WireObject, Sendable {
    struct Info: WireObject, Sendable {
        let locationId: WireIdentifier
        let name: String?
        let timeZone: WireTimeZone?

        init(_ members: WireMembers) throws(WireProblem) {
            locationId = try members.required("locationId")
            name = members.optional("name")
            timeZone = members.optional("timeZone")
        }
    }

    let locationInfo: Info
    let gateways: [WireGateway]?

    init(_ members: WireMembers) throws(WireProblem) {
        locationInfo = try members.required("locationInfo")
        gateways = members.optional("gateways")
    }
}

struct WireTimeZone: WireObject, Sendable {
    let timeZoneId: String?
    let offsetMinutes: Int?
    let currentOffsetMinutes: Int?

    init(_ members: WireMembers) throws(WireProblem) {
        timeZoneId = members.optional("timeZoneId")
        offsetMinutes = members.optional("offsetMinutes")
        currentOffsetMinutes = members.optional("currentOffsetMinutes")
    }
}

struct WireGateway: WireObject, Sendable {
    struct Info: WireObject, Sendable {
        let gatewayId: WireIdentifier
        let mac: String?

        init(_ members: WireMembers) throws(WireProblem) {
            gatewayId = try members.required("gatewayId")
            mac = members.optional("mac")
        }
    }

    let gatewayInfo: Info
    let temperatureControlSystems: [WireControlSystem]?

    init(_ members: WireMembers) throws(WireProblem) {
        gatewayInfo = try members.required("gatewayInfo")
        temperatureControlSystems = members.optional("temperatureControlSystems")
    }
}

struct WireControlSystem: WireObject, Sendable {
    let systemId: WireIdentifier
    let modelType: WireText<Vocabulary.Models>?
    let zones: [WireZone]?
    let dhw: WireHotWater?
    let allowedSystemModes: [WireAllowedSystemMode]?

    init(_ members: WireMembers) throws(WireProblem) {
        systemId = try members.required("systemId")
        modelType = members.optional("modelType")
        zones = members.optional("zones")
        dhw = members.optional("dhw")
        allowedSystemModes = members.optional("allowedSystemModes")
    }
}

struct WireZone: WireObject, Sendable {
    let zoneId: WireIdentifier
    let name: String?
    let zoneType: WireText<Vocabulary.ZoneTypes>?
    let modelType: WireText<Vocabulary.Models>?
    let setpointCapabilities: WireSetpointCapabilities?
    let scheduleCapabilities: WireScheduleCapabilities?

    init(_ members: WireMembers) throws(WireProblem) {
        zoneId = try members.required("zoneId")
        name = members.optional("name")
        zoneType = members.optional("zoneType")
        modelType = members.optional("modelType")
        setpointCapabilities = members.optional("setpointCapabilities")
        scheduleCapabilities = members.optional("scheduleCapabilities")
    }
}

struct WireSetpointCapabilities: WireObject, Sendable {
    let minHeatSetpoint: Temperature?
    let maxHeatSetpoint: Temperature?
    let valueResolution: Double?
    let allowedSetpointModes: [WireText<Vocabulary.SetpointModes>]?
    let maxDuration: WireText<WireTimes.Spans>?
    let timingResolution: WireText<WireTimes.Spans>?

    init(_ members: WireMembers) throws(WireProblem) {
        minHeatSetpoint = members.optional("minHeatSetpoint")
        maxHeatSetpoint = members.optional("maxHeatSetpoint")
        valueResolution = members.optional("valueResolution")
        allowedSetpointModes = members.optional("allowedSetpointModes")
        maxDuration = members.optional("maxDuration")
        timingResolution = members.optional("timingResolution")
    }
}

struct WireScheduleCapabilities: WireObject, Sendable {
    let maxSwitchpointsPerDay: Int?
    let minSwitchpointsPerDay: Int?
    let timingResolution: WireText<WireTimes.Spans>?
    let setpointValueResolution: Double?

    init(_ members: WireMembers) throws(WireProblem) {
        maxSwitchpointsPerDay = members.optional("maxSwitchpointsPerDay")
        minSwitchpointsPerDay = members.optional("minSwitchpointsPerDay")
        timingResolution = members.optional("timingResolution")
        setpointValueResolution = members.optional("setpointValueResolution")
    }
}

struct WireHotWater: WireObject, Sendable {
    struct StateCapabilities: WireObject, Sendable {
        let allowedStates: [WireText<Vocabulary.HotWaterStates>]?
        let allowedModes: [WireText<Vocabulary.SetpointModes>]?
        let maxDuration: WireText<WireTimes.Spans>?
        let timingResolution: WireText<WireTimes.Spans>?

        init(_ members: WireMembers) throws(WireProblem) {
            allowedStates = members.optional("allowedStates")
            allowedModes = members.optional("allowedModes")
            maxDuration = members.optional("maxDuration")
            timingResolution = members.optional("timingResolution")
        }
    }

    let dhwId: WireIdentifier
    let dhwStateCapabilitiesResponse: StateCapabilities?
    let scheduleCapabilitiesResponse: WireScheduleCapabilities?

    init(_ members: WireMembers) throws(WireProblem) {
        dhwId = try members.required("dhwId")
        dhwStateCapabilitiesResponse = members.optional("dhwStateCapabilitiesResponse")
        scheduleCapabilitiesResponse = members.optional("scheduleCapabilitiesResponse")
    }
}

struct WireAllowedSystemMode: WireObject, Sendable {
    let systemMode: WireText<Vocabulary.SystemModes>
    let canBePermanent: Bool?
    let canBeTemporary: Bool?
    let maxDuration: WireText<WireTimes.Spans>?
    let timingMode: WireText<Vocabulary.Timings>?

    init(_ members: WireMembers) throws(WireProblem) {
        systemMode = try members.required("systemMode")
        canBePermanent = members.optional("canBePermanent")
        canBeTemporary = members.optional("canBeTemporary")
        maxDuration = members.optional("maxDuration")
        timingMode = members.optional("timingMode")
    }
}

/// `GET /userAccount`.
struct WireUserAccount: WireObject, Sendable {
    let userId: WireIdentifier

    init(_ members: WireMembers) throws(WireProblem) {
        userId = try members.required("userId")
    }
}

extension Location {
    /// A location from the cloud. There are no gateways in our model: each control system names its own.
    init(_ wire: WireLocation) {
        let zone = wire.locationInfo.timeZone
        self.init(
            id: LocationID(wire.locationInfo.locationId.text),
            name: wire.locationInfo.name ?? "",
            timeZone: LocationTimeZone(
                windowsName: zone?.timeZoneId,
                offsetMinutes: zone?.currentOffsetMinutes ?? zone?.offsetMinutes
            ),
            systems: (wire.gateways ?? []).flatMap { gateway in
                (gateway.temperatureControlSystems ?? []).map { system in
                    ControlSystem(system, of: gateway.gatewayInfo)
                }
            }
        )
    }
}

extension ControlSystem {
    fileprivate init(_ wire: WireControlSystem, of gateway: WireGateway.Info) {
        self.init(
            id: ControlSystemID(wire.systemId.text),
            gatewayID: GatewayID(gateway.gatewayId.text),
            gatewayAddress: gateway.mac,
            model: wire.modelType.map { ModelWord(vendorText: $0.text).rawValue },
            allowedModes: (wire.allowedSystemModes ?? []).map(AllowedSystemMode.init),
            zones: (wire.zones ?? []).map(Zone.init),
            hotWater: wire.dhw.map(HotWater.init)
        )
    }
}

extension AllowedSystemMode {
    fileprivate init(_ wire: WireAllowedSystemMode) {
        self.init(
            mode: SystemMode(vendorText: wire.systemMode.text),
            canBePermanent: wire.canBePermanent ?? true,
            canBeTemporary: wire.canBeTemporary ?? false,
            maximumDuration: seconds(wire.maxDuration),
            timing: wire.timingMode.map { Timing(vendorText: $0.text) }
        )
    }
}

extension Zone {
    fileprivate init(_ wire: WireZone) {
        let setpoint = wire.setpointCapabilities
        self.init(
            id: ZoneID(wire.zoneId.text),
            name: wire.name ?? "",
            type: wire.zoneType.map { ModelWord(vendorText: $0.text).rawValue },
            model: wire.modelType.map { ModelWord(vendorText: $0.text).rawValue },
            setpoint: SetpointCapabilities(
                minimum: setpoint?.minHeatSetpoint,
                maximum: setpoint?.maxHeatSetpoint,
                step: setpoint?.valueResolution,
                allowedModes: (setpoint?.allowedSetpointModes ?? []).map {
                    SetpointMode(vendorText: $0.text)
                },
                maximumDuration: seconds(setpoint?.maxDuration),
                timingResolution: seconds(setpoint?.timingResolution)
            ),
            schedule: wire.scheduleCapabilities.map(ScheduleCapabilities.init)
        )
    }
}

extension HotWater {
    fileprivate init(_ wire: WireHotWater) {
        let state = wire.dhwStateCapabilitiesResponse
        self.init(
            id: HotWaterID(wire.dhwId.text),
            allowedModes: (state?.allowedModes ?? []).map { SetpointMode(vendorText: $0.text) },
            allowedStates: (state?.allowedStates ?? []).map { HotWaterState(vendorText: $0.text) },
            maximumDuration: seconds(state?.maxDuration),
            timingResolution: seconds(state?.timingResolution),
            schedule: wire.scheduleCapabilitiesResponse.map(ScheduleCapabilities.init)
        )
    }
}

extension ScheduleCapabilities {
    fileprivate init(_ wire: WireScheduleCapabilities) {
        self.init(
            minimumSwitchpointsPerDay: wire.minSwitchpointsPerDay,
            maximumSwitchpointsPerDay: wire.maxSwitchpointsPerDay,
            timingResolution: seconds(wire.timingResolution),
            setpointStep: wire.setpointValueResolution
        )
    }
}

private func seconds(_ span: WireText<WireTimes.Spans>?) -> Double? {
    span.flatMap { try? Duration(parsingTimeSpan: $0.text) }.map { Double($0.components.seconds) }
}
