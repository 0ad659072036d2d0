public import Basics
public import HeatingModel
import Observability

/// What is remembered of API v1: its session, the last login, and what went wrong since it last answered.
public struct SessionMemory: Codable, Equatable, Sendable {
    public var session: Session?
    /// When a login was last sent that the cloud checked.
    public var lastLogin: Instant?
    /// The API is not called until this is over. It counts the failures in a row.
    public var pause: TokenPause?

    public init() {}

    /// Damaged parts are left out and do not spoil the rest.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        session = try container.decode(Lenient<Session>.self, forKey: .session).value
        lastLogin = try container.decode(Lenient<Instant>.self, forKey: .lastLogin).value
        pause = try container.decode(Lenient<TokenPause>.self, forKey: .pause).value
    }
}

extension SessionMemory {
    /// Something went wrong. The next try is at the next poll, then after a quarter of an hour, and from the third failure
    /// in a row on once a day.
    ///
    /// - Parameter retryAt: The cloud asked not to be called before this moment.
    mutating func failed(_ kind: CloudFailure.Kind, retryAt: Instant? = nil, at now: Instant) {
        let failures = (pause?.failures ?? 0) + 1
        let rest: Duration =
            switch failures {
            case 1: .zero
            case 2: .seconds(900)
            default: Self.day
            }
        leave(kind, until: max(now + rest, retryAt ?? now), failures: failures, at: now)
    }

    mutating func succeeded() {
        pause = nil
    }

    /// The cloud answered a session with 401: it is over.
    ///
    /// If a sparing pace does not allow another login yet, sessions are shorter than the hour between logins. API v1 is
    /// then given up for a day.
    mutating func ended(_ session: Session, pace: SessionPace, at now: Instant) {
        guard self.session?.id == session.id else { return }
        self.session = nil
        failed(.unauthorised, at: now)
        guard pace == .sparing, nextLogin(pace) > now else { return }
        leave(.rateLimited, until: now + Self.day, failures: pause?.failures ?? 1, at: now)
    }

    /// The cloud said that a session is open.
    mutating func proved(_ session: Session, at now: Instant) {
        guard self.session?.id == session.id else { return }
        self.session?.proved = now
    }

    /// When the next login may be sent.
    func nextLogin(_ pace: SessionPace) -> Instant {
        lastLogin.map { $0 + pace.interval } ?? .earliest
    }

    private mutating func leave(_ kind: CloudFailure.Kind, until: Instant, failures: Int, at now: Instant) {
        let reason: TokenPause.Reason = kind == .rateLimited ? .rateLimited : .unreachable
        pause = TokenPause(reason: reason, began: now, over: until, failures: failures)
    }

    private static let day = Duration.seconds(86_400)
}

/// Opens API v1: for a quarter of an hour after its last use (evohome-client wiki), or after its beginning (domoticz
/// pull request 3798).
public struct Session: Codable, Hashable, Sendable {
    public var id: Secret
    /// The account's id in API v1.
    public var userID: String
    /// When the cloud last confirmed that it is open.
    public var proved: Instant

    public init(id: Secret, userID: String, proved: Instant) {
        self.id = id
        self.userID = userID
        self.proved = proved
    }

    static let lifetime = Duration.seconds(900)

    /// Whether it may have ended unnoticed: a session that was over has been seen to get old temperatures instead of an
    /// error, while the account's own data were refused (domoticz pull request 3798).
    func isDoubtful(at now: Instant) -> Bool {
        now < proved || now >= proved + Self.lifetime
    }
}

/// How often a program logs in to API v1.
public enum SessionPace: Sendable, CaseIterable {
    /// Once an hour; if sessions end sooner than that, it does without them.
    case sparing
    /// As often as sessions can end.
    case steady

    /// The shortest time between two logins.
    var interval: Duration {
        switch self {
        case .sparing: .seconds(3600)
        case .steady: Session.lifetime
        }
    }
}

/// What to do for a caller who wants to use API v1.
public enum SessionDecision: Equatable, Sendable {
    case use(Session)
    case logIn(Credentials)
    /// Nothing is sent now, for this reason.
    case leave(CloudFailure)
}

/// The result of a login to API v1.
public enum SessionAnswer: Equatable, Sendable {
    case granted(Session)
    /// The user name or the password.
    case refused
    /// It was sent, and nobody knows whether it succeeded.
    case unanswered(CloudFailure)
    /// The cloud was not reached, limits logins, or is out of order.
    case unregarded(CloudFailure)
}

extension TokenMemory {
    /// What to do now. Logins of both APIs share one budget, since the cloud counts them together (evohome-client 57).
    ///
    /// - Parameter credentials: `nil` when no password is configured.
    public func sessionDecision(
        at now: Instant,
        with credentials: Credentials?,
        pace: SessionPace
    ) -> SessionDecision {
        if let pause = sessions.pause, pause.began <= now, now < pause.over { return .leave(CloudFailure(pause)) }
        if let session = sessions.session { return .use(session) }
        guard let credentials else { return .leave(.noPassword) }
        let next = sessions.nextLogin(pace)
        // A login in the future was written before the clock was set back.
        if next > now, next <= now + pace.interval { return .leave(.tooEarly(until: next)) }
        if let wait = wait(before: .logIn(credentials), at: now) {
            return .leave(CloudFailure(wait, cause: pause?.cause))
        }
        return .logIn(credentials)
    }

    /// Call it, and write to disk, before the password is sent: until the answer arrives it counts as a login.
    ///
    /// It is not pending like a login for tokens, since nobody holds the store's lock for it: tokens must not wait for
    /// API v1.
    public mutating func beganSessionLogin(at now: Instant) {
        sessions.lastLogin = now
        logins.wentUnanswered(at: now)
    }

    /// Records the result of the login.
    public mutating func record(_ answer: SessionAnswer, to credentials: Credentials, at now: Instant) {
        switch answer {
        case .granted(let session):
            takeLoginBack()
            logins.began(with: credentials, at: now)
            logins.succeeded(at: now)
            sessions.session = session
        case .refused:
            takeLoginBack()
            logins.began(with: credentials, at: now)
            logins.wasRefused(at: now)
            sessions.failed(.unauthorised, at: now)
        case .unanswered(let failure):
            sessions.failed(failure.kind, retryAt: failure.retryAt, at: now)
        case .unregarded(let failure):
            takeLoginBack()
            sessions.lastLogin = nil
            sessions.failed(failure.kind, retryAt: failure.retryAt, at: now)
        }
    }

    private mutating func takeLoginBack() {
        if let login = sessions.lastLogin { logins.takeBack(login) }
    }
}

extension CloudFailure {
    fileprivate init(_ pause: TokenPause) {
        switch pause.reason {
        case .unreachable: self.init(.unreachable, "API v1 fails and is not used for now.", retryAt: pause.over)
        case .rateLimited:
            self.init(
                .rateLimited,
                "API v1 limits requests, or would need too many logins.",
                retryAt: pause.over
            )
        }
    }

    fileprivate static let noPassword = CloudFailure(.unauthorised, "API v1 needs the password; a token is not enough.")

    fileprivate static func tooEarly(until next: Instant) -> CloudFailure {
        CloudFailure(.rateLimited, "API v1 may log in only once in a while.", retryAt: next)
    }
}
