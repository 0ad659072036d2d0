public import Basics

/// Everything that the account can see, without its state. It changes when somebody renames or pairs something, so it is
/// read once a day.
public struct Installation: Codable, Equatable, Sendable {
    /// The vendor's id of the account (not its user name).
    public var accountID: String
    public var locations: [Location]

    public init(accountID: String, locations: [Location]) {
        self.accountID = accountID
        self.locations = locations
    }

    /// Every control system with the location it is in, in order of ids.
    public var systems: [(location: Location, system: ControlSystem)] {
        locations.sorted { $0.id < $1.id }.flatMap { location in
            location.systems.sorted { $0.id < $1.id }.map { (location, $0) }
        }
    }
}

public typealias LocationID = Identifier<Location>
public typealias GatewayID = Identifier<Gateway>
public typealias ControlSystemID = Identifier<ControlSystem>

/// The device that connects control systems to the cloud. Its only state is its faults.
public enum Gateway {}

/// A house, with the control systems that its gateways reach.
public struct Location: Codable, Equatable, Sendable {
    public var id: LocationID
    public var name: String
    public var timeZone: LocationTimeZone
    public var systems: [ControlSystem]

    public init(id: LocationID, name: String, timeZone: LocationTimeZone, systems: [ControlSystem]) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.systems = systems
    }
}

/// A controller with its zones and hot water. A thermostat without a controller is a control system of one zone.
public struct ControlSystem: Codable, Equatable, Sendable {
    public var id: ControlSystemID
    public var gatewayID: GatewayID
    /// The gateway's MAC address, which is printed on it, as the cloud spells it.
    public var gatewayAddress: String?
    /// The controller's model in snake_case, such as `evo_touch`.
    public var model: String?
    public var allowedModes: [AllowedSystemMode]
    public var zones: [Zone]
    public var hotWater: HotWater?

    public init(
        id: ControlSystemID,
        gatewayID: GatewayID,
        gatewayAddress: String? = nil,
        model: String?,
        allowedModes: [AllowedSystemMode],
        zones: [Zone],
        hotWater: HotWater?
    ) {
        self.id = id
        self.gatewayID = gatewayID
        self.gatewayAddress = gatewayAddress
        self.model = model
        self.allowedModes = allowedModes
        self.zones = zones
        self.hotWater = hotWater
    }
}
