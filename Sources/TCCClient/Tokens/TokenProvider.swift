public import Basics
public import HeatingModel
public import Logging
public import Observability
import Synchronization

/// The one source of access tokens in a process.
///
/// ``TokenMemory`` and ``TokenState`` decide; this class acts: it waits for the store's lock, talks to the token endpoint,
/// writes down the answer, and only then hands out a token.
public final class TokenProvider: Sendable {
    private let endpoint: TokenEndpoint
    private let store: any TokenStore
    private let credentials: Credentials?
    private let spareLife: Duration
    private let clock: any WallClock
    private let logger: Logger
    private let state: Mutex<TokenState>

    /// - Parameters:
    ///   - endpoint: Where tokens come from.
    ///   - store: Where they are kept.
    ///   - remembered: What has been read from the store already. It serves where the store can be read but not locked,
    ///     as on a disk that became read-only.
    ///   - credentials: `nil` to live on the refresh token alone.
    ///   - spareLife: How long a token must still be valid to be handed out. For tokens that are lent.
    ///   - clock: The wall clock.
    ///   - logger: Gets a line for every request for a token.
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
        state = Mutex(TokenState(memory: remembered ?? TokenMemory(salt: .random(in: .min ... .max))))
    }

    /// Why tokens are held in memory only; `nil` while the store works.
    public var storeFailure: TokenStoreFailure? { state.withLock { $0.health.failure } }

    /// Requests to the token endpoint since the process started.
    public var counts: TokenCounts { state.withLock { $0.counts } }

    /// When the access token in use expires; `nil` without one.
    public var expiry: Instant? { state.withLock { $0.memory.access?.expires } }

    /// How many logins the budget allows now.
    public var loginsLeft: Int {
        let now = clock.now
        return state.withLock { $0.memory.logins.left(for: credentials, at: now) }
    }

    /// When the next login may be made, as far as the password is not held back; `nil` for now.
    public var nextLogin: Instant? {
        let now = clock.now
        return state.withLock { state in
            let pause = state.memory.pause.flatMap { $0.began <= now && now < $0.over ? $0.over : nil }
            return [pause, state.memory.logins.next(at: now)].compactMap(\.self).max()
        }
    }

    /// Whether there is a refresh token that the cloud has not refused.
    public var hasRefreshToken: Bool {
        state.withLock { $0.memory.refresh.map { $0.refusals == nil } ?? false }
    }

    /// The ages of the tokens in use.
    public var ages: TokenAges { state.withLock { TokenAges($0.memory) } }

    /// A token that the cloud should accept.
    ///
    /// - Parameter refused: A token that the cloud has just answered with 401. It is replaced, unless another caller or
    ///   process has already replaced it.
    /// - Throws: ``CloudFailure``, which says when to ask again. A cancelled caller gets `.cancelled`; the others are not
    ///   disturbed.
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

    /// The cloud accepted this token, so a later refusal of it is worth a new one.
    func proved(_ token: AccessToken) {
        state.withLock { $0.replacements.proved(token) }
    }

    /// Logs in with the password, once, whatever tokens are at hand. It counts against the login budget.
    ///
    /// - Parameter given: What a person has just typed; it is used once and not kept. `nil` for the configured ones.
    /// - Throws: ``LoginFailure``: why it was not sent, or what the cloud answered. Saved tokens are kept then.
    public func logIn(with given: Credentials? = nil) async throws(LoginFailure) {
        guard let credentials = given ?? credentials else { throw LoginFailure(CloudFailure(.needsLogin)) }
        let result: Result<Void, LoginFailure>
        do throws(TokenStoreFailure) {
            result = try await store.exclusively { stored, write in
                await logIn(with: credentials, stored: stored, write: write)
            }
        } catch {
            throw LoginFailure(CloudFailure(.storage, error.sentence))
        }
        try result.get()
    }

    /// Returns when no request for a token is under way, or the caller is cancelled: a refresh token that is spent while
    /// its successor is not on disk would cost a login. From now on no further request is sent.
    public func settle() async {
        state.withLock { $0.isClosing = true }
        _ = try? await landing { state, continuation, ticket in
            state.flight.attend(continuation, ticket: ticket) ? .wait : .nothing
        }
    }

    /// Settles, but abandons a request that takes longer than the limit.
    ///
    /// - Returns: Whether nothing is under way any more.
    @discardableResult
    public func settle(within limit: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await self.settle()
                return !Task.isCancelled
            }
            group.addTask { [clock] in
                try? await clock.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? true
        }
    }

    // MARK: - Waiting for a flight

    private enum Boarding { case start, wait, nothing }

    private func landing(
        _ board: @escaping @Sendable (inout TokenState, TokenState.Waiter, _ ticket: Int) -> Boarding
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
                    // The handler does not run again for a caller that was cancelled before it waited.
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

    /// Not a child of the caller: if one caller is cancelled, the others still get their token.
    private func startFlight() {
        Task { await fly() }
    }

    /// Gets a token for all who wait.
    private func fly() async {
        let result = await obtain()
        let now = clock.now
        let waiters = state.withLock { state in
            if case .success(let token) = result { state.replacements.replaced(by: token, at: now) }
            return state.flight.land()
        }
        for waiter in waiters { waiter.resume(with: result.mapError { $0 }) }
    }

    // MARK: - Getting a token

    private func obtain() async -> Result<AccessToken, CloudFailure> {
        do throws(TokenStoreFailure) {
            return try await store.exclusively { stored, write in await obtain(stored: stored, write: write) }
        } catch {
            let failure = error
            guard !failure.isInUse else { return waitForStore(failure) }
            return await obtain(stored: nil) { _ throws(TokenStoreFailure) in throw failure }
        }
    }

    /// - Parameters:
    ///   - stored: What the store holds. Other processes may have changed it.
    ///   - write: Fails when the store is out of reach; tokens then live in memory.
    private func obtain(stored: TokenMemory?, write: TokenWriter) async -> Result<AccessToken, CloudFailure> {
        var memory = recall(stored)
        // The store may still hold a token that the cloud refused, if no other process has replaced it.
        for refused in state.withLock({ $0.replacements.refused }) { memory.discard(refused) }
        var isKept = memory == stored
        // A token that is too short-lived to be lent is dropped only for another one: it still serves everybody else.
        let short = memory.access.flatMap { clock.now + spareLife > $0.expires ? $0 : nil }
        if let short { memory.discard(short) }
        // At most a refresh that is refused, and the login that follows it.
        for _ in 0..<2 {
            guard case .attempt(let attempt) = memory.decision(at: clock.now, with: credentials) else { break }
            // A request that is begun now would be abandoned: that costs a refresh token, or holds the password back.
            guard !state.withLock({ $0.isClosing }) else { return .failure(.stopping) }
            guard let answer = await make(attempt, &memory, write) else {
                return .failure(.stopping)
            }
            isKept = true
            // A new token is used at once, however long the disk took and wherever the clock was set meanwhile.
            if case .granted = answer, let token = memory.access { return .success(token) }
            guard answer == .refused else { break }
        }
        if let short, memory.access == nil {
            memory.access = short
            isKept = memory == stored
        }
        if !isKept { keep(memory, write) } else { state.withLock { $0.memory = memory } }
        switch memory.decision(at: clock.now, with: credentials) {
        case .use(let token): return .success(token)
        case let other: return .failure(CloudFailure(other, cause: memory.pause?.cause))
        }
    }

    private func logIn(
        with credentials: Credentials,
        stored: TokenMemory?,
        write: TokenWriter
    ) async -> Result<Void, LoginFailure> {
        var memory = recall(stored)
        let attempt = TokenAttempt.logIn(credentials)
        func failure() -> CloudFailure? {
            memory.wait(before: attempt, at: clock.now).map { CloudFailure($0, cause: memory.pause?.cause) }
        }
        if let failure = failure() { return .failure(LoginFailure(failure)) }
        guard !state.withLock({ $0.isClosing }), let answer = await make(attempt, &memory, write) else {
            return .failure(LoginFailure(.stopping))
        }
        if case .granted = answer { return .success(()) }
        return .failure(LoginFailure(failure() ?? CloudFailure(.needsLogin), isRefusal: answer == .refused))
    }

    /// Makes one attempt and writes down what came of it.
    ///
    /// - Returns: `nil` when the program is stopping.
    private func make(_ attempt: TokenAttempt, _ memory: inout TokenMemory, _ write: TokenWriter) async -> TokenAnswer?
    {
        memory.began(attempt, at: clock.now)
        // A login has to be on record even if this process dies before the answer.
        if case .logIn = attempt { keep(memory, write) }
        guard let answer = await send(attempt) else { return nil }
        var randomness = SystemRandomNumberGenerator()
        memory.record(answer, to: attempt, at: clock.now, using: &randomness)
        keep(memory, write)
        return answer
    }

    private func send(_ attempt: TokenAttempt) async -> TokenAnswer? {
        let grant: Logger.MetadataValue =
            switch attempt {
            case .refresh: "refresh"
            case .logIn: "password"
            }
        logger.debug("Asking for an access token", metadata: ["grant": grant])
        guard let answer = try? await endpoint.send(attempt) else { return nil }
        state.withLock { $0.counts.count(answer, to: attempt) }
        switch answer {
        case .granted(let granted):
            logger.info(
                "Got an access token",
                metadata: ["grant": grant, "valid_for": "\(granted.lifetime.components.seconds)s"]
            )
        case .refused:
            logger.warning("The cloud refused the grant", metadata: ["grant": grant])
        case .rateLimited:
            logger.warning("The cloud limits requests for tokens", metadata: ["grant": grant])
        case .outOfOrder(let reason), .notSent(let reason), .unanswered(let reason):
            logger.debug("No access token", metadata: ["grant": grant, "reason": "\(reason)"])
        }
        return answer
    }

    // MARK: - The store

    /// What the store holds, and what could not be written while it was out of reach.
    private func recall(_ stored: TokenMemory?) -> TokenMemory {
        var memory = state.withLock { $0.recall(stored) }
        memory.tidy(at: clock.now)
        return memory
    }

    /// Writes, and only then lets callers see it.
    private func keep(_ memory: TokenMemory, _ write: TokenWriter) {
        do throws(TokenStoreFailure) {
            try write(memory)
            let isNews = state.withLock { $0.health.works() }
            if isNews { logger.notice("The state file can be written again") }
        } catch {
            let (failure, now) = (error, clock.now)
            let isNews = state.withLock { $0.health.fails(failure, at: now) }
            if isNews { logger.error("Tokens are kept in memory only", metadata: ["reason": "\(failure.sentence)"]) }
        }
        state.withLock { $0.memory = memory }
    }

    /// Another process holds the store for longer than it should: nothing is sent, and a token at hand is used.
    private func waitForStore(_ failure: TokenStoreFailure) -> Result<AccessToken, CloudFailure> {
        let now = clock.now
        if let access = state.withLock({ $0.memory.access }), now < access.expires { return .success(access) }
        return .failure(CloudFailure(.unreachable, failure.sentence, retryAt: now + .seconds(5)))
    }
}

/// Why a login with the password did not work.
public struct LoginFailure: Error, Equatable, Sendable {
    public var cause: CloudFailure
    /// Whether the cloud was asked, and does not accept the user name and the password.
    public var isRefusal: Bool

    init(_ cause: CloudFailure, isRefusal: Bool = false) {
        self.cause = cause
        self.isRefusal = isRefusal
    }
}

extension CloudFailure {
    fileprivate static let stopping = CloudFailure(.cancelled, "The program is stopping.")
}

extension TokenProvider: MetricSource {
    public var metrics: [MetricFamily] {
        let (counts, token) = state.withLock { ($0.counts, $0.memory.access) }
        return [
            .counter("evohome_logins_total", "Requests for a token with the password.", counts.logins),
            .counter("evohome_token_refreshes_total", "Requests for a token with the refresh token.", counts.refreshes),
            .counter("evohome_token_refusals_total", "Requests for a token that the cloud refused.", counts.refusals),
            .gauge(
                "evohome_access_token_obtained_timestamp_seconds",
                "When the access token in use was obtained, in seconds since 1970.",
                token?.obtained?.secondsSince1970
            ),
            .gauge(
                "evohome_access_token_expiry_timestamp_seconds",
                "When the access token in use expires, in seconds since 1970.",
                token?.expires.secondsSince1970
            ),
        ]
    }
}
