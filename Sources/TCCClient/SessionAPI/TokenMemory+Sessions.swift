public import Basics
public import HeatingModel

/// What to do for somebody who wants to use the older API.
public enum SessionDecision: Equatable, Sendable {
    case use(Session)
    case logIn(Credentials)
    /// Nothing is sent now, for this reason.
    case leave(CloudFailure)
}

/// What became of a login to the older API.
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
    /// What to do now. Logins of both APIs draw on one budget, since the cloud counts them together (evohome-client 57).
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
        if let wait = wait(before: .logIn(credentials), at: now) { return .leave(CloudFailure(wait)) }
        return .logIn(credentials)
    }

    /// To be on disk before the password is sent: until its answer is here it counts as a login.
    ///
    /// It is not pending as logins for tokens are, since nobody holds the store's lock for it: tokens must not wait for
    /// the older API.
    public mutating func beganSessionLogin(at now: Instant) {
        sessions.lastLogin = now
        logins.wentUnanswered(at: now)
    }

    /// Takes what became of the login.
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
        case .unreachable: self.init(.unreachable, "The older API fails, and is left alone.", retryAt: pause.over)
        case .rateLimited:
            self.init(
                .rateLimited,
                "The older API limits requests, or would need more logins than it may have.",
                retryAt: pause.over
            )
        }
    }

    fileprivate static let noPassword = CloudFailure(.unauthorised, "The older API takes no token but the password.")

    fileprivate static func tooEarly(until next: Instant) -> CloudFailure {
        CloudFailure(.rateLimited, "The older API has had its login.", retryAt: next)
    }
}
