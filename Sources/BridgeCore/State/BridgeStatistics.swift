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

    /// Whether it says more than an earlier one. Publishing it is not worth telling again.
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
