/// Everything that belongs to the account, flat and by id: a zone can have the same id as its system,
/// so each kind has a table of its own.
struct Installation: Sendable {
    var account: JSONObject
    /// In the order in which the cloud lists them.
    var locationIDs: [String] = []
    var locations: [String: Location] = [:]
    var gateways: [String: Gateway] = [:]
    var systems: [String: ControlSystem] = [:]
    var zones: [String: Zone] = [:]
    var hotWaters: [String: HotWater] = [:]
    /// The weather over all locations, and what else of their climate is left to chance.
    var weather = Weather(seed: 0)

    init(account: JSONObject) {
        self.account = account
    }

    var userID: String { account["userId"]?.identifier ?? "" }

    /// The gateway of a system.
    func gateway(ofSystem id: String) -> Gateway? {
        systems[id].flatMap { gateways[$0.gatewayID] }
    }

    /// The location of a system.
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
