import Hummingbird

/// The control port: the members of ``TCCSimulator`` as JSON over HTTP. ``ControlEndpoint/all`` lists its operations.
struct ControlPort: Sendable {
    let simulator: TCCSimulator

    /// Why a request was refused.
    private struct Refusal: Error {
        let status: Int
        let reason: String
    }

    func respond(to request: CloudRequest) -> CloudResponse {
        do {
            return try route(request)
        } catch let refusal as Refusal {
            return .json(["error": .string(refusal.reason)], status: refusal.status)
        } catch let error as SimulatorError {
            return .json(["error": .string(error.description)], status: 404)
        } catch {
            return .json(["error": .string("\(error)")], status: 400)
        }
    }

    private func route(_ request: CloudRequest) throws -> CloudResponse {
        let parts = request.path.split(separator: "/").map(String.init)
        switch (request.method, parts.count, parts.first) {
        case ("GET", 0, _): return .html(ControlEndpoint.index, status: 200)
        case ("GET", 1, "homes"): return .json(.array(simulator.installations.flatMap(\.overview)))
        case ("GET", 1, "status"): return .json(simulator.statuses())
        case (_, 1, "time"): return try time(request)
        case (_, 1, "requests"): return try requests(request)
        case (_, 1, "faults"): return try faults(request)
        case (_, 1, "tasks"): return try tasks(request)
        case ("POST", 1, "tokens"): return try revoke(request)
        case ("POST", 1, "zones"):
            let object = try object(request)
            let name = object["name"]?.string ?? ""
            return .json(
                ["id": .string(try simulator.addZone(named: name, system: object["system"]?.identifier))],
                status: 201
            )
        case ("DELETE", 2, "zones"):
            try simulator.removeZone(parts[1])
            return .json([:])
        case ("PUT", 2, let kind?): return try change(try device(kind, parts[1]), try object(request))
        case (_, 3, let kind?) where parts[2] == "faults": return try faults(of: try device(kind, parts[1]), request)
        default: throw Refusal(status: 404, reason: "There is nothing at this path; GET / lists all operations.")
        }
    }

    private func time(_ request: CloudRequest) throws -> CloudResponse {
        if request.method == "POST" {
            guard let seconds = try object(request)["advance"]?.double, seconds >= 0 else {
                throw Refusal(status: 400, reason: "\"advance\" has to be a number of seconds that is not negative.")
            }
            simulator.advance(by: .milliseconds(Int(min(seconds, 1e9) * 1_000)))
        }
        return .json(["homes": .string(Timestamp.utc(simulator.homeTime))])
    }

    private func requests(_ request: CloudRequest) throws -> CloudResponse {
        if request.method == "DELETE" { simulator.clearRequests() }
        let matcher = RequestMatcher(
            method: request.parameter("method"),
            path: request.parameter("path"),
            grantType: request.parameter("grantType")
        )
        return .json(.array(simulator.requests(matcher).map(\.json)))
    }

    private func faults(_ request: CloudRequest) throws -> CloudResponse {
        switch request.method {
        case "POST":
            do {
                simulator.inject(try Fault(json: try object(request)))
            } catch let error as FaultSyntaxError {
                throw Refusal(status: 400, reason: error.reason)
            }
        case "DELETE": simulator.removeFaults()
        default: break
        }
        return .json(.array(simulator.faults.map(\.json)))
    }

    private func tasks(_ request: CloudRequest) throws -> CloudResponse {
        if request.method == "DELETE" {
            simulator.forgetTaskOutcomes()
        } else {
            let object = try object(request)
            guard let outcome = object["outcome"]?.string.flatMap(TaskOutcome.init) else {
                let names = TaskOutcome.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal(status: 400, reason: "\"outcome\" has to be one of \(names).")
            }
            let times = object["times"] == nil ? 1 : object["times"]?.int
            simulator.expectTasks(outcome, times: times, about: object["about"]?.string)
        }
        return .json([:])
    }

    private func revoke(_ request: CloudRequest) throws -> CloudResponse {
        for kind in try object(request)["revoke"]?.array ?? [] {
            switch kind {
            case "access": simulator.revokeAccessTokens()
            case "refresh": simulator.revokeRefreshTokens()
            case "sessions": simulator.closeSessions()
            default: throw Refusal(status: 400, reason: "\"revoke\" has to be a list of access, refresh and sessions.")
            }
        }
        return .json([:])
    }

    private func change(_ device: Device, _ object: JSONObject) throws -> CloudResponse {
        if case .gateway(let id) = device {
            guard let isAway = object["away"]?.bool else {
                throw Refusal(status: 400, reason: "\"away\" has to be true or false.")
            }
            try simulator.setGatewayAway(isAway, id: id)
        }
        if let name = object["name"]?.string, case .zone(let id) = device { try simulator.renameZone(id, to: name) }
        if let temperature = object["temperature"]?.double {
            try simulator.setTemperature(temperature, of: device)
        }
        if let isLost = object["sensorLost"]?.bool { try simulator.setSensorLost(isLost, of: device) }
        return .json([:])
    }

    private func faults(of device: Device, _ request: CloudRequest) throws -> CloudResponse {
        switch request.method {
        case "POST":
            guard let type = try object(request)["type"]?.string else {
                throw Refusal(status: 400, reason: "\"type\" has to be the name of a fault.")
            }
            try simulator.addFault(type, to: device)
        case "DELETE": try simulator.clearFaults(of: device)
        default: throw Refusal(status: 405, reason: "Use POST to add faults and DELETE to remove them.")
        }
        return .json([:])
    }

    private func device(_ kind: String, _ id: String) throws -> Device {
        switch kind {
        case "zones": return .zone(id)
        case "hot-water": return .hotWater(id)
        case "systems": return .system(id)
        case "gateways": return .gateway(id)
        default: throw Refusal(status: 404, reason: "There is nothing at this path; GET / lists all operations.")
        }
    }

    private func object(_ request: CloudRequest) throws -> JSONObject {
        let json: JSON
        do {
            json = try JSON(parsing: request.body)
        } catch {
            throw Refusal(status: 400, reason: "The body is not valid JSON: \(error).")
        }
        guard let object = json.object else { throw Refusal(status: 400, reason: "The body is not a JSON object.") }
        return object
    }
}

/// The edge between HTTP and the control port.
struct ControlResponder: HTTPResponder {
    typealias Context = ConnectionContext

    let port: ControlPort

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: 1 << 20) else {
            return Response(CannedResponse(status: 413, body: #"{"error":"The request is too large."}"#))
        }
        return Response(port.respond(to: CloudRequest(request, body: Array(body.readableBytesView))), spoiltBy: nil)
    }
}
