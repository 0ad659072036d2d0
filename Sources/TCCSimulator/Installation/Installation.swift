import Foundation

/// Everything that belongs to the account, in flat tables by id. A zone can have the same id as its system, so each
/// kind has a table of its own.
struct Installation: Sendable {
    var account: JSONObject
    /// In the order in which the cloud lists them.
    var locationIDs: [String] = []
    var locations: [String: Location] = [:]
    var gateways: [String: Gateway] = [:]
    var systems: [String: ControlSystem] = [:]
    var zones: [String: Zone] = [:]
    var hotWaters: [String: HotWater] = [:]
    /// The weather over all locations. Its seed also determines how rooms differ.
    var weather = Weather(seed: 0)

    init(account: JSONObject) {
        self.account = account
    }

    var userID: String { account["userId"]?.identifier ?? "" }

    func gateway(ofSystem id: String) -> Gateway? {
        systems[id].flatMap { gateways[$0.gatewayID] }
    }

    func location(ofSystem id: String) -> Location? {
        gateway(ofSystem: id).flatMap { locations[$0.locationID] }
    }

    /// All systems of a location, in order.
    func systemIDs(ofLocation id: String) -> [String] {
        (locations[id]?.gatewayIDs ?? []).flatMap { gateways[$0]?.systemIDs ?? [] }
    }

    /// All ids in use, of any kind.
    var identifiers: Set<String> {
        Set(locations.keys).union(gateways.keys).union(systems.keys).union(zones.keys).union(hotWaters.keys)
    }
}

/// A location of the account. Its documents keep everything that a capture holds.
struct Location: Sendable {
    let id: String
    var gatewayIDs: [String]
    /// The element of `GET location/installationInfo` without its gateways.
    var configuration: JSONObject
    /// The response to `GET location/{id}/status` without its gateways.
    var status: JSONObject
    let clock: LocalClock
    /// Until when it has been simulated.
    var advancedTo: Date
    /// The last step of its climate.
    var climateAt: Date

    var name: String { configuration["locationInfo"]?["name"]?.string ?? "" }
}

/// A gateway, through which the cloud talks to a house. It carries out tasks one at a time.
struct Gateway: Sendable {
    let id: String
    let locationID: String
    var systemIDs: [String]
    var configuration: JSONObject
    var status: JSONObject
    var faults: [ActiveFault]
    /// Whether it has lost contact with the cloud. Its tasks do not end then.
    var isAway = false
}

/// A temperature control system: a controller with its zones and, where fitted, hot water.
struct ControlSystem: Sendable {
    let id: String
    let gatewayID: String
    /// In the order of the installation. The status can have zones that are missing here.
    var configuredZoneIDs: [String]
    var reportedZoneIDs: [String]
    var hotWaterID: String?
    var configuration: JSONObject
    var status: JSONObject
    var faults: [ActiveFault]
    var mode: SystemModeStatus

    /// The system modes that it accepts.
    var allowedModes: [String] {
        configuration["allowedSystemModes"]?.array?.compactMap { $0["systemMode"]?.string } ?? []
    }
}

/// The mode of a control system and how long it lasts.
struct SystemModeStatus: Sendable, Hashable {
    /// The vendor's names in the order of their numbers in the old dialect; those of thermostats come last.
    static let names = [
        "Auto", "HeatingOff", "AutoWithEco", "Away", "DayOff", "AutoWithReset", "Custom", "Heat", "Off", "Cool",
    ]

    var mode: String
    /// `nil` for a permanent mode.
    var until: Date?
}
