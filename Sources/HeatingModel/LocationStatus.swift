public import Basics

/// The state of everything in a location, from one answer of the cloud.
public struct LocationStatus: Equatable, Sendable {
    public var id: LocationID
    public var systems: [ControlSystemStatus]

    public init(id: LocationID, systems: [ControlSystemStatus]) {
        self.id = id
        self.systems = systems
    }
}

/// The state of a control system.
public struct ControlSystemStatus: Equatable, Sendable {
    public var id: ControlSystemID
    public var mode: SystemMode?
    public var isPermanent: Bool?
    /// When a temporary mode ends.
    public var until: Instant?
    /// Faults of the system and of its gateway.
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

    /// Whether the gateway has lost contact. Everything behind it is out of date then, whatever the cloud says.
    public var hasLostContact: Bool {
        faults.contains { $0.kind == .gatewayCommunicationLost }
    }
}

/// The state of a zone.
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

/// The state of hot water.
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

/// A difference between a status and the installation, which is out of date then.
public enum LocationDifference: Hashable, Sendable {
    case systemAppeared(ControlSystemID)
    case systemDisappeared(ControlSystemID)
    case zoneAppeared(ZoneID)
    case zoneDisappeared(ZoneID)
    case zoneRenamed(ZoneID, to: String)
    case hotWaterAppeared(HotWaterID)
    case hotWaterDisappeared(HotWaterID)
}

extension Location {
    /// What appears in only one of the installation and a status, or has another name there.
    public func differences(from status: LocationStatus) -> Set<LocationDifference> {
        var differences: Set<LocationDifference> = []
        let reported = Dictionary(status.systems.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for system in systems {
            guard let status = reported[system.id] else {
                differences.insert(.systemDisappeared(system.id))
                continue
            }
            differences.formUnion(system.differences(from: status))
        }
        let known = Set(systems.map(\.id))
        for id in reported.keys where !known.contains(id) { differences.insert(.systemAppeared(id)) }
        return differences
    }
}

extension ControlSystem {
    fileprivate func differences(from status: ControlSystemStatus) -> Set<LocationDifference> {
        guard !isDescribed(by: status) else { return [] }
        var differences: Set<LocationDifference> = []
        var missing = Dictionary(zones.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        for zone in status.zones {
            guard let name = missing.removeValue(forKey: zone.id) else {
                differences.insert(.zoneAppeared(zone.id))
                continue
            }
            if let reported = zone.name, reported != name { differences.insert(.zoneRenamed(zone.id, to: reported)) }
        }
        for id in missing.keys { differences.insert(.zoneDisappeared(id)) }
        if hotWater?.id != status.hotWater?.id {
            if let id = hotWater?.id { differences.insert(.hotWaterDisappeared(id)) }
            if let id = status.hotWater?.id { differences.insert(.hotWaterAppeared(id)) }
        }
        return differences
    }

    /// Whether a status has the same things in the same order, as nearly all have.
    private func isDescribed(by status: ControlSystemStatus) -> Bool {
        hotWater?.id == status.hotWater?.id
            && zones.elementsEqual(status.zones) { $0.id == $1.id && ($1.name == nil || $1.name == $0.name) }
    }
}
