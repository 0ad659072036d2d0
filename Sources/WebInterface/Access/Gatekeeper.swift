import Basics
import HTTPServing
import HTTPTypes
import Logging
import Synchronization

/// Applies the rules of access, and remembers sessions and wrong passwords.
final class Gatekeeper: Sendable {
    private struct Memory {
        var sessions = SessionTable()
        var wrongPasswords = WrongPasswords(limit: 5)
    }

    let access: Access
    private let clock: any WallClock
    private let logger: Logger
    private let memory = Mutex(Memory())

    init(_ settings: AccessSettings, clock: any WallClock, logger: Logger) {
        access = Access(settings)
        self.clock = clock
        self.logger = logger
    }

    /// Checks a request to the interface.
    func admit(_ request: AccessRequest) throws(HTTPFailure) {
        switch access.proof(in: request) {
        case .place: return
        case .bearer(let guess):
            guard access.password != nil else { throw access.refusal }
            try check(guess, from: request.peer)
        case .session(let tokens):
            let now = clock.uptime
            let isOpen = memory.withLock { memory in tokens.contains { memory.sessions.use($0, at: now) } }
            guard isOpen, access.password != nil else { throw access.refusal }
        case .nothing: throw access.refusal
        }
    }

    /// Whether a request that was admitted would be so still: its session may have ended.
    func isStillAdmitted(_ request: AccessRequest) -> Bool {
        guard case .session = access.proof(in: request) else { return true }
        return (try? admit(request)) != nil
    }

    /// Checks a request for the page itself, which asks for the password on its own.
    func admitToPage(_ request: AccessRequest) throws(HTTPFailure) {
        if access.password == nil { try admit(request) }
    }

    /// Opens a session.
    ///
    /// - Returns: The header `Set-Cookie`.
    func open(_ request: AccessRequest, with guess: Secret) throws(HTTPFailure) -> String {
        guard access.password != nil else {
            throw HTTPFailure(.forbidden, "There is no password to sign in with: set http.password.")
        }
        try check(guess, from: request.peer)
        var random = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in String(random.next() as UInt64, radix: 36) }.joined(separator: "-")
        let now = clock.uptime
        memory.withLock { $0.sessions.open(token, at: now) }
        return cookie(token, for: request)
    }

    /// Closes the session of a request.
    ///
    /// - Returns: The header `Set-Cookie` that removes the cookie.
    func close(_ request: AccessRequest) -> String {
        let tokens = request.headers[values: .cookie].flatMap { Cookie.values(in: $0) }
        memory.withLock { memory in
            for token in tokens { memory.sessions.close(token) }
        }
        return cookie(nil, for: request)
    }

    private func cookie(_ token: String?, for request: AccessRequest) -> String {
        Cookie.header(
            token: token,
            path: (access.ingressPath(of: request) ?? "") + "/",
            isSecure: access.isEncrypted(request)
        )
    }

    private func check(_ guess: Secret, from peer: NetworkAddress?) throws(HTTPFailure) {
        let now = clock.uptime
        let isRight = access.password.map { $0.isSame(as: guess) } ?? false
        let wait: Duration? = memory.withLock { memory in
            // Even the right one has to wait: otherwise the answer would tell.
            if let wait = memory.wrongPasswords.wait(for: peer, at: now) { return wait }
            if !isRight { memory.wrongPasswords.record(peer, at: now) }
            return nil
        }
        if let wait {
            throw HTTPFailure(
                .tooManyRequests,
                "There were too many wrong passwords; try again in \(wait.readable).",
                retryAfter: wait
            )
        }
        guard isRight else {
            logger.warning("A wrong password was given for the page", metadata: ["peer": "\(peer?.description ?? "?")"])
            throw HTTPFailure(.unauthorized, "The password is wrong.", headers: [.wwwAuthenticate: "Bearer"])
        }
    }
}

extension Secret {
    /// Compares in a time that depends on the length of the guess alone.
    func isSame(as guess: Secret) -> Bool {
        let (own, guess) = (Array(revealed.utf8), Array(guess.revealed.utf8))
        guard !own.isEmpty else { return guess.isEmpty }
        var difference = own.count ^ guess.count
        for (index, byte) in guess.enumerated() { difference |= Int(byte ^ own[index % own.count]) }
        return difference == 0
    }
}
