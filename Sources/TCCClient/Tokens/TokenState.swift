public import Basics
import HeatingModel

/// Everything that a ``TokenProvider`` knows at a moment, and what to do for a caller without waiting.
struct TokenState: ~Copyable {
    typealias Waiter = CheckedContinuation<AccessToken, any Error>

    enum Entry {
        case use(AccessToken, retriesStore: Bool)
        case refuse(CloudFailure)
        case fly
    }

    /// What was last read or written. It serves callers while the store is out of reach.
    var memory: TokenMemory
    var flight = SingleFlight<Waiter>()
    var replacements = TokenReplacements()
    var health = StoreHealth()
    var counts = TokenCounts()
    /// Whether the program stops: no request is begun any more.
    var isClosing = false

    init(memory: TokenMemory) {
        self.memory = memory
    }

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

    /// What the store holds, and what could not be written while it was out of reach.
    func recall(_ stored: TokenMemory?) -> TokenMemory {
        guard let stored else { return memory }
        guard health.failure != nil else { return stored }
        var memory = memory
        memory.adopt(stored)
        return memory
    }
}

/// Keeps a 401 from turning into a loop.
///
/// A token that replaced a refused one and was never accepted itself is replaced once more, since the cloud may have
/// revoked it meanwhile. The next replacement comes after a minute, then two, up to an hour.
struct TokenReplacements: Equatable, Sendable {
    private enum State: Equatable {
        /// The token in use was accepted, or nobody has refused one.
        case settled
        /// A token was refused.
        ///
        /// - Parameter fruitless: How many replacements in a row were refused before it without ever being accepted.
        case replacing(fruitless: Int)
        /// This token replaced a refused one, and the cloud has not accepted it yet.
        case unproved(AccessToken, fruitless: Int, since: Instant)
    }

    private var state = State.settled
    /// The tokens that the cloud refused last. They are not used again, even if the store still has them.
    private(set) var refused: [AccessToken] = []

    /// - Returns: The failure to report instead of replacing the token, or `nil` when it may be replaced.
    func refuseReplacing(_ token: AccessToken, at now: Instant) -> CloudFailure? {
        guard case .unproved(token, let fruitless, let since) = state else { return nil }
        let over = since + Self.hold(fruitless: fruitless)
        // One that begins in the future comes from before the clock was set back.
        guard since <= now, now < over else { return nil }
        return CloudFailure(.unauthorised, "The cloud refuses a token that it has just issued.", retryAt: over)
    }

    /// The cloud answered this token with 401.
    mutating func refused(_ token: AccessToken) {
        if !refused.contains(token) { refused = refused.suffix(7) + [token] }
        switch state {
        case .settled: state = .replacing(fruitless: 0)
        case .unproved(token, let fruitless, _): state = .replacing(fruitless: fruitless + 1)
        // A late answer to a token that has already been replaced.
        case .unproved, .replacing: break
        }
    }

    /// Callers get this token from now on.
    mutating func replaced(by token: AccessToken, at now: Instant) {
        guard case .replacing(let fruitless) = state else { return }
        state = .unproved(token, fruitless: fruitless, since: now)
    }

    /// The cloud accepted it.
    mutating func proved(_ token: AccessToken) {
        guard case .unproved(token, _, _) = state else { return }
        state = .settled
    }

    private static func hold(fruitless: Int) -> Duration {
        fruitless == 0 ? .zero : min(.seconds(60) * (1 << min(fruitless - 1, 6)), .seconds(3600))
    }
}

/// Requests to the token endpoint, or logins to API v1, since the process started.
public struct TokenCounts: Equatable, Sendable {
    public private(set) var logins = 0
    public private(set) var refreshes = 0
    /// Refusals of either.
    public private(set) var refusals = 0

    public init() {}

    mutating func count(_ answer: TokenAnswer, to attempt: TokenAttempt) {
        switch attempt {
        case .logIn: logins += 1
        case .refresh: refreshes += 1
        }
        if answer == .refused { refusals += 1 }
    }

    mutating func count(_ answer: SessionAnswer) {
        logins += 1
        if answer == .refused { refusals += 1 }
    }
}

/// How old the tokens are, so that people can see that they are renewed.
public struct TokenAges: Equatable, Sendable {
    /// `nil` without a token, and for one that came from another program.
    public var accessObtained: Instant?
    /// `nil` without a token.
    public var accessExpires: Instant?
    /// `nil` without a token, and for one that came from another program.
    public var refreshObtained: Instant?

    init(_ memory: TokenMemory) {
        accessObtained = memory.access?.obtained
        accessExpires = memory.access?.expires
        refreshObtained = memory.refresh?.obtained
    }
}
