import Basics
import HeatingModel

/// Whether tokens can be kept on disk, and when that is tried again though no token is needed: what could not be
/// written is lost with the process.
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

    /// A failure in the future comes from a clock that was set back.
    func isRetryDue(at now: Instant) -> Bool {
        failure != nil && (now < failed || now >= failed + Self.retryInterval)
    }
}
