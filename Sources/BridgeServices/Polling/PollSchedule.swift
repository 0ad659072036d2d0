public import HeatingModel

/// When the cloud is asked next: at an interval while it answers, after a jittered back-off while it does not.
public struct PollSchedule: Sendable {
    private let interval: Duration
    private let backoff: Backoff
    private var failures = 0

    public init(interval: Duration) {
        self.interval = interval
        backoff = Backoff(base: .seconds(5), cap: max(.seconds(60), interval))
    }

    /// All of it was read.
    public mutating func succeeded(at now: Instant, using randomness: inout some RandomNumberGenerator) -> Instant {
        failures = 0
        // Bridges that were started together should not ask together for ever.
        return now + interval * Double.random(in: 0.95...1.05, using: &randomness)
    }

    /// Something was not read.
    public mutating func failed(
        _ failure: CloudFailure,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) -> Instant {
        failures += 1
        let delay = failure.isRetriable ? backoff.delay(afterFailures: failures, using: &randomness) : interval
        return max(now + delay, failure.retryAt ?? now)
    }
}
