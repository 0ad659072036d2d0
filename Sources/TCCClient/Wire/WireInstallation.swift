import Basics
import HeatingModel

/// `GET /location/installationInfo`, as the vendor spells it. Fields that nothing reads are not listed.
struct WireLocation: Decodable, Sendable {
    struct Info: Decodable, Sendable {
        var locationId: WireIdentifier
        @Lenient var name: String?
        @Lenient var timeZone: WireTimeZone?
    }

    var locationInfo: Info
    @Lenient var gateways: WireList<WireGateway>?
}

struct WireTimeZone: Decodable, Sendable {
    @Lenient var timeZoneId: String?
    @Lenient var offsetMinutes: Int?
    @Lenient var currentOffsetMinutes: Int?
}

struct WireGateway: Decodable, Sendable {
    struct Info: Decodable, Sendable {
        var gatewayId: WireIdentifier
        @Lenient var mac: String?
    }

    var gatewayInfo: Info
    @Lenient var temperatureControlSystems: WireList<WireControlSystem>?
}

struct WireControlSystem: Decodable, Sendable {
    var systemId: WireIdentifier
    @Lenient var modelType: WireText<Vocabulary.Models>?
    @Lenient var zones: WireList<WireZone>?
    @Lenient var dhw: WireHotWater?
    @Lenient var allowedSystemModes: WireList<WireAllowedSystemMode>?
}

struct WireZone: Decodable, Sendable {
    var zoneId: WireIdentifier
    @Lenient var name: String?
    @Lenient var zoneType: WireText<Vocabulary.ZoneTypes>?
    @Lenient var modelType: WireText<Vocabulary.Models>?
    @Lenient var setpointCapabilities: WireSetpointCapabilities?
    @Lenient var scheduleCapabilities: WireScheduleCapabilities?
}

struct WireSetpointCapabilities: Decodable, Sendable {
    @Lenient var minHeatSetpoint: Temperature?
    @Lenient var maxHeatSetpoint: Temperature?
    @Lenient var valueResolution: Double?
    @Lenient var allowedSetpointModes: WireList<WireText<Vocabulary.SetpointModes>>?
    @Lenient var maxDuration: WireText<WireTimes.Spans>?
    @Lenient var timingResolution: WireText<WireTimes.Spans>?
}

struct WireScheduleCapabilities: Decodable, Sendable {
    @Lenient var maxSwitchpointsPerDay: Int?
    @Lenient var minSwitchpointsPerDay: Int?
    @Lenient var timingResolution: WireText<WireTimes.Spans>?
    @Lenient var setpointValueResolution: Double?
}

struct WireHotWater: Decodable, Sendable {
    struct StateCapabilities: Decodable, Sendable {
        @Lenient var allowedStates: WireList<WireText<Vocabulary.HotWaterStates>>?
        @Lenient var allowedModes: WireList<WireText<Vocabulary.SetpointModes>>?
        @Lenient var maxDuration: WireText<WireTimes.Spans>?
        @Lenient var timingResolution: WireText<WireTimes.Spans>?
    }

    var dhwId: WireIdentifier
    @Lenient var dhwStateCapabilitiesResponse: StateCapabilities?
    @Lenient var scheduleCapabilitiesResponse: WireScheduleCapabilities?
}

struct WireAllowedSystemMode: Decodable, Sendable {
    var systemMode: WireText<Vocabulary.SystemModes>
    @Lenient var canBePermanent: Bool?
    @Lenient var canBeTemporary: Bool?
    @Lenient var maxDuration: WireText<WireTimes.Spans>?
    @Lenient var timingMode: WireText<Vocabulary.Timings>?
}

/// `GET /userAccount`.
struct WireUserAccount: Decodable, Sendable {
    var userId: WireIdentifier
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
            systems: (wire.gateways?.elements ?? []).flatMap { gateway in
                (gateway.temperatureControlSystems?.elements ?? []).map { system in
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
            allowedModes: (wire.allowedSystemModes?.elements ?? []).map(AllowedSystemMode.init),
            zones: (wire.zones?.elements ?? []).map(Zone.init),
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
                allowedModes: (setpoint?.allowedSetpointModes?.elements ?? []).map {
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
            allowedModes: (state?.allowedModes?.elements ?? []).map { SetpointMode(vendorText: $0.text) },
            allowedStates: (state?.allowedStates?.elements ?? []).map { HotWaterState(vendorText: $0.text) },
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
