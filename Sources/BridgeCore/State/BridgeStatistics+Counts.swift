extension BridgeStatistics {
    /// How often things were done.
    public struct Counts: Equatable, Sendable {
        /// Requests to the cloud by endpoint, those for tokens included.
        public var calls: [String: Int]
        /// Requests for a token with the password.
        public var logins: Int
        /// Requests for a token with the refresh token.
        public var refreshes: Int
        /// Requests for a token that the cloud refused.
        public var refusals: Int
        /// Commands that have ended, by outcome.
        public var commands: [Outcome.Kind: Int]
        /// Messages that the broker has taken.
        public var publishes: Int

        public init(
            calls: [String: Int] = [:],
            logins: Int = 0,
            refreshes: Int = 0,
            refusals: Int = 0,
            commands: [Outcome.Kind: Int] = [:],
            publishes: Int = 0
        ) {
            self.calls = calls
            self.logins = logins
            self.refreshes = refreshes
            self.refusals = refusals
            self.commands = commands
            self.publishes = publishes
        }

        /// What was done between two moments.
        public static func - (later: Counts, earlier: Counts) -> Counts {
            Counts(
                calls: later.calls.merging(earlier.calls, uniquingKeysWith: -),
                logins: later.logins - earlier.logins,
                refreshes: later.refreshes - earlier.refreshes,
                refusals: later.refusals - earlier.refusals,
                commands: later.commands.merging(earlier.commands, uniquingKeysWith: -),
                publishes: later.publishes - earlier.publishes
            )
        }

        /// The keys under `calls` are those of endpoints that were called since the start; all others are always there.
        var json: JSONValue {
            let endpoints = calls.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            let outcomes = Outcome.Kind.allCases.map { ($0.rawValue, commands[$0] ?? 0) }
            return [
                "calls": JSONValue(parts: endpoints),
                "logins": .integer(logins),
                "refreshes": .integer(refreshes),
                "refusals": .integer(refusals),
                "commands": JSONValue(parts: outcomes),
                "publishes": .integer(publishes),
            ]
        }
    }
}

extension JSONValue {
    /// What the parts amount to, and each of them.
    fileprivate init(parts: [(key: String, count: Int)]) {
        let total = parts.map(\.count).reduce(0, +)
        self = .object([Member("total", .integer(total))] + parts.map { Member($0.key, .integer($0.count)) })
    }
}
