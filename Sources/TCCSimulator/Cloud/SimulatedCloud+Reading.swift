import Foundation

/// `GET`.
extension SimulatedCloud {
    mutating func read(
        _ endpoint: Endpoint,
        _ request: CloudRequest,
        at now: Date
    ) throws(CloudError) -> CloudResponse {
        let withSystems = request.flag("includeTemperatureControlSystems")
        switch endpoint {
        case .userAccount: return .json(.object(installation.account))
        case .locations: return try locations(request, at: now, withSystems: withSystems)
        case .gateways:
            let ids = installation.locationIDs.flatMap { installation.locations[$0]?.gatewayIDs ?? [] }
            return .json(.array(ids.compactMap { installation.configuration(ofGateway: $0, withSystems: withSystems) }))
        case .communicationTask: return try communicationTask(request, at: now)
        case .entity(let kind, let id, let aspect):
            guard Self.isNumeric(id) else { throw .invalidInput }
            guard let locationID = locationID(kind, id) else { throw .notYours }
            advance(location: locationID, to: now)
            if aspect == .schedule { return try schedule(kind, id) }
            let document =
                aspect == .status
                ? status(kind, id, at: now, withSystems: withSystems)
                : configuration(kind, id, at: now, withSystems: withSystems)
            guard let document else { throw .notYours }
            return .json(document)
        }
    }

    static func isNumeric(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// The location that something belongs to; nil for what is not the account's.
    func locationID(_ kind: Endpoint.Kind, _ id: String) -> String? {
        switch kind {
        case .location: installation.locations[id]?.id
        case .gateway: installation.gateways[id]?.locationID
        case .system: installation.gateway(ofSystem: id)?.locationID
        case .zone: installation.zones[id].flatMap { installation.gateway(ofSystem: $0.systemID)?.locationID }
        case .hotWater: installation.hotWaters[id].flatMap { installation.gateway(ofSystem: $0.systemID)?.locationID }
        }
    }

    private func locations(
        _ request: CloudRequest,
        at now: Date,
        withSystems: Bool
    ) throws(CloudError) -> CloudResponse {
        guard let user = request.parameter("userId") else { throw .unknownResource(request.path) }
        guard Self.isNumeric(user) else { throw .invalidInput }
        guard user == installation.userID else { throw .notYours }
        return .json(
            .array(
                installation.locationIDs.compactMap {
                    installation.configuration(ofLocation: $0, at: now, withSystems: withSystems)
                }
            )
        )
    }

    private func configuration(_ kind: Endpoint.Kind, _ id: String, at now: Date, withSystems: Bool) -> JSON? {
        switch kind {
        case .location: installation.configuration(ofLocation: id, at: now, withSystems: withSystems)
        case .gateway: installation.configuration(ofGateway: id, withSystems: withSystems)
        case .system: installation.configuration(ofSystem: id)
        case .zone: installation.configuration(ofZone: id)
        case .hotWater: installation.configuration(ofHotWater: id)
        }
    }

    private func status(_ kind: Endpoint.Kind, _ id: String, at now: Date, withSystems: Bool) -> JSON? {
        switch kind {
        case .location: installation.status(ofLocation: id, at: now, withSystems: withSystems)
        case .gateway: installation.status(ofGateway: id, at: now, withSystems: withSystems)
        case .system: installation.status(ofSystem: id, at: now)
        case .zone: installation.status(ofZone: id, at: now)
        case .hotWater: installation.status(ofHotWater: id, at: now)
        }
    }

    private func schedule(_ kind: Endpoint.Kind, _ id: String) throws(CloudError) -> CloudResponse {
        let document =
            kind == .zone ? installation.zones[id]?.schedule?.document : installation.hotWaters[id]?.schedule?.document
        guard let document else { throw .refused("ScheduleNotFound", "Schedule not found.") }
        return .json(document)
    }

    private mutating func communicationTask(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
        let task = try task(request, at: now)
        return .json(["commtaskId": .string(task.id), "state": .string(task.state)])
    }

    /// The task that a request names, carried on to now.
    mutating func task(_ request: CloudRequest, at now: Date) throws(CloudError) -> CommunicationTask {
        guard let id = request.parameter("commTaskId") else { throw .unknownResource(request.path) }
        guard Self.isNumeric(id) else { throw .invalidInput }
        if let gateway = tasks.tasks[id].flatMap({ installation.gateways[$0.gatewayID] }) {
            advance(location: gateway.locationID, to: now)
        }
        guard let task = tasks.tasks[id] else {
            throw .refused("CommTaskNotFound", "Communication task not found.", status: 404)
        }
        return task
    }
}
