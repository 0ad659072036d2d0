import Basics
import HeatingModel

/// The changing calls through one gateway: one at a time, so many a minute, and none for a while after a failure that may
/// pass.
struct GatewayLine: Sendable {
    private(set) var isBusy = false
    private(set) var lastFailure: CloudFailure?
    /// When calls were made, the latest that count.
    private var calls: [Instant] = []
    private var failures = 0
    private var heldUntil: Instant?

    /// When the next call may go out if the line is not busy; `nil` for at any time.
    func earliestCall(atMost callsPerMinute: Int) -> Instant? {
        let limited = calls.count < callsPerMinute ? nil : calls[calls.count - callsPerMinute] + .seconds(60)
        return [heldUntil, limited].compactMap(\.self).max()
    }

    mutating func called(at now: Instant) {
        isBusy = true
        calls.removeAll { $0 + .seconds(60) <= now }
        calls.append(now)
    }

    mutating func accepted() {
        isBusy = false
        (failures, heldUntil, lastFailure) = (0, nil, nil)
    }

    /// No call was needed after all.
    mutating func spared() {
        isBusy = false
        calls.removeLast()
    }

    /// The cloud refused it for good, which says nothing of the next call.
    mutating func refused() {
        isBusy = false
    }

    mutating func failed(
        _ failure: CloudFailure,
        at now: Instant,
        backoff: Backoff,
        using randomness: inout some RandomNumberGenerator
    ) {
        isBusy = false
        failures += 1
        lastFailure = failure
        heldUntil = max(now + backoff.delay(afterFailures: failures, using: &randomness), failure.retryAt ?? now)
    }
}
