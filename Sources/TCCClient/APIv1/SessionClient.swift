public import Basics
public import HeatingModel
public import Logging
import Synchronization

/// API v1, for the one thing that only it has: high-precision temperatures, to a hundredth of a degree.
///
/// ``TokenMemory`` decides; this class acts. It holds the store's lock to read and to write, and never while it waits for
/// the cloud, so nothing else waits for an API that hangs.
public final class SessionClient: Sendable {
    private let endpoint: SessionEndpoint
    private let store: any TokenStore
    private let credentials: Credentials?
    private let pace: SessionPace
    private let clock: any WallClock
    private let logger: Logger
    /// What was last read or written.
    private let memory: Mutex<TokenMemory>
    private let counted = Mutex(TokenCounts())

    /// - Parameters:
    ///   - cloud: Where the API is.
    ///   - transport: Sends the requests.
    ///   - store: Where the session is kept, beside the tokens with which it shares the login budget.
    ///   - remembered: What has been read from the store already.
    ///   - credentials: `nil` to use only a session that is open already.
    ///   - pace: How often it may log in.
    ///   - notUnderstood: Counts what answers hold that is not understood.
    ///   - clock: The wall clock.
    ///   - logger: Gets a line for every login.
    ///   - onReading: Gets what was read; `nil` if nobody needs it.
    public init(
        cloud: CloudAddress,
        transport: any HTTPTransport,
        store: any TokenStore,
        remembered: TokenMemory?,
        credentials: Credentials?,
        pace: SessionPace,
        notUnderstood: Surprises,
        clock: any WallClock,
        logger: Logger,
        onReading: TCCClient.Reading? = nil
    ) {
        endpoint = SessionEndpoint(
            cloud: cloud,
            transport: transport,
            clock: clock,
            notUnderstood: notUnderstood,
            onReading: onReading
        )
        self.store = store
        self.credentials = credentials
        self.pace = pace
        self.clock = clock
        self.logger = logger
        memory = Mutex(remembered ?? TokenMemory(salt: .random(in: .min ... .max)))
    }

    /// Logins since the process started.
    public var counts: TokenCounts { counted.withLock { $0 } }

    /// What every sensor of the account measures, to a hundredth of a degree; sensors that measure nothing are left out.
    ///
    /// - Throws: ``CloudFailure``: what went wrong, or why nothing was sent, and when to try again.
    public func temperatures() async throws(CloudFailure) -> [SensorID: Temperature] {
        let session = try await open()
        do throws(CloudFailure) {
            return try await read(session)
        } catch {
            guard error.kind == .unauthorised else { throw error }
            // Sessions end. The next one is tried once.
            return try await read(try await open())
        }
    }

    private func read(_ session: Session) async throws(CloudFailure) -> [SensorID: Temperature] {
        do throws(CloudFailure) {
            if session.isDoubtful(at: clock.now) {
                try await endpoint.check(session)
                let now = clock.now
                memory.withLock { $0.sessions.proved(session, at: now) }
            }
            let temperatures = try await endpoint.temperatures(session)
            if memory.withLock({ $0.sessions.pause }) != nil { await note { memory, _ in memory.sessions.succeeded() } }
            return temperatures
        } catch {
            let failure = error
            switch failure.kind {
            case .cancelled: break
            case .unauthorised: await note { [pace] in $0.sessions.ended(session, pace: pace, at: $1) }
            default: await note { $0.sessions.failed(failure.kind, retryAt: failure.retryAt, at: $1) }
            }
            throw failure
        }
    }

    /// A session that the cloud should accept; logs in if that is necessary and allowed.
    private func open() async throws(CloudFailure) -> Session {
        let now = clock.now
        var decision = memory.withLock { $0.sessionDecision(at: now, with: credentials, pace: pace) }
        if case .logIn = decision { decision = try await decideLogin() }
        switch decision {
        case .use(let session): return session
        case .leave(let failure): throw failure
        case .logIn(let credentials): return try await logIn(with: credentials)
        }
    }

    /// Decides again under the lock, since another process may have logged in meanwhile. A login that cannot be written
    /// down is not sent.
    private func decideLogin() async throws(CloudFailure) -> SessionDecision {
        do throws(TokenStoreFailure) {
            return try await change { [credentials, pace] memory, now in
                let decision = memory.sessionDecision(at: now, with: credentials, pace: pace)
                if case .logIn = decision { memory.beganSessionLogin(at: now) }
                return decision
            }
        } catch {
            throw CloudFailure(.storage, error.sentence)
        }
    }

    private func logIn(with credentials: Credentials) async throws(CloudFailure) -> Session {
        guard let answer = await endpoint.logIn(with: credentials) else {
            throw CloudFailure(.cancelled, "The program is stopping.")
        }
        counted.withLock { $0.count(answer) }
        await note { $0.record(answer, to: credentials, at: $1) }
        switch answer {
        case .granted(let session):
            logger.info("Logged in to API v1")
            return session
        case .refused:
            throw CloudFailure(.unauthorised, "API v1 refused the user name or password.")
        case .unanswered(let failure), .unregarded(let failure):
            throw failure
        }
    }
}

// MARK: - What is remembered

extension SessionClient {
    /// Writes down what happened, and remembers it even if the disk fails.
    private func note(_ change: @Sendable (inout TokenMemory, _ now: Instant) -> Void) async {
        do throws(TokenStoreFailure) {
            try await self.change(change)
        } catch {
            // The token provider reports a disk that fails.
            let now = clock.now
            memory.withLock { change(&$0, now) }
        }
    }

    /// Changes what is remembered under the store's lock.
    private func change<Success: Sendable>(
        _ change: @Sendable (inout TokenMemory, _ now: Instant) -> Success
    ) async throws(TokenStoreFailure) -> Success {
        let outcome = try await store.exclusively { stored, write -> Result<Success, TokenStoreFailure> in
            let now = clock.now
            var memory = stored ?? TokenMemory(salt: .random(in: .min ... .max))
            memory.tidy(at: now)
            let success = change(&memory, now)
            do throws(TokenStoreFailure) {
                if memory != stored { try write(memory) }
            } catch {
                return .failure(error)
            }
            self.memory.withLock { $0 = memory }
            return .success(success)
        }
        return try outcome.get()
    }
}
