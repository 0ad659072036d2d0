/// Why a JSON object does not describe a fault, in a sentence.
struct FaultSyntaxError: Error {
    let reason: String
}

extension Fault {
    /// Reads a fault as the control port takes it.
    init(json object: JSONObject) throws(FaultSyntaxError) {
        let probability = object["probability"]?.double ?? 1
        guard (0...1).contains(probability) else { throw FaultSyntaxError(reason: "probability is from 0 to 1.") }
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
                throw FaultSyntaxError(reason: "milliseconds is a list of the shortest and the longest delay.")
            }
            return .delay(.microseconds(Int(bounds[0] * 1_000))...(.microseconds(Int(bounds[1] * 1_000))))
        case "refuse": return .refuse
        case "loseResponse": return .loseResponse
        case "cutBody": return .cutBody
        case "truncate": return .truncate
        case "endlessBody": return .endlessBody
        case "contentType": return .contentType(object["contentType"]?.string ?? "text/html")
        case "hang": return .hang
        default: throw FaultSyntaxError(reason: "effect is none of those that GET / lists.")
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
            throw FaultSyntaxError(reason: "status is from 200 to 599.")
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
