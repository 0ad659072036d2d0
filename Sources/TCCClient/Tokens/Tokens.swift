public import HeatingModel
public import Observability

/// What opens the cloud for half an hour.
public struct AccessToken: Codable, Hashable, Sendable {
    public var value: Secret
    /// When the cloud stops accepting it.
    public var expires: Instant
    /// When we got it; `nil` for one that came from another program.
    public var obtained: Instant?

    public init(value: Secret, expires: Instant, obtained: Instant? = nil) {
        self.value = value
        self.expires = expires
        self.obtained = obtained
    }

    /// Until when it is used: 60 s before its expiry, or for half its life when it lives less than two minutes.
    public var usableUntil: Instant {
        guard let obtained else { return expires - .seconds(60) }
        let life = obtained.duration(to: expires)
        return expires - min(.seconds(60), max(.zero, life / 2))
    }
}

/// What gets the next access token, once: the cloud answers with the refresh token that follows it.
public struct RefreshToken: Codable, Hashable, Sendable {
    public var value: Secret
    /// The cloud's refusals of it. One that was refused is kept while nothing better is at hand, since the cloud also
    /// refuses good tokens when it is out of order (homebridge-evohome 181, Home Assistant core 26087).
    public var refusals: Refusals?

    public init(value: Secret, refusals: Refusals? = nil) {
        self.value = value
        self.refusals = refusals
    }
}

/// How often in a row something was refused, and when last. What was refused is not sent again for 15 minutes, then
/// 30, then an hour each time.
public struct Refusals: Codable, Hashable, Sendable {
    public var count: Int
    public var last: Instant

    public init(count: Int = 1, last: Instant) {
        self.count = count
        self.last = last
    }

    /// When it may be sent again.
    public var over: Instant {
        last + [.seconds(15 * 60), .seconds(30 * 60), .seconds(60 * 60)][min(max(count - 1, 0), 2)]
    }

    /// The same with one refusal more.
    public static func another(after earlier: Refusals?, at now: Instant) -> Refusals {
        Refusals(count: (earlier?.count ?? 0) + 1, last: now)
    }
}

/// Who the account belongs to.
public struct Credentials: Hashable, Sendable {
    public var username: String
    public var password: Secret

    public init(username: String, password: Secret) {
        self.username = username
        self.password = password
    }
}
