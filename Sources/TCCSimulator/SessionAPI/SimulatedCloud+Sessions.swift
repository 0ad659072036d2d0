import Foundation

/// The older API, `/WebAPI/api`: finer temperatures, sessions in place of tokens.
extension SimulatedCloud {
    private static let unauthorised = CloudError.refused("Unauthorized", "Unauthorized", status: 401)

    mutating func answerSession(_ request: CloudRequest, at moment: Moment) throws(CloudError) -> CloudResponse {
        guard let endpoint = SessionEndpoint(request.path.dropFirst(SessionEndpoint.base.count)) else {
            throw .unknownPath
        }
        guard endpoint.methods.contains(request.method) else {
            // Alone of its kind, the list of locations is not found with other methods.
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

    /// A login, which draws on the same budget as those for tokens.
    private mutating func openSession(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
        guard logins.spend(at: now) else { throw .tooManyRequests }
        let fields: JSONObject
        if let json = try? JSON(parsing: request.body) {
            fields = json.object ?? [:]
        } else {
            fields = JSONObject(request.form.map { ($0.name, .string($0.value)) })
        }
        guard fields.value("applicationId") != nil else { throw .missing("ApplicationId") }
        guard isUser(fields.value("username")?.string, fields.value("password")?.string) else {
            throw .refused("EmailOrPasswordIncorrect", "The email or password provided is incorrect.", status: 401)
        }
        return .json([
            "sessionId": .string(sessions.open(at: now)),
            "userInfo": installation.olderAccount,
        ])
    }

    private mutating func readDevices(
        _ endpoint: SessionEndpoint,
        _ request: CloudRequest,
        at now: Date
    ) throws(CloudError) -> CloudResponse {
        switch endpoint {
        case .account: return .json(installation.olderAccount)
        case .locations: return try olderLocations(request, at: now)
        case .gateways:
            let id = try locationID(request)
            return .json(.array(installation.olderGateways(ofLocation: id)))
        case .devices:
            let id = try locationID(request)
            advance(location: id, to: now)
            return .json(.array(installation.devices(ofLocation: id, at: now)))
        case .device(let id): return .json(try device(id, at: now))
        case .thermostat(let id): return .json(try device(id, at: now)["thermostat"] ?? .null)
        case .values(let id): return .json(try device(id, at: now)["thermostat"]?["changeableValues"] ?? .null)
        case .heatSetpoint(let id):
            let values = try device(id, at: now)["thermostat"]?["changeableValues"]
            guard let setpoint = values?["heatSetpoint"] else { throw .unknownPath }
            return .json(setpoint)
        case .communicationTask: return try olderTask(request, at: now)
        case .session: throw .unknownPath
        }
    }

    private mutating func olderLocations(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
        if request.parameter("locationId") != nil {
            let id = try locationID(request)
            advance(location: id, to: now)
            return .json(installation.olderLocation(id, at: now, withDevices: true) ?? .null)
        }
        guard let user = request.parameter("userId") else { throw .unknownResource(request.path) }
        guard Self.isNumeric(user) else { throw .invalidInput }
        guard user == installation.userID else { throw .notYours }
        let withDevices = request.flag("allData")
        if withDevices { for id in installation.locationIDs { advance(location: id, to: now) } }
        return .json(
            .array(
                installation.locationIDs.compactMap {
                    installation.olderLocation($0, at: now, withDevices: withDevices)
                }
            )
        )
    }

    private func locationID(_ request: CloudRequest) throws(CloudError) -> String {
        guard let id = request.parameter("locationId") else { throw .unknownResource(request.path) }
        guard Self.isNumeric(id) else { throw .invalidInput }
        guard installation.locations[id] != nil else { throw .notYours }
        return id
    }

    private mutating func device(_ id: String, at now: Date) throws(CloudError) -> JSON {
        guard Self.isNumeric(id) else { throw .invalidInput }
        guard let locationID = locationID(.zone, id) ?? locationID(.hotWater, id) else { throw .notYours }
        advance(location: locationID, to: now)
        guard let device = installation.device(id, at: now) else { throw .notYours }
        return device
    }

    private mutating func olderTask(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
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
