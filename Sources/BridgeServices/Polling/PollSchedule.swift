public import Basics
public import HeatingModel

/// When something is asked of the cloud next: at an interval while it answers, after a jittered back-off while it does
/// not.
public struct PollSchedule: Sendable {
    private enum Due {
        /// - Parameter stretch: What the interval is multiplied by.
        case afterInterval(since: Instant, stretch: Double)
        case at(Instant)
    }

    /// How often it is asked while it answers. A change counts from the last answer; what a failure asked for stays.
    public var interval: Duration
    private var due: Due?
    private var failures = 0

    public init(interval: Duration) {
        self.interval = interval
    }

    /// When the cloud is asked next; `nil` before the first time.
    public var next: Instant? {
        switch due {
        case .afterInterval(let last, let stretch)?: last + interval * stretch
        case .at(let moment)?: moment
        case nil: nil
        }
    }

    /// It was read.
    ///
    /// - Parameter share: Which part of the interval goes by before it is asked again, where that is not all of it.
    /// - Returns: When it is asked next.
    @discardableResult
    public mutating func succeeded(
        at now: Instant,
        share: Double = 1,
        using randomness: inout some RandomNumberGenerator
    ) -> Instant {
        failures = 0
        // Bridges that were started together should not ask together for ever.
        let stretch = share * Double.random(in: 0.95...1.05, using: &randomness)
        due = .afterInterval(since: now, stretch: stretch)
        return now + interval * stretch
    }

    /// It was not read.
    ///
    /// - Returns: When it is asked next. Where a person must see to the account, that can be before the failure's own
    ///   moment: only asking shows that somebody has logged in, and costs no call, since tokens keep their own time.
    public mutating func failed(
        _ failure: CloudFailure,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) -> Instant {
        failures += 1
        let backoff = Backoff(base: .seconds(5), cap: max(.seconds(60), interval))
        let delay = failure.isRetriable ? backoff.delay(afterFailures: failures, using: &randomness) : interval
        let next = max(now + delay, failure.holdsReadingUntil ?? now)
        due = .at(next)
        return next
    }

    /// It is asked as soon as may be.
    public mutating func hurry(at now: Instant) {
        due = .at(now)
    }
}

extension CloudFailure {
    /// Until when nothing is asked. A refused account is asked for at the interval all the same.
    var holdsReadingUntil: Instant? { kind == .unauthorised ? nil : retryAt }
}
