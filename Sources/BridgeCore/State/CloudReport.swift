import Basics

/// What `bridge/cloud` says.
public struct CloudReport: Equatable, Sendable {
    private let health: CloudHealth
    private let problem: String?
    private let address: String?

    /// - Parameters:
    ///   - problem: What else is wrong, in one sentence; shown while the cloud itself is well.
    ///   - address: The cloud's address in use; `nil` if there is only one, and then it is left out.
    public init(_ health: CloudHealth, problem: String?, address: String? = nil) {
        (self.health, self.problem, self.address) = (health, problem, address)
    }

    /// Whether it is worth a message.
    public func isNews(after earlier: Self) -> Bool {
        problem != earlier.problem || address != earlier.address || health.isNews(after: earlier.health)
    }

    /// The payload.
    public var json: JSONValue {
        .object(
            JSONValue.Member.all([
                "state": .string(health.state.rawValue),
                "since": .string(health.since.description),
                "last_success": JSONValue(health.lastSuccess),
                "retry_at": JSONValue(health.retryAt),
                "error": JSONValue(health.error ?? problem),
                "address": address.map(JSONValue.string),
            ])
        )
    }
}
