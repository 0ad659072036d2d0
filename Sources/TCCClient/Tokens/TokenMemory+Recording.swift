public import Basics
import HeatingModel

extension TokenMemory {
    /// Records what the token endpoint answered.
    public mutating func record(
        _ answer: TokenAnswer,
        to attempt: TokenAttempt,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) {
        switch answer {
        case .granted(let grant):
            access = AccessToken(value: grant.accessToken, expires: now + grant.lifetime, obtained: now)
            // Without a next refresh token the old one is kept. If it is spent, it is refused once.
            if let next = grant.refreshToken { refresh = RefreshToken(value: next, obtained: now) }
            if case .logIn = attempt { logins.succeeded(at: now) }
            pause = nil
        case .refused:
            switch attempt {
            case .refresh(let token):
                if refresh?.value == token.value { refresh?.refusals = .another(after: token.refusals, at: now) }
            case .logIn:
                logins.wasRefused(at: now)
            }
            pause = nil
        case .rateLimited(let retryAfter):
            let backoff: Backoff
            switch attempt {
            case .refresh: backoff = .limitedRefresh
            case .logIn:
                backoff = .limitedLogin
                logins.wasNotSpent()
            }
            pause(.rateLimited, for: retryAfter, backoff: backoff, at: now, using: &randomness)
        case .outOfOrder(let cause), .notSent(let cause):
            if case .logIn = attempt { logins.wasNotSpent() }
            pause(.unreachable, cause: cause, backoff: .outage, at: now, using: &randomness)
        case .unanswered(let cause):
            let backoff: Backoff
            switch attempt {
            case .refresh: backoff = .outage
            case .logIn:
                backoff = .unansweredLogin
                logins.wentUnanswered(at: now)
            }
            pause(.unreachable, cause: cause, backoff: backoff, at: now, using: &randomness)
        }
    }

    private mutating func pause(
        _ reason: TokenPause.Reason,
        for retryAfter: Duration? = nil,
        cause: String? = nil,
        backoff: Backoff,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) {
        let earlier = pause?.reason == reason ? pause?.failures : nil
        let failures = (earlier ?? 0) + 1
        let delay = backoff.delay(afterFailures: failures, using: &randomness)
        // An answer that asks for no wait at all still gets a second.
        let length = retryAfter.map { max($0, .seconds(1)) } ?? delay
        pause = TokenPause(reason: reason, began: now, over: now + length, failures: failures, cause: cause)
    }
}

extension Backoff {
    fileprivate static let outage = Backoff(base: .seconds(4), cap: .seconds(60))

    /// The password may have been checked; six of them in a minute would use up the hour's budget.
    fileprivate static let unansweredLogin = Backoff(base: .seconds(60), cap: .seconds(900), floor: .seconds(10))

    fileprivate static let limitedRefresh = Backoff(base: .seconds(120), cap: .seconds(3600), floor: .seconds(30))

    /// Lock-outs of 15 minutes to an hour are reported (zxdavb/evohome 19, homebridge-evohome 181).
    fileprivate static let limitedLogin = Backoff(base: .seconds(1800), cap: .seconds(3600), floor: .seconds(900))
}

/// A time during which the token endpoint, or API v1, is not called.
public struct TokenPause: Codable, Hashable, Sendable {
    public enum Reason: String, Codable, Sendable { case unreachable, rateLimited }

    public let reason: Reason
    public let began: Instant
    /// At most a day after it began.
    public let over: Instant
    /// Failures in a row, from 1 to 1,000, where it stops.
    public let failures: Int
    /// The last failure, in one sentence; so that it is the same before and after a restart.
    public let cause: String?

    public init(reason: Reason, began: Instant, over: Instant, failures: Int, cause: String? = nil) {
        self.reason = reason
        self.began = began
        self.over = min(max(over, began), began + .seconds(86_400))
        self.failures = min(max(failures, 1), 1000)
        self.cause = cause?.excerpt(upTo: 400)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            reason: try container.decode(Reason.self, forKey: .reason),
            began: try container.decode(Instant.self, forKey: .began),
            over: try container.decode(Instant.self, forKey: .over),
            failures: try container.decode(Lenient<Int>.self, forKey: .failures).value ?? 1,
            cause: try container.decode(Lenient<String>.self, forKey: .cause).value
        )
    }

    /// A pause that begins in the future was written before the clock was set back. It begins now and is as long.
    func known(at now: Instant) -> TokenPause {
        guard began > now else { return self }
        return TokenPause(
            reason: reason,
            began: now,
            over: now + began.duration(to: over),
            failures: failures,
            cause: cause
        )
    }
}
