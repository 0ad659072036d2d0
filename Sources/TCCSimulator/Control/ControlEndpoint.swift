/// One operation of the control port, as the index page lists it.
struct ControlEndpoint: Sendable {
    let method: String
    let path: String
    let summary: String
    var example = ""

    static let all: [ControlEndpoint] = [
        .init(method: "GET", path: "/homes", summary: "what the accounts have, with ids"),
        .init(method: "GET", path: "/status", summary: "the status of all locations, as clients read it"),
        .init(method: "GET", path: "/time", summary: "the time in the homes"),
        .init(
            method: "POST",
            path: "/time",
            summary: "advances both clocks by seconds",
            example: #"{"advance": 1800}"#
        ),
        .init(
            method: "GET",
            path: "/requests",
            summary: "the most recent requests, oldest first; filter with ?method= &path= &grantType="
        ),
        .init(method: "DELETE", path: "/requests", summary: "clears the log of requests"),
        .init(method: "GET", path: "/faults", summary: "the faults of requests that are in force"),
        .init(
            method: "POST",
            path: "/faults",
            summary: "adds a fault: effect is respond, html, delay, refuse, loseResponse, cutBody, truncate, "
                + "endlessBody, contentType or hang; method, path and grantType select requests; times (default 1, null "
                + "for no limit) and probability (0 to 1) say how often",
            example: #"{"effect": "respond", "status": 503, "body": "The service is unavailable.", "#
                + #""contentType": "text/html", "headers": {"Retry-After": "60"}, "path": "/status", "times": 2} or "#
                + #"{"effect": "delay", "milliseconds": [100, 900], "times": null}"#
        ),
        .init(method: "DELETE", path: "/faults", summary: "removes all faults of requests"),
        .init(
            method: "POST",
            path: "/tokens",
            summary: "revokes all current tokens and sessions",
            example: #"{"revoke": ["access", "refresh", "sessions"]}"#
        ),
        .init(
            method: "POST",
            path: "/tasks",
            summary:
                "how future tasks end: succeeds, fails, neverEnds or earlierTask; about selects those whose subject "
                + "contains it",
            example: #"{"outcome": "fails", "times": 1, "about": "zone 2100004"}"#
        ),
        .init(method: "DELETE", path: "/tasks", summary: "makes tasks succeed again"),
        .init(
            method: "PUT",
            path: "/gateways/{id}",
            summary: "takes a gateway away or brings it back",
            example: #"{"away": true}"#
        ),
        .init(
            method: "POST",
            path: "/zones",
            summary: "adds a zone; system is optional",
            example: #"{"name": "Attic", "system": "2100003"}"#
        ),
        .init(
            method: "PUT",
            path: "/zones/{id}",
            summary: "renames a zone, sets its actual temperature, makes its sensor lost or found",
            example: #"{"name": "Library", "temperature": 17.3, "sensorLost": false}"#
        ),
        .init(method: "DELETE", path: "/zones/{id}", summary: "removes a zone"),
        .init(
            method: "PUT",
            path: "/hot-water/{id}",
            summary: "as for zones, without a name",
            example: #"{"sensorLost": true}"#
        ),
        .init(
            method: "POST",
            path: "/{zones|hot-water|systems|gateways}/{id}/faults",
            summary: "adds an active fault",
            example: #"{"type": "TempZoneActuatorLowBattery"}"#
        ),
        .init(
            method: "DELETE",
            path: "/{zones|hot-water|systems|gateways}/{id}/faults",
            summary: "removes all active faults"
        ),
    ]

    /// The page at `GET /`.
    static var index: String {
        let rows = all.map { endpoint in
            let cells = [endpoint.method, endpoint.path, endpoint.summary, endpoint.example].map(escaped)
            return "<tr><td>\(cells[0])</td><td><code>\(cells[1])</code></td><td>\(cells[2])</td>"
                + "<td><code>\(cells[3])</code></td></tr>"
        }
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Simulator</title></head><body>
            <h1>A simulator of the Total Connect Comfort cloud</h1>
            <p>This is its control port. Requests and responses are JSON; an error is <code>{"error": "a sentence"}</code>.</p>
            <table>\(rows.joined(separator: "\n"))</table></body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            default: result.append(character)
            }
        }
    }
}
