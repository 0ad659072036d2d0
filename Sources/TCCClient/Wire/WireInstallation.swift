import HeatingModel

/// `GET /location/installationInfo`, as the vendor spells it. Fields that nothing reads yet are not listed.
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
