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
    @Lenient var modelType: String?
    @Lenient var zones: WireList<WireZone>?
    @Lenient var dhw: WireHotWater?
    @Lenient var allowedSystemModes: WireList<WireAllowedSystemMode>?
}

struct WireZone: Decodable, Sendable {
    var zoneId: WireIdentifier
    @Lenient var name: String?
    @Lenient var zoneType: String?
    @Lenient var modelType: String?
    @Lenient var setpointCapabilities: WireSetpointCapabilities?
    @Lenient var scheduleCapabilities: WireScheduleCapabilities?
}

struct WireSetpointCapabilities: Decodable, Sendable {
    @Lenient var minHeatSetpoint: Temperature?
    @Lenient var maxHeatSetpoint: Temperature?
    @Lenient var valueResolution: Double?
    @Lenient var allowedSetpointModes: WireList<String>?
    @Lenient var maxDuration: String?
    @Lenient var timingResolution: String?
}

struct WireScheduleCapabilities: Decodable, Sendable {
    @Lenient var maxSwitchpointsPerDay: Int?
    @Lenient var minSwitchpointsPerDay: Int?
    @Lenient var timingResolution: String?
    @Lenient var setpointValueResolution: Double?
}

struct WireHotWater: Decodable, Sendable {
    struct StateCapabilities: Decodable, Sendable {
        @Lenient var allowedStates: WireList<String>?
        @Lenient var allowedModes: WireList<String>?
        @Lenient var maxDuration: String?
        @Lenient var timingResolution: String?
    }

    var dhwId: WireIdentifier
    @Lenient var dhwStateCapabilitiesResponse: StateCapabilities?
    @Lenient var scheduleCapabilitiesResponse: WireScheduleCapabilities?
}

struct WireAllowedSystemMode: Decodable, Sendable {
    var systemMode: String
    @Lenient var canBePermanent: Bool?
    @Lenient var canBeTemporary: Bool?
    @Lenient var maxDuration: String?
    @Lenient var timingMode: String?
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
            model: wire.modelType.map { ModelWord(vendorText: $0).rawValue },
            allowedModes: (wire.allowedSystemModes?.elements ?? []).map(AllowedSystemMode.init),
            zones: (wire.zones?.elements ?? []).map(Zone.init),
            hotWater: wire.dhw.map(HotWater.init)
        )
    }
}

extension AllowedSystemMode {
    fileprivate init(_ wire: WireAllowedSystemMode) {
        self.init(
            mode: SystemMode(vendorText: wire.systemMode),
            canBePermanent: wire.canBePermanent ?? true,
            canBeTemporary: wire.canBeTemporary ?? false,
            maximumDuration: seconds(wire.maxDuration),
            timing: wire.timingMode.map(Timing.init(vendorText:))
        )
    }
}

extension Zone {
    fileprivate init(_ wire: WireZone) {
        let setpoint = wire.setpointCapabilities
        self.init(
            id: ZoneID(wire.zoneId.text),
            name: wire.name ?? "",
            type: wire.zoneType.map { ModelWord(vendorText: $0).rawValue },
            model: wire.modelType.map { ModelWord(vendorText: $0).rawValue },
            setpoint: SetpointCapabilities(
                minimum: setpoint?.minHeatSetpoint,
                maximum: setpoint?.maxHeatSetpoint,
                step: setpoint?.valueResolution,
                allowedModes: (setpoint?.allowedSetpointModes?.elements ?? []).map(SetpointMode.init(vendorText:)),
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
            allowedModes: (state?.allowedModes?.elements ?? []).map(SetpointMode.init(vendorText:)),
            allowedStates: (state?.allowedStates?.elements ?? []).map(HotWaterState.init(vendorText:)),
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

/// - Parameter timeSpan: .NET's `[d.]hh:mm:ss`.
private func seconds(_ timeSpan: String?) -> Double? {
    timeSpan.flatMap { try? Duration(parsingTimeSpan: $0) }.map { Double($0.components.seconds) }
}
