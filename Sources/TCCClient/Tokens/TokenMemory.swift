public import Basics
import HeatingModel
import Observability

/// Everything that is remembered of one account's tokens, and the decision what to do with it.
///
/// A value without clock, disk or network: ``decision(at:with:)`` says what to do, ``record(_:to:at:using:)`` takes what
/// came of it. All that a token client can get wrong is in these two functions, and tested as a table.
public struct TokenMemory: Codable, Equatable, Sendable {
    public var access: AccessToken?
    public var refresh: RefreshToken?
    public var logins: LoginBudget
    /// The token endpoint is left alone until it is over.
    public var pause: TokenPause?
    /// The older API's, which are kept here since they draw on the same budget.
    public var sessions = SessionMemory()

    /// - Parameter salt: Random; see ``PasswordMark``.
    public init(salt: UInt64) {
        self.logins = LoginBudget(salt: salt)
    }

    /// What is damaged is left out, and does not spoil the rest: a pause that cannot be read costs no refresh token.
    ///
    /// - Throws: `DecodingError` for what is no object at all.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        access = try container.decode(Lenient<AccessToken>.self, forKey: .access).wrappedValue
        refresh = try container.decode(Lenient<RefreshToken>.self, forKey: .refresh).wrappedValue
        logins =
            try container.decode(Lenient<LoginBudget>.self, forKey: .logins).wrappedValue
            ?? LoginBudget(salt: .random(in: .min ... .max))
        pause = try container.decode(Lenient<TokenPause>.self, forKey: .pause).wrappedValue
        sessions = try container.decode(Lenient<SessionMemory>.self, forKey: .sessions).wrappedValue ?? SessionMemory()
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
    /// What to do now, of a memory that ``tidy(at:)`` has put right.
    ///
    /// - Parameter credentials: `nil` when no password is configured.
    public func decision(at now: Instant, with credentials: Credentials?) -> TokenDecision {
        if let access, now < access.usableUntil { return .use(access) }
        let replacement = replacement(at: now, with: credentials)
        if case .attempt = replacement { return replacement }
        // What is left of a token that is about to run out is better than nothing.
        if let access, now < access.expires { return .use(access) }
        return replacement
    }

    /// How to come by another access token.
    private func replacement(at now: Instant, with credentials: Credentials?) -> TokenDecision {
        let attempt: TokenAttempt
        switch (refresh, credentials) {
        case (let token?, _) where token.refusals == nil: attempt = .refresh(token)
        case (_, let credentials?): attempt = .logIn(credentials)
        // Without a password even a refused token is tried again: the cloud also refuses good ones.
        case (let token?, nil): attempt = .refresh(token)
        case (nil, nil): return .needsLogin
        }
        return wait(before: attempt, at: now) ?? .attempt(attempt)
    }

    /// What forbids an attempt, and until when.
    ///
    /// - Returns: `nil` when it may be made now.
    func wait(before attempt: TokenAttempt, at now: Instant) -> TokenDecision? {
        if let pause, pause.began <= now, now < pause.over {
            return .wait(until: pause.over, reason: pause.reason == .rateLimited ? .rateLimited : .unreachable)
        }
        switch attempt {
        case .refresh(let token):
            guard let over = token.refusals?.over, over > now else { return nil }
            return .wait(until: over, reason: .refreshRefused)
        case .logIn(let credentials):
            guard let hold = logins.hold(on: credentials, at: now) else { return nil }
            return .wait(until: hold.until, reason: hold.reason == .budgetSpent ? .budgetSpent : .passwordRefused)
        }
    }

    /// The cloud answered 401 to this access token: it is spent, whatever its expiry says.
    public mutating func discard(_ refused: AccessToken) {
        if access?.value == refused.value { access = nil }
    }

    /// To be on disk before the attempt is sent.
    public mutating func began(_ attempt: TokenAttempt, at now: Instant) {
        if case .logIn(let credentials) = attempt { logins.began(with: credentials, at: now) }
    }

    /// Puts right what only a crash or a clock that was set back leaves behind, so that nothing is held for longer than
    /// it would be from now. To be called with the store's lock held: only then is a pending login nobody's.
    public mutating func tidy(at now: Instant) {
        logins.clockIs(now)
        logins.settlePending()
        let refusals = refresh?.refusals?.known(at: now)
        refresh?.refusals = refusals
        pause = pause?.known(at: now)
    }

    /// Takes what the store holds after a time when it was out of reach: the newer tokens win, and a login that either
    /// knows of counts.
    public mutating func adopt(_ stored: TokenMemory) {
        logins.adopt(stored.logins)
        sessions = stored.sessions
        guard let theirs = stored.refresh else { return }
        if let refresh, (refresh.obtained ?? .earliest) >= (theirs.obtained ?? .earliest) { return }
        (access, refresh, pause) = (stored.access, theirs, stored.pause)
    }
}
