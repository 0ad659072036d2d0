import Foundation

/// `PUT` of the older API.
extension SimulatedCloud {
    mutating func writeDevice(
        _ endpoint: SessionEndpoint,
        _ request: CloudRequest,
        at now: Date
    ) throws(CloudError) -> CloudResponse {
        let id: String
        switch endpoint {
        case .values(let device), .heatSetpoint(let device): id = device
        default: throw .unknownPath
        }
        guard Self.isNumeric(id) else { throw .invalidInput }
        let kind: Endpoint.Kind = installation.zones[id] == nil ? .hotWater : .zone
        guard let locationID = locationID(kind, id), let gatewayID = gatewayID(kind, id) else { throw .notYours }
        advance(location: locationID, to: now)
        guard installation.isAlive(id) else { throw .refused("DeviceIsLost", "Device is lost.") }
        let body = try RequestBody(request.body)
        let command: Command
        switch (endpoint, kind) {
        case (.heatSetpoint, .zone): command = .setZone(id, try olderSetting(id, body.object))
        case (.values, .zone): command = .setZone(id, try olderValues(id, body))
        case (.values, .hotWater): command = .setHotWater(id, try olderHotWater(id, body))
        default: throw .unknownPath
        }
        return .json(["id": .identifier(submit(command, gateway: gatewayID, at: now))], status: 201)
    }

    /// Its end is of the location's wall clock; a `Z` behind it is not read.
    private func olderSetting(_ id: String, _ object: JSONObject) throws(CloudError) -> Setting<Double> {
        let clock = installation.zones[id].flatMap { installation.location(ofSystem: $0.systemID)?.clock }
        let value = object.value("value")?.double
        switch object.value("status") {
        case "Scheduled":
            let mode = OverrideMode.followSchedule.rawValue
            return Setting(mode: mode, value: installation.zones[id]?.setting.value ?? 20)
        case "Hold":
            guard let value else { throw .missing("Value") }
            return Setting(mode: OverrideMode.permanentOverride.rawValue, value: value)
        case "Temporary":
            guard let value else { throw .missing("Value") }
            let text = object.value("nextTime")?.string.map { String($0.prefix(19)) }
            guard let until = text.flatMap({ clock?.date(wallClock: $0) }) else { throw .missing("NextTime") }
            return Setting(mode: OverrideMode.temporaryOverride.rawValue, value: value, until: until)
        case nil: throw .missing("Status")
        default: throw .invalidInput
        }
    }

    private func olderValues(_ id: String, _ body: RequestBody) throws(CloudError) -> Setting<Double> {
        try checkMode(body.object, allowed: ["Heat", "Off"])
        guard let setpoint = body.object.value("heatSetpoint")?.object else { throw .missing("HeatSetpoint") }
        return try olderSetting(id, setpoint)
    }

    /// Hot water takes its mode only, and where it follows its schedule the schedule stays in force.
    private func olderHotWater(_ id: String, _ body: RequestBody) throws(CloudError) -> Setting<Bool> {
        for (key, name) in [("status", "Status"), ("nextTime", "NextTime")] where body.object.value(key) != nil {
            throw .refused("ForbiddenParameter", "'\(name)' is forbidden.")
        }
        let mode = try checkMode(body.object, allowed: ["DHWOn", "DHWOff"])
        var setting = installation.hotWaters[id]?.setting ?? Setting(mode: "FollowSchedule", value: false)
        setting.value = mode == "DHWOn"
        return setting
    }

    @discardableResult
    private func checkMode(_ object: JSONObject, allowed: [String]) throws(CloudError) -> String {
        guard let mode = object.value("mode") else {
            throw .entries(status: 400, [.init(code: "ParameterIsMissing", message: "'ThermostatMode' is required.")])
        }
        guard let name = mode.string, Self.thermostatModes.contains(name) else { throw .invalidInput }
        guard allowed.contains(name) else {
            throw .refused("ThermostatModeNotAllowed", "Allowed modes are \(allowed.joined(separator: ", ")).")
        }
        return name
    }

    private static let thermostatModes: Set = ["Heat", "Off", "Cool", "DHWOn", "DHWOff"]
}
