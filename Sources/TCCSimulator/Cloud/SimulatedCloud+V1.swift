import Foundation

/// API v1, `/WebAPI/api`: sessions instead of tokens, and high-precision temperatures.
extension SimulatedCloud {
    private static let unauthorised = CloudError.refused("Unauthorized", "Unauthorized", status: 401)

    mutating func respondV1(to request: CloudRequest, at moment: Moment) throws(CloudError) -> CloudResponse {
        guard let endpoint = EndpointV1(request.path.dropFirst(EndpointV1.base.count)) else {
            throw .unknownPath
        }
        guard endpoint.methods.contains(request.method) else {
            // Unlike all others, this path is not found with other methods.
            if endpoint == .locations { throw .unknownResource(request.path) }
            throw .wrongMethod(request.method)
        }
        if endpoint == .session, request.method == "POST" { return try openSession(request, at: moment.wall) }
        let id = request.headers["sessionid"] ?? ""
        guard sessions.use(id, at: moment.wall) else { throw Self.unauthorised }
        if endpoint == .session {
            if request.method == "DELETE" { sessions.close(id) }
            return .json([:])
        }
        if request.method == "PUT" { return try writeDevice(endpoint, request, at: moment.home) }
        return try readDevices(endpoint, request, at: moment.home)
    }

    private mutating func openSession(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
        let fields: JSONObject
        if let json = try? JSON(parsing: request.body) {
            fields = json.object ?? [:]
        } else {
            fields = JSONObject(request.form.map { ($0.name, .string($0.value)) })
        }
        let login = logIn(fields.value("username")?.string, fields.value("password")?.string, at: now)
        if login == .tooMany { throw .tooManyRequests }
        guard fields.value("applicationId") != nil else { throw .missing("ApplicationId") }
        guard login == .accepted else {
            throw .refused("EmailOrPasswordIncorrect", "The email or password provided is incorrect.", status: 401)
        }
        return .json([
            "sessionId": .string(sessions.open(at: now)),
            "userInfo": installation.accountV1,
        ])
    }

    private mutating func readDevices(
        _ endpoint: EndpointV1,
        _ request: CloudRequest,
        at now: Date
    ) throws(CloudError) -> CloudResponse {
        switch endpoint {
        case .account: return .json(installation.accountV1)
        case .locations: return try locationsV1(request, at: now)
        case .gateways:
            let id = try locationID(request)
            return .json(.array(installation.gatewaysV1(ofLocation: id)))
        case .devices:
            let id = try locationID(request)
            advance(location: id, to: now)
            return .json(.array(installation.devices(ofLocation: id, at: now)))
        case .device(let id): return .json(try device(id, at: now))
        case .thermostat(let id): return .json(try device(id, at: now)["thermostat"] ?? .null)
        case .changeableValues(let id):
            return .json(try device(id, at: now)["thermostat"]?["changeableValues"] ?? .null)
        case .heatSetpoint(let id):
            let values = try device(id, at: now)["thermostat"]?["changeableValues"]
            guard let setpoint = values?["heatSetpoint"] else { throw .unknownPath }
            return .json(setpoint)
        case .communicationTask: return try communicationTaskV1(request, at: now)
        case .session: throw .unknownPath
        }
    }

    private mutating func locationsV1(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
        if request.parameter("locationId") != nil {
            let id = try locationID(request)
            advance(location: id, to: now)
            return .json(installation.locationV1(id, at: now, withDevices: true) ?? .null)
        }
        guard let user = request.parameter("userId") else { throw .unknownResource(request.path) }
        guard user.isNumeric else { throw .invalidInput }
        guard user == installation.userID else { throw .notYours }
        let withDevices = request.flag("allData")
        if withDevices { for id in installation.locationIDs { advance(location: id, to: now) } }
        return .json(
            .array(
                installation.locationIDs.compactMap {
                    installation.locationV1($0, at: now, withDevices: withDevices)
                }
            )
        )
    }

    private func locationID(_ request: CloudRequest) throws(CloudError) -> String {
        guard let id = request.parameter("locationId") else { throw .unknownResource(request.path) }
        guard id.isNumeric else { throw .invalidInput }
        guard installation.locations[id] != nil else { throw .notYours }
        return id
    }

    private mutating func device(_ id: String, at now: Date) throws(CloudError) -> JSON {
        guard id.isNumeric else { throw .invalidInput }
        guard let locationID = locationID(.zone, id) ?? locationID(.hotWater, id) else { throw .notYours }
        advance(location: locationID, to: now)
        guard let device = installation.device(id, at: now) else { throw .notYours }
        return device
    }

    private mutating func communicationTaskV1(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse
    {
        let task = try task(request, at: now)
        let gateway = installation.gateways[task.gatewayID]
        return .json([
            "state": .string(task.state),
            "started": task.startedAt.map { .string(Timestamp.wallClock($0, offset: 0) + ".053") } ?? .null,
            "finished": task.endedAt.map { .string(Timestamp.wallClock($0, offset: 0) + ".114") } ?? .null,
            "macId": gateway?.configuration["gatewayInfo"]?["mac"] ?? .null,
            "gatewayId": .identifier(task.gatewayID),
            "deviceId": .identifier(task.command.deviceID),
            "activityId": .identifier(task.id),
        ])
    }
}

/// `PUT` requests of API v1.
extension SimulatedCloud {
    mutating func writeDevice(
        _ endpoint: EndpointV1,
        _ request: CloudRequest,
        at now: Date
    ) throws(CloudError) -> CloudResponse {
        let id: String
        switch endpoint {
        case .changeableValues(let device), .heatSetpoint(let device): id = device
        default: throw .unknownPath
        }
        guard id.isNumeric else { throw .invalidInput }
        let kind: Endpoint.Kind = installation.zones[id] == nil ? .hotWater : .zone
        guard let locationID = locationID(kind, id), let gatewayID = gatewayID(kind, id) else { throw .notYours }
        advance(location: locationID, to: now)
        guard installation.isAlive(id) else { throw .refused("DeviceIsLost", "Device is lost.") }
        let body = try RequestBody(request.body)
        let command: Command
        switch (endpoint, kind) {
        case (.heatSetpoint, .zone): command = .setZone(id, try zoneSettingV1(id, body.object))
        case (.changeableValues, .zone): command = .setZone(id, try changeableValues(id, body))
        case (.changeableValues, .hotWater): command = .setHotWater(id, try hotWaterSettingV1(id, body))
        default: throw .unknownPath
        }
        return .json(["id": .identifier(submit(command, gateway: gatewayID, at: now))], status: 201)
    }

    /// `NextTime` is in the location's wall-clock time; a trailing `Z` is ignored.
    private func zoneSettingV1(_ id: String, _ object: JSONObject) throws(CloudError) -> Setting<Double> {
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

    private func changeableValues(_ id: String, _ body: RequestBody) throws(CloudError) -> Setting<Double> {
        try checkMode(body.object, allowed: ["Heat", "Off"])
        guard let setpoint = body.object.value("heatSetpoint")?.object else { throw .missing("HeatSetpoint") }
        return try zoneSettingV1(id, setpoint)
    }

    /// Hot water takes a mode only. If it follows its schedule, the schedule stays in force.
    private func hotWaterSettingV1(_ id: String, _ body: RequestBody) throws(CloudError) -> Setting<Bool> {
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
