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
