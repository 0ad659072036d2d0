public import HeatingModel
import Observability

/// Everything that is remembered of one account's tokens, and the decision what to do with it.
///
/// A value without clock, disk or network: ``decision(at:with:)`` says what to do, ``record(_:to:at:with:)`` takes what
/// came of it. All that a token client can get wrong is in these two functions, and tested as a table.
public struct TokenMemory: Codable, Equatable, Sendable {
    public var access: AccessToken?
    public var refresh: RefreshToken?
    public var logins: LoginBudget
    /// The token endpoint is left alone until it is over.
    public var pause: Pause?

    /// A time of leaving the token endpoint alone.
    public struct Pause: Codable, Hashable, Sendable {
        public enum Reason: String, Codable, Sendable { case unreachable, rateLimited }

        public var reason: Reason
        public var began: Instant
        public var over: Instant
        /// Failures in a row.
        public var failures: Int

        public init(reason: Reason, began: Instant, over: Instant, failures: Int) {
            self.reason = reason
            self.began = began
            self.over = over
            self.failures = failures
        }
    }

    /// - Parameter salt: Random; see ``PasswordMark``.
    public init(salt: UInt64) {
        self.logins = LoginBudget(salt: salt)
    }
}

/// A request to the token endpoint.
public enum TokenAttempt: Hashable, Sendable {
    case refresh(RefreshToken)
    case logIn(Credentials)
}

/// What to do for a caller who wants an access token.
public enum TokenDecision: Equatable, Sendable {
    case use(AccessToken)
    case attempt(TokenAttempt)
    /// Nothing may be sent before `until`.
    case wait(until: Instant, reason: WaitReason)
    /// Neither a token nor a password is at hand.
    case needsLogin

    public enum WaitReason: Equatable, Sendable {
        /// The token endpoint did not answer, or not sensibly.
        case unreachable
        /// The token endpoint said that there were too many requests.
        case rateLimited
        /// The password was refused and is not sent again yet.
        case passwordRefused
        /// Six logins within an hour.
        case budgetSpent
        /// The refresh token was refused and there is no password.
        case refreshRefused
    }
}

extension TokenMemory {
    /// What to do now.
    ///
    /// - Parameters:
    ///   - now: The time on the wall. It may have been set back: moments in the future never hold anything for longer
    ///     than they would have from now.
    ///   - credentials: `nil` when no password is configured.
    public func decision(at now: Instant, with credentials: Credentials?) -> TokenDecision {
        if let access, now < access.usableUntil { return .use(access) }
        if let pause, pause.isInForce(at: now) {
            // What is left of a token that is about to run out is better than nothing.
            if let access, now < access.expires { return .use(access) }
            return .wait(until: pause.over, reason: pause.reason == .rateLimited ? .rateLimited : .unreachable)
        }
        if let refresh, refresh.refusals == nil { return .attempt(.refresh(refresh)) }
        if let credentials {
            guard let earliest = logins.earliestLogin(with: credentials, at: now) else {
                return .attempt(.logIn(credentials))
            }
            return .wait(until: earliest, reason: logins.refusals == nil ? .budgetSpent : .passwordRefused)
        }
        guard let refresh, let refusals = refresh.refusals else { return .needsLogin }
        return refusals.over <= now
            ? .attempt(.refresh(refresh)) : .wait(until: refusals.over, reason: .refreshRefused)
    }

    /// The cloud answered 401 to this access token: it is spent, whatever its expiry says.
    public mutating func discard(_ refused: AccessToken) {
        if access?.value == refused.value { access = nil }
    }

    /// To be on disk before the attempt is sent.
    public mutating func began(_ attempt: TokenAttempt, at now: Instant) {
        if case .logIn(let credentials) = attempt { logins.began(with: credentials, at: now) }
    }

    /// Puts right what only a crash or a clock that was set leaves behind. To be called with the file's lock held,
    /// before a decision: only then is a pending login nobody's.
    public mutating func tidy(at now: Instant) {
        logins.clockIs(now)
        logins.settlePending()
        if let refusals = refresh?.refusals, refusals.last > now { refresh?.refusals?.last = now }
        if let pause, pause.began > now { self.pause = nil }
    }

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
            if let next = grant.refreshToken { refresh = RefreshToken(value: next) }
            pause = nil
            if case .logIn = attempt { logins.succeeded(at: now) }
        case .refused:
            pause = nil
            switch attempt {
            case .refresh(let token):
                refresh?.refusals = .another(after: token.refusals, at: now)
            case .logIn:
                logins.wasRefused(at: now)
            }
        case .rateLimited(let retryAfter):
            logins.wasNotSpent()
            pause(.rateLimited, for: retryAfter, backoff: Self.rateLimitBackoff, at: now, using: &randomness)
        case .outOfOrder, .notSent:
            logins.wasNotSpent()
            pause(.unreachable, for: nil, backoff: Self.outageBackoff, at: now, using: &randomness)
        case .unanswered:
            if case .logIn = attempt { logins.wentUnanswered(at: now) }
            pause(.unreachable, for: nil, backoff: Self.outageBackoff, at: now, using: &randomness)
        }
    }

    /// Lock-outs of 15 minutes to an hour are reported (zxdavb/evohome 19, homebridge-evohome 181).
    static let rateLimitBackoff = Backoff(base: .seconds(120), cap: .seconds(3600), floor: .seconds(30))
    static let outageBackoff = Backoff(base: .seconds(4), cap: .seconds(60))

    private mutating func pause(
        _ reason: Pause.Reason,
        for retryAfter: Duration?,
        backoff: Backoff,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) {
        let failures = (pause?.reason == reason ? pause?.failures ?? 0 : 0) + 1
        let length = retryAfter ?? backoff.delay(afterFailures: failures, using: &randomness)
        pause = Pause(reason: reason, began: now, over: now + min(length, .seconds(86_400)), failures: failures)
    }
}

extension TokenMemory.Pause {
    /// A pause that begins in the future was written before the clock was set back, and means nothing any more.
    fileprivate func isInForce(at now: Instant) -> Bool { began <= now && now < over }
}
