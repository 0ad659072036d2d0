/// What other programs have asked of the bridge in the vendor's interface, since a moment.
public struct ShareStatistics: Equatable, Sendable {
    /// Requests by client, as its User-Agent names it; those of clients beyond a bound are together.
    public var requests: [String: Int]
    /// Requests that changed something.
    public var writes: Int
    /// Requests that would have been calls of the cloud.
    public var callsSaved: Int
    /// Logins that would have been logins at the cloud.
    public var loginsSaved: Int
    /// Requests for what is not served here.
    public var unknownRequests: Int

    public init(
        requests: [String: Int] = [:],
        writes: Int = 0,
        callsSaved: Int = 0,
        loginsSaved: Int = 0,
        unknownRequests: Int = 0
    ) {
        self.requests = requests
        self.writes = writes
        self.callsSaved = callsSaved
        self.loginsSaved = loginsSaved
        self.unknownRequests = unknownRequests
    }

    static func - (later: ShareStatistics, earlier: ShareStatistics) -> ShareStatistics {
        ShareStatistics(
            requests: later.requests.merging(earlier.requests, uniquingKeysWith: -),
            writes: later.writes - earlier.writes,
            callsSaved: later.callsSaved - earlier.callsSaved,
            loginsSaved: later.loginsSaved - earlier.loginsSaved,
            unknownRequests: later.unknownRequests - earlier.unknownRequests
        )
    }

    var json: JSONValue {
        let clients = requests.sorted { $0.key < $1.key }
        return [
            "requests": .object(
                [.init("total", .integer(clients.map(\.value).reduce(0, +)))]
                    + [.init("clients", .object(clients.map { .init($0.key, .integer($0.value)) }))]
            ),
            "writes": .integer(writes),
            "calls_saved": .integer(callsSaved),
            "logins_saved": .integer(loginsSaved),
            "unknown_requests": .integer(unknownRequests),
        ]
    }
}
