import Basics

/// How long to wait before the next attempt: longer each time, and at random, so that the clients of a broker that
/// comes back do not all come at once ("full jitter").
struct Backoff: Sendable {
    /// The most that is waited before the first repetition.
    let first: Duration
    /// The most that is ever waited.
    let limit: Duration

    static let standard = Backoff(first: .milliseconds(500), limit: .seconds(5))

    /// - Parameters:
    ///   - failures: How many attempts have failed so far, at least 1.
    ///   - generator: Draws the share of the most that is waited.
    /// - Returns: From nothing up to `first` doubled for each failure after the first, and never more than `limit`.
    func delay(after failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(max(failures - 1, 0), 30)
        let most = min(limit, first * (1 << doublings))
        return most * Double.random(in: 0...1, using: &generator)
    }
}
