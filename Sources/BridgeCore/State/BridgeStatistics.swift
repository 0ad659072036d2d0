public import Basics
import HeatingModel

/// What the bridge has done: the payload of `bridge/stats`.
public struct BridgeStatistics: Equatable, Sendable {
    /// When this run began.
    public var started: Instant
    /// When the access token that is in use runs out; `nil` without one.
    public var tokenExpires: Instant?
    public var sinceStart: Counts
    /// To the minute; since the start while that is not so long ago.
    public var lastHour: Counts

    public init(started: Instant, tokenExpires: Instant?, sinceStart: Counts, lastHour: Counts) {
        self.started = started
        self.tokenExpires = tokenExpires
        self.sinceStart = sinceStart
        self.lastHour = lastHour
    }

    /// Whether anything but the number of publishes has changed: publishing the statistics must not cause the next ones.
    public func isNews(after earlier: BridgeStatistics) -> Bool {
        var quiet = self
        quiet.sinceStart.publishes = earlier.sinceStart.publishes
        quiet.lastHour.publishes = earlier.lastHour.publishes
        return quiet != earlier
    }

    public var json: JSONValue {
        [
            "started": .string(started.description),
            "token_expires": JSONValue(tokenExpires),
            "since_start": sinceStart.json,
            "last_hour": lastHour.json,
        ]
    }
}

extension BridgeStatistics {
    /// Counts of what was done.
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
        /// Messages that the broker has accepted.
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

/// Derives what was done within the last hour from what was done since the start, by remembering earlier counts.
public struct HourWindow: Sendable {
    private static let length = Duration.seconds(3600)

    private var past: [(at: Instant, counts: BridgeStatistics.Counts)]

    /// - Parameter start: When counting began, with nothing.
    public init(start: Instant) {
        past = [(start, BridgeStatistics.Counts())]
    }

    /// - Parameters:
    ///   - counts: Since the start.
    ///   - now: Asked once a minute, it is right to the minute.
    /// - Returns: What of it was within the last hour.
    public mutating func lastHour(of counts: BridgeStatistics.Counts, at now: Instant) -> BridgeStatistics.Counts {
        // A clock that was set back must not keep anything longer than an hour from now.
        for index in past.indices { past[index].at = min(past[index].at, now) }
        past.append((now, counts))
        // The newest that is an hour old is what the hour began with.
        if let beginning = past.lastIndex(where: { $0.at + Self.length <= now }) { past.removeFirst(beginning) }
        return counts - past[0].counts
    }
}
