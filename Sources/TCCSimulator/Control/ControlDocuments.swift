import Foundation

/// Why a JSON object does not describe a fault.
struct FaultSyntaxError: Error {
    /// One sentence for people.
    let reason: String
}

extension Fault {
    /// Reads a fault in the form that the control port accepts.
    init(json object: JSONObject) throws(FaultSyntaxError) {
        let probability = object["probability"]?.double ?? 1
        guard (0...1).contains(probability) else {
            throw FaultSyntaxError(reason: "\"probability\" has to be from 0 to 1.")
        }
        self.init(
            try Self.effect(object),
            for: RequestMatcher(
                method: object["method"]?.string,
                path: object["path"]?.string,
                grantType: object["grantType"]?.string
            ),
            times: object["times"] == nil ? 1 : object["times"]?.int,
            probability: probability
        )
    }

    private static func effect(_ object: JSONObject) throws(FaultSyntaxError) -> Effect {
        switch object["effect"]?.string {
        case "respond": return .respond(try response(object))
        case "html":
            let status = try status(object, default: 503)
            return .respond(.html(status))
        case "delay":
            let bounds = object["milliseconds"]?.array?.compactMap(\.double) ?? []
            guard bounds.count == 2, bounds[0] >= 0, bounds[0] <= bounds[1], bounds[1] <= 86_400_000 else {
                throw FaultSyntaxError(
                    reason: "\"milliseconds\" has to be a list of the shortest and the longest delay."
                )
            }
            return .delay(.microseconds(Int(bounds[0] * 1_000))...(.microseconds(Int(bounds[1] * 1_000))))
        case "refuse": return .refuse
        case "loseResponse": return .loseResponse
        case "cutBody": return .cutBody
        case "truncate": return .truncate
        case "endlessBody": return .endlessBody
        case "contentType": return .contentType(object["contentType"]?.string ?? "text/html")
        case "hang": return .hang
        default: throw FaultSyntaxError(reason: "\"effect\" has to be one of those that GET / lists.")
        }
    }

    private static func response(_ object: JSONObject) throws(FaultSyntaxError) -> CannedResponse {
        CannedResponse(
            status: try status(object, default: 500),
            body: object["body"].map { $0.string ?? String(decoding: $0.text, as: UTF8.self) } ?? "",
            contentType: object["contentType"]?.string ?? "application/json; charset=utf-8",
            headers: (object["headers"]?.object?.members ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.string }
        )
    }

    private static func status(_ object: JSONObject, default status: Int) throws(FaultSyntaxError) -> Int {
        guard let given = object["status"] else { return status }
        guard let status = given.int, (200...599).contains(status) else {
            throw FaultSyntaxError(reason: "\"status\" has to be from 200 to 599.")
        }
        return status
    }

    /// As the control port lists it.
    var json: JSON {
        [
            "effect": .string("\(effect)"),
            "method": requests.method.map { .string($0) } ?? .null,
            "path": requests.path.map { .string($0) } ?? .null,
            "grantType": requests.grantType.map { .string($0) } ?? .null,
            "times": times.map { .number($0) } ?? .null,
            "probability": .number(probability),
        ]
    }
}

extension RecordedRequest {
    /// As the control port lists it. Times are in seconds since 1970, with a fraction.
    var json: JSON {
        [
            "method": .string(method),
            "path": .string(path),
            "query": .string(query),
            "grantType": grantType.map { .string($0) } ?? .null,
            "status": status.map { .number($0) } ?? .null,
            "receivedAt": .number(receivedAt.timeIntervalSince1970),
            "body": .string(body),
        ]
    }
}

extension Installation {
    /// What the account has, for people who look for an id.
    var overview: [JSON] {
        locationIDs.compactMap { id in
            locations[id].map { location in
                [
                    "location": .string(id),
                    "name": .string(location.name),
                    "gateways": .array(location.gatewayIDs.map { .string($0) }),
                    "systems": .array(systemIDs(ofLocation: id).map(overview)),
                ]
            }
        }
    }

    private func overview(ofSystem id: String) -> JSON {
        let zoneIDs = systems[id]?.reportedZoneIDs ?? []
        return [
            "system": .string(id),
            "zones": .object(JSONObject(zoneIDs.map { ($0, .string(zones[$0]?.name ?? "")) })),
            "hotWater": systems[id]?.hotWaterID.map { .string($0) } ?? .null,
        ]
    }
}
