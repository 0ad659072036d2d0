/// How long a process waits for the lock of a state file, and when it takes the lock from a holder that stands still.
public struct LockTiming: Equatable, Sendable {
    /// How long to wait before giving up with ``StateFileError/Code/locked``.
    public var limit: Duration

    /// How long a holder may show no sign of life before it is replaced. A holder shows one four times in this time,
    /// for as long as it holds the lock.
    public var lease: Duration

    /// - Parameters:
    ///   - limit: How long to wait. More than the lease, and more than the longest work under the lock.
    ///   - lease: How long a holder may stand still, in which a slow disk may well take seconds for one write.
    public init(limit: Duration = .seconds(60), lease: Duration = .seconds(10)) {
        self.limit = limit
        self.lease = lease
    }

    /// The time between two signs of life.
    var heartbeat: Duration { lease / 4 }
}
