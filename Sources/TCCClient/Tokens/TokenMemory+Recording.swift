public import Basics
import HeatingModel

extension TokenMemory {
    /// Takes what the token endpoint answered.
    public mutating func record(
        _ answer: TokenAnswer,
        to attempt: TokenAttempt,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) {
        switch answer {
        case .granted(let grant):
            access = AccessToken(value: grant.accessToken, expires: now + grant.lifetime, obtained: now)
            // An answer without a next refresh token leaves the old one, which may be spent: then it is refused once.
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
        case .outOfOrder, .notSent:
            if case .logIn = attempt { logins.wasNotSpent() }
            pause(.unreachable, backoff: .outage, at: now, using: &randomness)
        case .unanswered:
            let backoff: Backoff
            switch attempt {
            case .refresh: backoff = .outage
            case .logIn:
                backoff = .unansweredLogin
                logins.wentUnanswered(at: now)
            }
            pause(.unreachable, backoff: backoff, at: now, using: &randomness)
        }
    }

    private mutating func pause(
        _ reason: TokenPause.Reason,
        for retryAfter: Duration? = nil,
        backoff: Backoff,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) {
        let earlier = pause?.reason == reason ? pause?.failures : nil
        let failures = (earlier ?? 0) + 1
        let delay = backoff.delay(afterFailures: failures, using: &randomness)
        // An answer that asks for no wait at all is not to be taken at its word.
        let length = retryAfter.map { max($0, .seconds(1)) } ?? delay
        pause = TokenPause(reason: reason, began: now, over: now + length, failures: failures)
    }
}

extension Backoff {
    fileprivate static let outage = Backoff(base: .seconds(4), cap: .seconds(60))

    /// The password may have been looked at; six of them in a minute would spend the hour's budget.
    fileprivate static let unansweredLogin = Backoff(base: .seconds(60), cap: .seconds(900), floor: .seconds(10))

    fileprivate static let limitedRefresh = Backoff(base: .seconds(120), cap: .seconds(3600), floor: .seconds(30))

    /// Lock-outs of 15 minutes to an hour are reported (zxdavb/evohome 19, homebridge-evohome 181).
    fileprivate static let limitedLogin = Backoff(base: .seconds(1800), cap: .seconds(3600), floor: .seconds(900))
}
