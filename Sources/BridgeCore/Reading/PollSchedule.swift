public import Basics
public import HeatingModel

/// When something is read next: at an interval while the cloud answers, after a jittered back-off while it does not.
public struct PollSchedule: Sendable {
    private enum Due {
        /// - Parameter stretch: What the interval is multiplied by.
        case afterInterval(since: Uptime, stretch: Double)
        case at(Uptime)
    }

    /// The time between two readings. A change counts from the last answer; the pause after a failure stays.
    public var interval: Duration
    private var due: Due?
    private var failures = 0

    public init(interval: Duration) {
        self.interval = interval
    }

    /// When it is read next; `nil` before the first time.
    public var next: Uptime? {
        switch due {
        case .afterInterval(let last, let stretch)?: last + interval * stretch
        case .at(let moment)?: moment
        case nil: nil
        }
    }

    /// It was read.
    ///
    /// - Parameter share: The part of the interval until the next reading, where that is not all of it.
    /// - Returns: When it is read next.
    @discardableResult
    public mutating func succeeded(
        at now: Uptime,
        share: Double = 1,
        using randomness: inout some RandomNumberGenerator
    ) -> Uptime {
        failures = 0
        // Bridges that were started together should not read together for ever.
        let stretch = share * Double.random(in: 0.95...1.05, using: &randomness)
        due = .afterInterval(since: now, stretch: stretch)
        return now + interval * stretch
    }

    /// It could not be read.
    ///
    /// - Parameter hold: Until when the cloud wants to be left alone; `nil` if it did not say.
    /// - Returns: When it is read next.
    public mutating func failed(
        _ failure: CloudFailure,
        until hold: Uptime?,
        at now: Uptime,
        using randomness: inout some RandomNumberGenerator
    ) -> Uptime {
        failures += 1
        let backoff = Backoff(base: .seconds(5), cap: max(.seconds(60), interval))
        let delay = failure.isRetriable ? backoff.delay(afterFailures: failures, using: &randomness) : interval
        let next = max(now + delay, hold ?? now)
        due = .at(next)
        return next
    }
}
