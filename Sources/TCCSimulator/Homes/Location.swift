import Foundation

/// A location of the account. It owns gateways by id; documents keep everything that a capture holds.
struct Location: Sendable {
    let id: String
    var gatewayIDs: [String]
    /// The element of `GET location/installationInfo`, its gateways left out.
    var configuration: JSONObject
    /// The answer of `GET location/{id}/status`, its gateways left out.
    var status: JSONObject
    let clock: LocalClock
    /// How far it has been simulated.
    var advancedTo: Date
    /// The last step of its climate.
    var climateAt: Date

    var name: String { configuration["locationInfo"]?["name"]?.string ?? "" }
}

/// A gateway: what the cloud talks to a house through. It carries out tasks one at a time.
struct Gateway: Sendable {
    let id: String
    let locationID: String
    var systemIDs: [String]
    var configuration: JSONObject
    var status: JSONObject
    var faults: [ActiveFault]
    /// Away: it has lost contact with the cloud, and its tasks do not end.
    var isAway = false
}

/// A temperature control system: a controller with its zones and, where fitted, hot water.
struct ControlSystem: Sendable {
    let id: String
    let gatewayID: String
    /// In the order of the installation; a zone can be missing from it that the status has.
    var configuredZoneIDs: [String]
    var reportedZoneIDs: [String]
    var hotWaterID: String?
    var configuration: JSONObject
    var status: JSONObject
    var faults: [ActiveFault]
    var mode: SystemModeStatus

    /// The modes that it takes, with what the installation says of each.
    var allowedModes: [String] {
        configuration["allowedSystemModes"]?.array?.compactMap { $0["systemMode"]?.string } ?? []
    }
}

/// The mode of a control system and how long it lasts.
struct SystemModeStatus: Sendable, Hashable {
    var mode: String
    /// Nil for a mode that is permanent.
    var until: Date?
}
