public import HeatingModel
public import Logging
import Synchronization

/// The one source of access tokens in a process. ``accessToken(insteadOf:)`` is its only entry.
///
/// Decisions are ``TokenMemory``'s and ``SingleFlight``'s; this class does what they say: waits for the store's lock,
/// talks to the token endpoint, writes down what came of it, and only then hands out a token.
public final class TokenProvider: Sendable {
    private let endpoint: TokenEndpoint
    private let store: any TokenStore
    private let credentials: Credentials?
    private let clock: any WallClock
    private let logger: Logger
    private let state: Mutex<State>

    private struct State: ~Copyable {
        /// What was last read or written; serves callers while the store is out of reach.
        var memory: TokenMemory
        var flight = SingleFlight<CheckedContinuation<AccessToken, any Error>>()
        var replacements = TokenReplacements()
        var storeFailure: TokenStoreFailure?
        /// When writing is tried again though no token is needed.
        var storeRetry = Instant.latest
        var counts = TokenCounts()
    }

    /// - Parameter credentials: `nil` to live on the refresh token alone.
    public init(
        endpoint: TokenEndpoint,
        store: any TokenStore,
        credentials: Credentials?,
        clock: any WallClock,
        logger: Logger
    ) {
        self.endpoint = endpoint
        self.store = store
        self.credentials = credentials
        self.clock = clock
        self.logger = logger
        self.state = Mutex(State(memory: TokenMemory(salt: .random(in: .min ... .max))))
    }

    /// Why tokens are held in memory only; `nil` while the store works.
    public var storeFailure: TokenStoreFailure? { state.withLock { $0.storeFailure } }

    /// Requests to the token endpoint since the process started.
    public var counts: TokenCounts { state.withLock { $0.counts } }

    /// A token that the cloud should accept.
    ///
    /// - Parameter refused: A token that the cloud has just answered 401 to; it is replaced, unless another caller or
    ///   process has replaced it already.
    /// - Throws: ``CloudFailure`` that says when to ask again. A cancelled caller gets `.cancelled` and disturbs nobody.
    public func accessToken(insteadOf refused: AccessToken? = nil) async throws(CloudFailure) -> AccessToken {
        let now = clock.now
        if let refused, let failure = state.withLock({ $0.replacements.refuseReplacing(refused, at: now) }) {
            throw failure
        }
        let ready: AccessToken? = state.withLock { state in
            if let refused {
                state.replacements.refused(refused)
                state.memory.discard(refused)
            }
            guard case .use(let token) = state.memory.decision(at: now, with: nil) else { return nil }
            return token
        }
        if let ready {
            retryStore(at: now)
            return ready
        }
        let ticket = state.withLock { $0.flight.ticket() }
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    guard case .start = state.withLock({ $0.flight.join(continuation, ticket: ticket) }) else { return }
                    // Not a child of the caller: whoever is cancelled, the others still get their token.
                    Task { await self.fly() }
                }
            } onCancel: {
                let waiter = state.withLock { $0.flight.leave(ticket: ticket) }
                waiter?.resume(throwing: CloudFailure(.cancelled, "The call was cancelled."))
            }
        } catch {
            throw error as? CloudFailure ?? CloudFailure(.unreachable, "\(error)")
        }
    }

    /// The cloud accepted this token, so that a later refusal of it is worth a new one.
    func proved(_ token: AccessToken) {
        state.withLock { $0.replacements.proved(token) }
    }

    /// Returns when no request for a token is under way: a refresh token that is spent and whose successor is not on
    /// disk would cost a login.
    public func settle() async {
        while state.withLock({ $0.flight.isFlying }), !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    // MARK: - The flight

    private func fly() async {
        let result = await obtain()
        let waiters = state.withLock { state in
            if case .success(let token) = result { state.replacements.replaced(by: token, at: clock.now) }
            return state.flight.land()
        }
        for waiter in waiters { waiter.resume(with: result.mapError { $0 }) }
    }

    private func obtain() async -> Result<AccessToken, CloudFailure> {
        do throws(TokenStoreFailure) {
            return try await store.exclusively { stored, write in await obtain(stored: stored, write: write) }
        } catch {
            let failure = error
            return await obtain(stored: nil) { _ throws(TokenStoreFailure) in throw failure }
        }
    }

    /// - Parameters:
    ///   - stored: What the store holds, which other processes may have changed.
    ///   - write: Fails when the store is out of reach; then memory has to do.
    private func obtain(stored: TokenMemory?, write: TokenWriter) async -> Result<AccessToken, CloudFailure> {
        var (memory, onDisk) = (recall(stored), stored)
        memory.tidy(at: clock.now)
        // The store may still hold the token that the cloud refused, when no other process has replaced it.
        if let refused = state.withLock({ $0.replacements.lastRefused }) { memory.discard(refused) }
        // At most a refresh that is refused, and the login that follows it.
        for _ in 0..<2 {
            guard case .attempt(let attempt) = memory.decision(at: clock.now, with: credentials) else { break }
            memory.began(attempt, at: clock.now)
            // A login must be known of even if this process dies before its answer.
            if case .logIn = attempt {
                keep(memory, write)
                onDisk = memory
            }
            guard let answer = await send(attempt) else {
                return .failure(CloudFailure(.cancelled, "The program is stopping."))
            }
            var randomness = SystemRandomNumberGenerator()
            memory.record(answer, to: attempt, at: clock.now, using: &randomness)
            keep(memory, write)
            onDisk = memory
        }
        if memory != onDisk { keep(memory, write) }
        state.withLock { $0.memory = memory }
        switch memory.decision(at: clock.now, with: credentials) {
        case .use(let token): return .success(token)
        case let other: return .failure(CloudFailure(other))
        }
    }

    private func send(_ attempt: TokenAttempt) async -> TokenAnswer? {
        let kind =
            switch attempt {
            case .refresh: "refresh"
            case .logIn: "password"
            }
        logger.debug("Asking for an access token", metadata: ["grant": "\(kind)"])
        guard let answer = try? await endpoint.send(attempt) else { return nil }
        state.withLock { $0.counts.count(answer, to: attempt) }
        switch answer {
        case .granted(let grant):
            logger.info(
                "Got an access token",
                metadata: ["grant": "\(kind)", "valid_for": "\(grant.lifetime.components.seconds)s"]
            )
        case .refused:
            logger.warning("The cloud refused the grant", metadata: ["grant": "\(kind)"])
        case .rateLimited:
            logger.warning("The cloud limits requests for tokens", metadata: ["grant": "\(kind)"])
        case .outOfOrder(let reason), .notSent(let reason), .unanswered(let reason):
            logger.debug("No access token", metadata: ["grant": "\(kind)", "reason": "\(reason)"])
        }
        return answer
    }

    // MARK: - Memory and store

    /// What the store holds, unless it could not take what this process remembers, which is newer then.
    private func recall(_ stored: TokenMemory?) -> TokenMemory {
        state.withLock { state in
            guard let stored, state.storeFailure == nil else { return state.memory }
            return stored
        }
    }

    private func keep(_ memory: TokenMemory, _ write: TokenWriter) {
        state.withLock { $0.memory = memory }
        do throws(TokenStoreFailure) {
            try write(memory)
            let wasFailing = state.withLock { state in
                defer { state.storeFailure = nil }
                return state.storeFailure != nil
            }
            if wasFailing { logger.notice("The state file can be written again") }
        } catch {
            note(error)
        }
    }

    /// What could not be written is tried again every minute, since it is lost with the process.
    private func retryStore(at now: Instant) {
        let isDue = state.withLock { state in
            guard state.storeFailure != nil, state.storeRetry <= now, state.flight.begin() else { return false }
            return true
        }
        if isDue { Task { await fly() } }
    }

    private func note(_ failure: TokenStoreFailure) {
        let isNew = state.withLock { state in
            defer { (state.storeFailure, state.storeRetry) = (failure, clock.now + .seconds(60)) }
            return state.storeFailure != failure
        }
        if isNew {
            logger.error("Tokens are kept in memory only", metadata: ["reason": "\(failure.sentence)"])
        }
    }
}
