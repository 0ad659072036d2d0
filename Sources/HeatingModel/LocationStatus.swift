public import Basics

/// How everything in a location is, as one answer of the cloud tells it.
public struct LocationStatus: Equatable, Sendable {
    public var id: LocationID
    public var systems: [ControlSystemStatus]

    public init(id: LocationID, systems: [ControlSystemStatus]) {
        self.id = id
        self.systems = systems
    }
}

/// How a control system is.
public struct ControlSystemStatus: Equatable, Sendable {
    public var id: ControlSystemID
    public var mode: SystemMode?
    public var isPermanent: Bool?
    /// When a temporary mode ends.
    public var until: Instant?
    /// Faults of the system, and of the gateway that it hangs on.
    public var faults: [Fault]
    public var zones: [ZoneStatus]
    public var hotWater: HotWaterStatus?

    public init(
        id: ControlSystemID,
        mode: SystemMode?,
        isPermanent: Bool?,
        until: Instant?,
        faults: [Fault],
        zones: [ZoneStatus],
        hotWater: HotWaterStatus?
    ) {
        self.id = id
        self.mode = mode
        self.isPermanent = isPermanent
        self.until = until
        self.faults = faults
        self.zones = zones
        self.hotWater = hotWater
    }

    /// When the gateway has lost contact, everything below it is old, whatever the cloud says of it.
    public var hasLostContact: Bool {
        faults.contains { $0.kind == .gatewayCommunicationLost }
    }
}

/// How a zone is.
public struct ZoneStatus: Equatable, Sendable {
    public var id: ZoneID
    public var name: String?
    /// The measured temperature in °C; `nil` while the zone's sensor is lost.
    public var temperature: Temperature?
    /// The temperature that the zone is heated to, in °C.
    public var setpoint: Temperature?
    public var mode: SetpointMode?
    /// When a temporary override ends.
    public var until: Instant?
    public var faults: [Fault]

    public init(
        id: ZoneID,
        name: String?,
        temperature: Temperature?,
        setpoint: Temperature?,
        mode: SetpointMode?,
        until: Instant?,
        faults: [Fault]
    ) {
        self.id = id
        self.name = name
        self.temperature = temperature
        self.setpoint = setpoint
        self.mode = mode
        self.until = until
        self.faults = faults
    }
}

/// How hot water is.
public struct HotWaterStatus: Equatable, Sendable {
    public var id: HotWaterID
    /// The measured temperature in °C; `nil` while the sensor is lost.
    public var temperature: Temperature?
    public var state: HotWaterState?
    public var mode: SetpointMode?
    /// When a temporary override ends.
    public var until: Instant?
    public var faults: [Fault]

    public init(
        id: HotWaterID,
        temperature: Temperature?,
        state: HotWaterState?,
        mode: SetpointMode?,
        until: Instant?,
        faults: [Fault]
    ) {
        self.id = id
        self.temperature = temperature
        self.state = state
        self.mode = mode
        self.until = until
        self.faults = faults
    }
}
