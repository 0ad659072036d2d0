public import Basics
import HeatingModel
import Observability

/// Everything that is remembered of one account's tokens, and the decision what to do next.
///
/// A value without clock, disk or network: ``decision(at:with:)`` says what to do, ``record(_:to:at:using:)`` takes the
/// result. These two functions hold the difficult part of a token client, and are tested as a table.
public struct TokenMemory: Codable, Equatable, Sendable {
    public var access: AccessToken?
    public var refresh: RefreshToken?
    public var logins: LoginBudget
    /// The token endpoint is not called until it is over.
    public var pause: TokenPause?
    /// API v1's session, kept here because its logins count against the same budget.
    public var sessions = SessionMemory()

    /// - Parameter salt: Random; see ``PasswordMark``.
    public init(salt: UInt64) {
        self.logins = LoginBudget(salt: salt)
    }

    /// Damaged parts are left out and do not spoil the rest: a pause that cannot be read costs no refresh token.
    ///
    /// - Throws: `DecodingError` when it is not an object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        access = try container.decode(Lenient<AccessToken>.self, forKey: .access).value
        refresh = try container.decode(Lenient<RefreshToken>.self, forKey: .refresh).value
        logins =
            try container.decode(Lenient<LoginBudget>.self, forKey: .logins).value
            ?? LoginBudget(salt: .random(in: .min ... .max))
        pause = try container.decode(Lenient<TokenPause>.self, forKey: .pause).value
        sessions = try container.decode(Lenient<SessionMemory>.self, forKey: .sessions).value ?? SessionMemory()
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
    /// There is neither a token nor a password.
    case needsLogin

    public enum WaitReason: Equatable, Sendable {
        /// The token endpoint did not answer, or its answer made no sense.
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
    /// What to do now. Call ``tidy(at:)`` first.
    ///
    /// - Parameter credentials: `nil` when no password is configured.
    public func decision(at now: Instant, with credentials: Credentials?) -> TokenDecision {
        if let access, now < access.usableUntil { return .use(access) }
        let replacement = replacement(at: now, with: credentials)
        if case .attempt = replacement { return replacement }
        // The rest of a token that is about to expire is better than nothing.
        if let access, now < access.expires { return .use(access) }
        return replacement
    }

    /// How to get another access token.
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

    /// Why an attempt must wait, and until when.
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

    /// The cloud answered this access token with 401: it is spent, whatever its expiry says.
    public mutating func discard(_ refused: AccessToken) {
        if access?.value == refused.value { access = nil }
    }

    /// Call it, and write to disk, before the attempt is sent.
    public mutating func began(_ attempt: TokenAttempt, at now: Instant) {
        if case .logIn(let credentials) = attempt { logins.began(with: credentials, at: now) }
    }

    /// Repairs what a crash or a clock that was set back leaves behind, so that no wait is longer than it would be from
    /// now. Call it with the store's lock held: otherwise a pending login may be another process's.
    public mutating func tidy(at now: Instant) {
        logins.clockIs(now)
        logins.settlePending()
        let refusals = refresh?.refusals?.known(at: now)
        refresh?.refusals = refusals
        pause = pause?.known(at: now)
    }

    /// Merges what the store holds after a time when it was out of reach: the newer tokens win, and the logins of both
    /// count.
    public mutating func adopt(_ stored: TokenMemory) {
        logins.adopt(stored.logins)
        sessions = stored.sessions
        guard let theirs = stored.refresh else { return }
        if let refresh, (refresh.obtained ?? .earliest) >= (theirs.obtained ?? .earliest) { return }
        (access, refresh, pause) = (stored.access, theirs, stored.pause)
    }
}

extension CloudFailure {
    /// Why there is no access token, and what a person can do about it.
    ///
    /// - Parameter cause: What went wrong last, in a sentence, if the cloud is not asked because of that.
    init(_ decision: TokenDecision, cause: String? = nil) {
        switch decision {
        case .wait(let until, .unreachable):
            self.init(.unreachable, cause ?? "The cloud cannot be reached.", retryAt: until)
        case .wait(let until, .rateLimited):
            self.init(.rateLimited, "The cloud's login service limits requests.", retryAt: until)
        case .wait(let until, .budgetSpent):
            self.init(
                .rateLimited,
                "There were \(LoginBudget.loginsPerHour) logins within an hour; more could lock the account.",
                retryAt: until
            )
        case .wait(let until, .passwordRefused):
            self.init(
                .unauthorised,
                "The cloud refused the user name or password; check account.username and account.password "
                    + "(it also does so while it limits logins or is out of order).",
                code: "invalid_grant",
                retryAt: until
            )
        case .wait(let until, .refreshRefused):
            self.init(
                .unauthorised,
                "The cloud refused the refresh token and no password is set; run `evohome-mqtt login`.",
                code: "invalid_grant",
                retryAt: until
            )
        case .needsLogin:
            self.init(
                .unauthorised,
                "There is neither a token nor a password; set account.username and account.password, "
                    + "or run `evohome-mqtt login`."
            )
        case .use, .attempt:
            self.init(.unreachable, "The clock was set while a token was requested; the request will be repeated.")
        }
    }
}
