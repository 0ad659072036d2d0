import Basics
import BridgeCore
import HeatingModel

/// Callers that wait for readings.
struct ReadingWaiters {
    private struct Waiter {
        var missing: Set<Reading>
        /// A reading that was asked for before this does not serve; `nil` for any.
        var since: Uptime?
        var promise: Promise<CloudFailure?>
    }

    private var waiters: [Waiter] = []

    /// - Parameter readings: None means that there is nothing to wait for.
    mutating func add(_ promise: Promise<CloudFailure?>, for readings: Set<Reading>, askedSince since: Uptime? = nil) {
        guard !readings.isEmpty else { return promise.keep(nil) }
        waiters.append(Waiter(missing: readings, since: since, promise: promise))
    }

    /// A reading ended. That ends the wait of those who have everything by now, or for whom it failed.
    mutating func ended(_ reading: Reading, asked: Uptime, _ failure: CloudFailure?) {
        for index in waiters.indices where waiters[index].since.map({ $0 <= asked }) ?? true {
            guard waiters[index].missing.remove(reading) != nil else { continue }
            if failure != nil { waiters[index].missing = [] }
            if waiters[index].missing.isEmpty { waiters[index].promise.keep(failure) }
        }
        waiters.removeAll(where: \.missing.isEmpty)
    }

    /// Ends the wait of all.
    func giveUp(_ failure: CloudFailure) {
        for waiter in waiters { waiter.promise.keep(failure) }
    }
}
