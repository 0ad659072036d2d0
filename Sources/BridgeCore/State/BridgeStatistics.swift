public import Basics
import HeatingModel

/// What the bridge has done: the payload of `bridge/stats`.
public struct BridgeStatistics: Equatable, Sendable {
    /// When this run began.
    public var started: Instant
    /// When the access token in use expires; `nil` without one.
    public var tokenExpires: Instant?
    /// How many logins the budget still allows now; `nil` without an account.
    public var loginsLeft: Int?
    public var sinceStart: Counts
    /// To the minute, or since the start if that is less than an hour ago.
    public var lastHour: Counts
    /// Since the last midnight of the location, or since the start if that was later.
    public var today: Counts

    public init(
        started: Instant,
        tokenExpires: Instant?,
        loginsLeft: Int? = nil,
        sinceStart: Counts,
        lastHour: Counts,
        today: Counts
    ) {
        self.started = started
        self.tokenExpires = tokenExpires
        self.loginsLeft = loginsLeft
        self.sinceStart = sinceStart
        self.lastHour = lastHour
        self.today = today
    }

    /// Whether it is worth publishing after an earlier one. Publishing itself is no news.
    public func isNews(after earlier: BridgeStatistics) -> Bool {
        var quiet = self
        quiet.sinceStart.publishes = earlier.sinceStart.publishes
        quiet.lastHour.publishes = earlier.lastHour.publishes
        quiet.today.publishes = earlier.today.publishes
        return quiet != earlier
    }

    public var json: JSONValue {
        [
            "started": .string(started.description),
            "token_expires": JSONValue(tokenExpires),
            "logins_left": JSONValue(loginsLeft),
            "since_start": sinceStart.json,
            "last_hour": lastHour.json,
            "today": today.json,
        ]
    }

    /// How often things were done.
    public struct Counts: Equatable, Sendable {
        /// Requests to the cloud by endpoint, including those for tokens.
        public var calls: [String: Int]
        /// Readings of the cloud by what caused them.
        public var readings: [Reading.Cause: Int]
        /// Requests for a token with the password.
        public var logins: Int
        /// Requests for a token with the refresh token.
        public var refreshes: Int
        /// Requests for a token that the cloud refused.
        public var refusals: Int
        /// Commands that have ended, by outcome.
        public var commands: [Outcome.Kind: Int]
        /// Messages that the broker took.
        public var publishes: Int
        /// What other programs have asked; `nil` if nothing is shared.
        public var share: ShareStatistics?

        public init(
            calls: [String: Int] = [:],
            readings: [Reading.Cause: Int] = [:],
            logins: Int = 0,
            refreshes: Int = 0,
            refusals: Int = 0,
            commands: [Outcome.Kind: Int] = [:],
            publishes: Int = 0,
            share: ShareStatistics? = nil
        ) {
            self.calls = calls
            self.readings = readings
            self.logins = logins
            self.refreshes = refreshes
            self.refusals = refusals
            self.commands = commands
            self.publishes = publishes
            self.share = share
        }

        /// What was done between two moments.
        public static func - (later: Counts, earlier: Counts) -> Counts {
            Counts(
                calls: later.calls.merging(earlier.calls, uniquingKeysWith: -),
                readings: later.readings.merging(earlier.readings, uniquingKeysWith: -),
                logins: later.logins - earlier.logins,
                refreshes: later.refreshes - earlier.refreshes,
                refusals: later.refusals - earlier.refusals,
                commands: later.commands.merging(earlier.commands, uniquingKeysWith: -),
                publishes: later.publishes - earlier.publishes,
                share: later.share.map { $0 - (earlier.share ?? ShareStatistics()) }
            )
        }

        /// `calls` has a key for each endpoint that was called since the start, and `share` is there if something is shared;
        /// all other keys are always there.
        var json: JSONValue {
            let endpoints = calls.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            let causes = Reading.Cause.allCases.map { ($0.rawValue, readings[$0] ?? 0) }
            let outcomes = Outcome.Kind.allCases.map { ($0.rawValue, commands[$0] ?? 0) }
            var members: [JSONValue.Member] = [
                .init("calls", JSONValue(parts: endpoints)),
                .init("readings", JSONValue(parts: causes)),
                .init("logins", .integer(logins)),
                .init("refreshes", .integer(refreshes)),
                .init("refusals", .integer(refusals)),
                .init("commands", JSONValue(parts: outcomes)),
                .init("publishes", .integer(publishes)),
            ]
            if let share { members.append(.init("share", share.json)) }
            return .object(members)
        }
    }
}

extension JSONValue {
    /// The sum of the parts, and each of them.
    fileprivate init(parts: [(key: String, count: Int)]) {
        let total = parts.map(\.count).reduce(0, +)
        self = .object([Member("total", .integer(total))] + parts.map { Member($0.key, .integer($0.count)) })
    }
}

/// Tells how much of what was done since the start was done within the last hour, and today: it remembers the counts of
/// earlier moments.
public struct CountWindows: Sendable {
    private static let hour = Duration.seconds(3600)

    private var past: [(at: Instant, counts: BridgeStatistics.Counts)]
    private var midnight = BridgeStatistics.Counts()
    private var day: Int?

    /// - Parameter start: When counting began, with nothing.
    public init(start: Instant) {
        past = [(start, BridgeStatistics.Counts())]
    }

    /// - Parameters:
    ///   - counts: Since the start.
    ///   - now: Asked once a minute, the answer is right to the minute.
    /// - Returns: What of it was within the last hour.
    public mutating func lastHour(of counts: BridgeStatistics.Counts, at now: Instant) -> BridgeStatistics.Counts {
        // A clock that was set back must not keep anything longer than an hour from now.
        for index in past.indices { past[index].at = min(past[index].at, now) }
        past.append((now, counts))
        // The newest that is an hour old is what the hour began with.
        if let beginning = past.lastIndex(where: { $0.at + Self.hour <= now }) { past.removeFirst(beginning) }
        return counts - past[0].counts
    }

    /// - Parameters:
    ///   - counts: Since the start.
    ///   - now: Asked once a minute, the answer is right to the minute.
    ///   - timeZone: Where days begin.
    /// - Returns: What of it was since the last midnight.
    public mutating func today(
        of counts: BridgeStatistics.Counts,
        at now: Instant,
        in timeZone: LocationTimeZone
    ) -> BridgeStatistics.Counts {
        let present = timeZone.localDateTime(at: now).day
        if let day, day != present { midnight = counts }
        day = present
        return counts - midnight
    }
}
