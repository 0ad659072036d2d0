import Foundation

extension Installation {
    /// Combines homes under the account of the first one.
    /// - Parameters:
    ///   - homes: Their documents.
    ///   - copies: How many times each home is included, under ids of its own; at least 1.
    ///   - now: The homes' time. Ends of overrides that are in the past by then are moved to the next day.
    init(homes: [HomeDocuments], copies: Int, now: Date) {
        var pool = IdentifierPool()
        self.init(homes: homes, copies: copies, in: &pool, now: now)
    }

    /// - Parameter pool: The ids of other accounts, which this one gets none of.
    init(homes: [HomeDocuments], copies: Int, in pool: inout IdentifierPool, now: Date) {
        var reader = InstallationReader(account: homes.first?.account ?? [:], now: now)
        for copy in 1...max(copies, 1) {
            for home in homes {
                let renumbered = home.renumbered(in: &pool)
                reader.read(copy == 1 ? renumbered : renumbered.numbered(copy))
            }
        }
        self = reader.installation
    }
}

/// Builds one ``Installation`` from the documents of homes. What the simulation changes becomes values; the rest stays
/// in documents and is served as captured.
private struct InstallationReader {
    private(set) var installation: Installation
    /// The home that is being read.
    private var documents = HomeDocuments(account: [:], locations: [])
    private let now: Date

    init(account: JSONObject, now: Date) {
        installation = Installation(account: account)
        self.now = now
    }

    mutating func read(_ home: HomeDocuments) {
        documents = home
        for location in home.locations { readLocation(location) }
    }

    private mutating func readLocation(_ json: JSON) {
        guard var configuration = json.object, let id = configuration["locationInfo"]?["locationId"]?.identifier else {
            return
        }
        var status = documents.statuses[id]?.object ?? ["locationId": .string(id), "gateways": []]
        let isReported = documents.statuses[id] != nil
        let gateways = configuration["gateways"]?.array ?? []
        let reported = Dictionary(by: "gatewayId", status["gateways"])
        configuration["gateways"] = []
        status["gateways"] = []
        let ids = gateways.compactMap { gateway in
            readGateway(gateway, reported, isReported: isReported, locationID: id)
        }
        installation.locationIDs.append(id)
        installation.locations[id] = Location(
            id: id,
            gatewayIDs: ids,
            configuration: configuration,
            status: status,
            clock: LocalClock(timeZone: configuration["locationInfo"]?["timeZone"]),
            advancedTo: now,
            climateAt: now
        )
    }

    private mutating func readGateway(
        _ json: JSON,
        _ reported: [String: JSONObject],
        isReported: Bool,
        locationID: String
    ) -> String? {
        guard var configuration = json.object, let id = configuration["gatewayInfo"]?["gatewayId"]?.identifier else {
            return nil
        }
        var status = reported[id] ?? ["gatewayId": .string(id), "temperatureControlSystems": [], "activeFaults": []]
        let systems = configuration["temperatureControlSystems"]?.array ?? []
        let systemStatuses = Dictionary(by: "systemId", status["temperatureControlSystems"])
        if configuration["temperatureControlSystems"] != nil { configuration["temperatureControlSystems"] = [] }
        status["temperatureControlSystems"] = []
        let ids = systems.compactMap { system in
            readSystem(system, systemStatuses, isReported: isReported, gatewayID: id)
        }
        installation.gateways[id] = Gateway(
            id: id,
            locationID: locationID,
            systemIDs: ids,
            configuration: configuration,
            status: status,
            faults: faults(status)
        )
        return id
    }

    private mutating func readSystem(
        _ json: JSON,
        _ reported: [String: JSONObject],
        isReported: Bool,
        gatewayID: String
    ) -> String? {
        guard var configuration = json.object, let id = configuration["systemId"]?.identifier else { return nil }
        let zones = configuration["zones"]?.array?.compactMap(\.object) ?? []
        let hotWater = configuration["dhw"]?.object
        var status = reported[id] ?? JSONObject.systemStatus(id: id, hasHotWater: hotWater != nil)
        let reportedZones = status["zones"]?.array?.compactMap(\.object) ?? []
        if let hotWater { readHotWater(hotWater, status["dhw"]?.object, systemID: id) }
        let configuredIDs = zones.compactMap { $0["zoneId"]?.identifier }
        let reportedIDs = isReported ? reportedZones.compactMap { $0["zoneId"]?.identifier } : configuredIDs
        for zoneID in configuredIDs + reportedIDs where installation.zones[zoneID] == nil {
            readZone(
                zoneID,
                zones.first { $0["zoneId"]?.identifier == zoneID },
                reportedZones.first { $0["zoneId"]?.identifier == zoneID },
                systemID: id
            )
        }
        configuration["zones"] = []
        status["zones"] = []
        let modes = configuration["allowedSystemModes"]?.array?.compactMap { $0["systemMode"]?.string } ?? []
        let present = status["systemModeStatus"]
        installation.systems[id] = ControlSystem(
            id: id,
            gatewayID: gatewayID,
            configuredZoneIDs: configuredIDs,
            reportedZoneIDs: reportedIDs,
            hotWaterID: hotWater?["dhwId"]?.identifier,
            configuration: configuration,
            status: status,
            faults: faults(status),
            mode: SystemModeStatus(
                mode: present?["mode"]?.string ?? (modes.contains("Auto") ? "Auto" : modes.last ?? "Auto"),
                until: end(present?["timeUntil"])
            )
        )
        return id
    }

    private mutating func readZone(
        _ id: String,
        _ configuration: JSONObject?,
        _ reported: JSONObject?,
        systemID: String
    ) {
        let status = reported ?? JSONObject.zoneStatus(id: id, name: configuration?["name"] ?? "")
        let setpoint = status["setpointStatus"]
        var zone = Zone(
            id: id,
            systemID: systemID,
            configuration: configuration,
            status: status,
            setting: Setting(
                mode: setpoint?["setpointMode"]?.string ?? OverrideMode.followSchedule.rawValue,
                value: setpoint?["targetHeatTemperature"]?.double ?? 20,
                until: end(setpoint?["until"])
            ),
            faults: faults(status),
            temperature: temperature(id, status)
        )
        if !zone.isGhost {
            zone.schedule = (documents.schedules[id] ?? documents.zoneSchedule).flatMap(Schedule.init(captured:))
        }
        installation.zones[id] = zone
    }

    private mutating func readHotWater(_ configuration: JSONObject, _ reported: JSONObject?, systemID: String) {
        guard let id = configuration["dhwId"]?.identifier else { return }
        let status = reported ?? JSONObject.hotWaterStatus(id: id)
        let state = status["stateStatus"]
        installation.hotWaters[id] = HotWater(
            id: id,
            systemID: systemID,
            configuration: configuration,
            status: status,
            setting: Setting(
                mode: state?["mode"]?.string ?? OverrideMode.followSchedule.rawValue,
                value: state?["state"]?.string == "On",
                until: end(state?["until"])
            ),
            schedule: (documents.schedules[id] ?? documents.hotWaterSchedule).flatMap(Schedule.init(captured:)),
            faults: faults(status),
            temperature: temperature(id, status)
        )
    }

    /// The high-precision temperature if there is one; `nil` if the status has no temperature.
    private func temperature(_ id: String, _ status: JSONObject) -> Double? {
        guard let reading = status["temperatureStatus"]?["temperature"]?.double else { return nil }
        return documents.temperatures[id] ?? reading
    }

    private func faults(_ status: JSONObject) -> [ActiveFault] {
        status["activeFaults"]?.array?.compactMap(ActiveFault.init) ?? []
    }

    /// Captures are from another day, so an end in the past moves to the next day at the same time.
    private func end(_ json: JSON?) -> Date? {
        guard let captured = json?.string.flatMap({ Timestamp.date($0) }) else { return nil }
        guard captured <= now else { return captured }
        let days = (now.timeIntervalSince(captured) / 86_400).rounded(.down) + 1
        return captured.addingTimeInterval(days * 86_400)
    }
}

extension [String: JSONObject] {
    /// The elements of an array by their ids.
    fileprivate init(by key: String, _ json: JSON?) {
        self = (json?.array ?? []).reduce(into: [:]) { table, element in
            if let object = element.object, let id = object[key]?.identifier { table[id] = object }
        }
    }
}

extension JSONObject {
    /// The status of a system that no capture shows.
    fileprivate static func systemStatus(id: String, hasHotWater: Bool) -> JSONObject {
        var status: JSONObject = ["systemId": .string(id), "zones": []]
        if hasHotWater { status["dhw"] = .null }
        status["activeFaults"] = []
        status["systemModeStatus"] = [:]
        return status
    }

    static func zoneStatus(id: String, name: JSON) -> JSONObject {
        [
            "zoneId": .string(id),
            "temperatureStatus": ["temperature": 19.5, "isAvailable": true],
            "activeFaults": [],
            "setpointStatus": [:],
            "name": name,
        ]
    }

    fileprivate static func hotWaterStatus(id: String) -> JSONObject {
        [
            "dhwId": .string(id),
            "temperatureStatus": ["temperature": 48.0, "isAvailable": true],
            "stateStatus": [:],
            "activeFaults": [],
        ]
    }
}
