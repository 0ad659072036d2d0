import Basics
import HeatingModel

/// Where tokens are kept. It is shared by every process that uses the account.
public protocol TokenStore: Sendable {
    /// Runs `body` while no other process can read or write the tokens: only one of them spends a refresh token, and its
    /// successor is on disk before the next one looks.
    ///
    /// - Parameter body: Gets what is stored, `nil` if nothing is, and a function that returns once its argument is on
    ///   disk, synced.
    /// - Throws: ``TokenStoreFailure`` when the store cannot be reached, before `body` runs.
    func exclusively<Result: Sendable>(
        _ body: (_ stored: TokenMemory?, _ write: TokenWriter) async -> Result
    ) async throws(TokenStoreFailure) -> Result
}

/// Writes tokens to disk while the store's lock is held.
public typealias TokenWriter = (TokenMemory) throws(TokenStoreFailure) -> Void

/// Why tokens cannot be kept.
public struct TokenStoreFailure: Error, Equatable, Sendable {
    /// One sentence for people that says what to do.
    public var sentence: String
    /// Whether the store works but another process holds it. Tokens in memory are not refreshed then, since the other may
    /// be spending the same refresh token.
    public var isInUse: Bool

    public init(sentence: String, isInUse: Bool = false) {
        self.sentence = sentence
        self.isInUse = isInUse
    }
}

/// Whether tokens can be kept on disk, and when to try again though no token is needed: what is not on disk is lost
/// with the process.
struct StoreHealth: Equatable, Sendable {
    /// Why tokens are held in memory only; `nil` while the store works.
    private(set) var failure: TokenStoreFailure?
    private var failed = Instant.earliest

    static let retryInterval = Duration.seconds(60)

    /// - Returns: Whether it is news.
    mutating func fails(_ failure: TokenStoreFailure, at now: Instant) -> Bool {
        defer { (self.failure, failed) = (failure, now) }
        return failure != self.failure
    }

    /// - Returns: Whether it is news.
    mutating func works() -> Bool {
        defer { failure = nil }
        return failure != nil
    }

    /// A failure in the future comes from before the clock was set back.
    func isRetryDue(at now: Instant) -> Bool {
        failure != nil && (now < failed || now >= failed + Self.retryInterval)
    }
}
