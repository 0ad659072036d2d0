import Basics
import HeatingModel

/// How long the cloud is left alone altogether: after failures, and where it has said so.
struct CloudPause: Sendable {
    /// Nothing that can wait is read before this.
    private(set) var heldUntil: Uptime?
    /// Nothing at all is read before this.
    private(set) var barredUntil: Uptime?
    private var failures = 0

    /// - Parameter moment: When something that can wait would be read.
    func end(notBefore moment: Uptime) -> Uptime {
        [moment, heldUntil, barredUntil].compactMap(\.self).max() ?? moment
    }

    mutating func bar(until moment: Uptime) {
        barredUntil = max(barredUntil ?? moment, moment)
    }

    /// The cloud has answered. A bar stays until it has passed: the reading may have begun before it.
    mutating func answered(at now: Uptime) {
        (failures, heldUntil) = (0, nil)
        if let bar = barredUntil, bar <= now { barredUntil = nil }
    }

    /// - Parameters:
    ///   - hold: Until when the cloud wants to be left alone; `nil` if it did not say.
    ///   - interval: Between two statuses.
    mutating func failed(
        _ failure: CloudFailure,
        until hold: Uptime?,
        interval: Duration,
        at now: Uptime,
        using randomness: inout some RandomNumberGenerator
    ) {
        guard failure.kind != .refused else {
            // The cloud answers: nothing but this is wrong.
            (failures, heldUntil) = (0, nil)
            return
        }
        failures += 1
        let backoff = Backoff(base: .seconds(5), cap: max(.seconds(60), interval))
        let pause = failure.isRetriable ? backoff.delay(afterFailures: failures, using: &randomness) : interval
        heldUntil = max(now + pause, hold ?? now)
        if let hold { bar(until: hold) }
    }
}
