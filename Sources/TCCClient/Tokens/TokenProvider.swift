public import Basics
public import HeatingModel
public import Logging
import Synchronization

/// The one source of access tokens in a process. ``accessToken(insteadOf:)`` is its only entry.
///
/// Decisions are ``TokenMemory``'s and ``SingleFlight``'s; this class does what they say: waits for the store's lock,
/// talks to the token endpoint, writes down what came of it, and only then hands out a token.
public final class TokenProvider: Sendable {
    let endpoint: TokenEndpoint
    let store: any TokenStore
    let credentials: Credentials?
    let spareLife: Duration
    let clock: any WallClock
    let logger: Logger
    let state: Mutex<State>

    struct State: ~Copyable {
        /// What was last read or written; serves callers while the store is out of reach.
        var memory: TokenMemory
        var flight = SingleFlight<CheckedContinuation<AccessToken, any Error>>()
        var replacements = TokenReplacements()
        var health = StoreHealth()
        var counts = TokenCounts()
    }

    /// - Parameters:
    ///   - endpoint: Where tokens come from.
    ///   - store: Where they are kept.
    ///   - remembered: What was read from there already: it serves where the store can be read but not locked, as on a
    ///     disk that became read-only.
    ///   - credentials: `nil` to live on the refresh token alone.
    ///   - spareLife: How long a token must be valid at the least to be handed out; for one that is lent.
    ///   - clock: The time on the wall.
    ///   - logger: Hears of every request for a token.
    public init(
        endpoint: TokenEndpoint,
        store: any TokenStore,
        remembered: TokenMemory? = nil,
        credentials: Credentials?,
        spareLife: Duration = .zero,
        clock: any WallClock,
        logger: Logger
    ) {
        self.endpoint = endpoint
        self.store = store
        self.credentials = credentials
        self.spareLife = spareLife
        self.clock = clock
        self.logger = logger
        self.state = Mutex(State(memory: remembered ?? TokenMemory(salt: .random(in: .min ... .max))))
    }

    /// Why tokens are held in memory only; `nil` while the store works.
    public var storeFailure: TokenStoreFailure? { state.withLock { $0.health.failure } }

    /// Requests to the token endpoint since the process started.
    public var counts: TokenCounts { state.withLock { $0.counts } }

    /// A token that the cloud should accept.
    ///
    /// - Parameter refused: A token that the cloud has just answered 401 to; it is replaced, unless another caller or
    ///   process has replaced it already.
    /// - Throws: ``CloudFailure`` that says when to ask again. A cancelled caller gets `.cancelled` and disturbs nobody.
    public func accessToken(insteadOf refused: AccessToken? = nil) async throws(CloudFailure) -> AccessToken {
        let now = clock.now
        switch state.withLock({ $0.entry(insteadOf: refused, at: now, spareLife: spareLife) }) {
        case .refuse(let failure):
            throw failure
        case .use(let token, let retriesStore):
            if retriesStore { startFlight() }
            return token
        case .fly:
            return try await landing { state, continuation, ticket in
                if case .start = state.flight.join(continuation, ticket: ticket) { .start } else { .wait }
            }
        }
    }

    /// The cloud accepted this token, so that a later refusal of it is worth a new one.
    func proved(_ token: AccessToken) {
        state.withLock { $0.replacements.proved(token) }
    }

    /// Returns when no request for a token is under way, or the caller is cancelled: a refresh token that is spent and
    /// whose successor is not on disk would cost a login.
    public func settle() async {
        _ = try? await landing { state, continuation, ticket in
            state.flight.attend(continuation, ticket: ticket) ? .wait : .nothing
        }
    }

    // MARK: - Waiting for a flight

    private enum Boarding { case start, wait, nothing }

    private func landing(
        _ board: @escaping @Sendable (inout State, CheckedContinuation<AccessToken, any Error>, Int) -> Boarding
    ) async throws(CloudFailure) -> AccessToken {
        let ticket = state.withLock { $0.flight.ticket() }
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    switch state.withLock({ board(&$0, continuation, ticket) }) {
                    case .start: startFlight()
                    case .wait: break
                    case .nothing: continuation.resume(throwing: CancellationError())
                    }
                    // A caller that was cancelled before it waited gets no second call of the handler.
                    if Task.isCancelled { leave(ticket: ticket) }
                }
            } onCancel: {
                leave(ticket: ticket)
            }
        } catch {
            throw error as? CloudFailure ?? CloudFailure(.cancelled, "The call was cancelled.")
        }
    }

    private func leave(ticket: Int) {
        let waiter = state.withLock { $0.flight.leave(ticket: ticket) }
        waiter?.resume(throwing: CloudFailure(.cancelled, "The call was cancelled."))
    }

    /// Not a child of the caller: whoever is cancelled, the others still get their token.
    private func startFlight() {
        Task { await self.fly() }
    }
}

extension TokenProvider.State {
    enum Entry {
        case use(AccessToken, retriesStore: Bool)
        case refuse(CloudFailure)
        case fly
    }

    /// What to do for a caller, without waiting.
    mutating func entry(insteadOf refused: AccessToken?, at now: Instant, spareLife: Duration) -> Entry {
        if let refused {
            if memory.access == refused, let failure = replacements.refuseReplacing(refused, at: now) {
                return .refuse(failure)
            }
            replacements.refused(refused)
            memory.discard(refused)
        }
        guard let token = memory.access, now < token.usableUntil, now + spareLife <= token.expires else { return .fly }
        return .use(token, retriesStore: health.isRetryDue(at: now) && flight.begin())
    }
}
