public import Basics
import HeatingModel

/// What is remembered of the older API: its session, the last login, and what went wrong since it last answered.
public struct SessionMemory: Codable, Equatable, Sendable {
    public var session: Session?
    /// When a login was last sent, unless the cloud did not look at it.
    public var lastLogin: Instant?
    /// It is left alone until this is over; the failures in a row are counted here.
    public var pause: TokenPause?

    public init() {}

    /// What is damaged is left out, and does not spoil the rest.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        session = try container.decode(Lenient<Session>.self, forKey: .session).wrappedValue
        lastLogin = try container.decode(Lenient<Instant>.self, forKey: .lastLogin).wrappedValue
        pause = try container.decode(Lenient<TokenPause>.self, forKey: .pause).wrappedValue
    }
}

extension SessionMemory {
    /// Something went wrong. It is tried again with the next poll, then after a quarter of an hour, and from the third
    /// failure in a row on once a day.
    ///
    /// - Parameter retryAt: Before this moment the cloud does not want to be asked.
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

    /// The cloud answered 401 to a session: it is over.
    ///
    /// Where a sparing pace allows no other one yet, an hour has more sessions than logins, and nothing more is tried for
    /// a day.
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

    /// When a login is due at the earliest.
    func nextLogin(_ pace: SessionPace) -> Instant {
        lastLogin.map { $0 + pace.interval } ?? .earliest
    }

    private mutating func leave(_ kind: CloudFailure.Kind, until: Instant, failures: Int, at now: Instant) {
        let reason: TokenPause.Reason = kind == .rateLimited ? .rateLimited : .unreachable
        pause = TokenPause(reason: reason, began: now, over: until, failures: failures)
    }

    private static let day = Duration.seconds(86_400)
}
