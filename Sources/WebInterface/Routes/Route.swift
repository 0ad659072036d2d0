import Foundation
import HTTPTypes

/// A place that requests can be sent to, as the OpenAPI document names it.
enum Route: String, CaseIterable, Sendable {
    case health = "/health"
    case ready = "/ready"
    case metrics = "/metrics"
    /// The page and its files.
    case page = "/"
    case openAPI = "/api/openapi.json"
    case topics = "/api/topics"
    case topic = "/api/topics/{topic}"
    case command = "/api/topics/{topic}/set"
    case request = "/api/requests/{name}"
    case events = "/api/events"
    case homes = "/api/homes"
    case account = "/api/account"
    case session = "/api/session"
    case backup = "/api/backup"

    /// What it takes; `HEAD` goes with `GET`.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .command, .request: [.post]
        case .account: [.get, .head, .post]
        case .session: [.post, .delete]
        default: [.get, .head]
        }
    }

    /// What it tells programs that watch the bridge, which need no proof of anything; `nil` for everything else.
    var probe: Probe? {
        switch self {
        case .health: .health
        case .ready: .readiness
        case .metrics: .metrics
        default: nil
        }
    }
}

/// What programs that watch the bridge ask for.
enum Probe: Sendable {
    case health
    case readiness
    case metrics
}

/// Where a request goes.
struct Destination: Equatable {
    var route: Route
    /// What stands for the parameter of the route; for the page the name of the file.
    var parameter = ""

    /// - Parameters:
    ///   - path: As it was sent, without the query.
    ///   - method: A command and a topic have the same paths, and differ in it.
    /// - Returns: `nil` if nothing is there, and nothing is below it.
    init?(path: String, method: HTTPRequest.Method) {
        if let route = Route(rawValue: path), !path.contains("{") {
            self.init(route: route)
        } else if let topic = Self.parameter(of: path, below: "/api/topics/") {
            // A zone may be called "Set": so only what is not read is a command.
            let isRead = method == .get || method == .head
            self.init(route: topic.hasSuffix("/set") && !isRead ? .command : .topic, parameter: topic)
        } else if let name = Self.parameter(of: path, below: "/api/requests/") {
            self.init(route: .request, parameter: name)
        } else if path.hasPrefix("/"), path != "/api", !path.hasPrefix("/api/") {
            self.init(route: .page, parameter: String(path.dropFirst()))
        } else {
            return nil
        }
    }

    private init(route: Route, parameter: String = "") {
        self.route = route
        self.parameter = parameter
    }

    private static func parameter(of path: String, below prefix: String) -> String? {
        guard path.hasPrefix(prefix), path.utf8.count > prefix.utf8.count else { return nil }
        return String(path.dropFirst(prefix.count)).removingPercentEncoding
    }
}
