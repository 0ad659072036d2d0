/// How long to wait after the n-th failure in a row: exponential with full jitter, so that many clients that lost the
/// same server do not come back at the same moment.
public struct Backoff: Equatable, Sendable {
    /// The longest first wait.
    public var base: Duration
    /// The longest wait of all.
    public var cap: Duration
    /// The shortest wait of all; full jitter alone could choose none.
    public var floor: Duration

    public init(base: Duration, cap: Duration, floor: Duration = .seconds(1)) {
        self.base = base
        self.cap = cap
        self.floor = min(floor, cap)
    }

    /// - Parameters:
    ///   - failures: Failures in a row, 1 after the first.
    ///   - randomness: Where the jitter comes from.
    public func delay(afterFailures failures: Int, using randomness: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(max(failures - 1, 0), 20)
        let longest = min(cap, base * (1 << doublings))
        let jittered = longest * Double.random(in: 0...1, using: &randomness)
        return max(floor, jittered)
    }
}
