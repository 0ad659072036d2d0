/// How long a process waits for the lock of a state file, and when it takes it over from a holder that stands still.
public struct LockTiming: Equatable, Sendable {
    /// How long to wait before failing with ``StateFileError/Code/locked``.
    public var limit: Duration

    /// How long a holder may give no sign of life before it is replaced. A holder gives four in this time, as long as it
    /// holds the lock.
    public var lease: Duration

    /// - Parameters:
    ///   - limit: How long to wait. Longer than the lease, and than the longest work under the lock.
    ///   - lease: How long a process may stand still without losing the lock. Slow disks do not count: signs of life go
    ///     on during a write.
    public init(limit: Duration = .seconds(60), lease: Duration = .seconds(10)) {
        self.limit = limit
        self.lease = lease
    }

    /// The time between two signs of life.
    var heartbeat: Duration { lease / 4 }
}

/// What a process that waits for the lock concludes from what it sees, without a clock and without I/O.
///
/// A holder touches the lock file from time to time. All that counts is whether the file changes while this process
/// watches: no clock is compared with another, so neither a clock that jumps nor a machine that sleeps costs a holder the
/// lock. Time is what the watch itself has slept between two looks, time in which the holder could have run as well.
struct LockWatch {
    /// What the lock file looked like.
    struct Sight: Equatable {
        var identity: FileStatus.Identity
        /// When its holder last touched it, by the file system's clock.
        var modified: Int64
    }

    /// What to do after a look.
    enum Action: Equatable {
        /// Look again after this time.
        case sleep(Duration)
        /// The holder has stood still for the whole lease: replace the lock file.
        case takeOver
        /// The limit is reached.
        case giveUp
    }

    private let timing: LockTiming
    private var lastSight: Sight?
    private var lastSleep = Duration.zero
    private var step = Duration.milliseconds(2)
    private var waited = Duration.zero
    private var silence = Duration.zero

    private static let longestStep = Duration.milliseconds(64)

    init(timing: LockTiming) {
        self.timing = timing
    }

    /// Takes a look into account.
    ///
    /// - Parameters:
    ///   - sight: What the locked file looks like now.
    ///   - jitter: From 0 to 1: how much of the second half of a step to sleep, so that waiters do not act in unison.
    /// - Returns: What to do before the next look.
    mutating func observe(_ sight: Sight, jitter: Double) -> Action {
        waited += lastSleep
        silence = sight == lastSight ? silence + lastSleep : .zero
        lastSight = sight
        lastSleep = .zero
        if silence >= timing.lease {
            // If another waiter is faster, the watch over the new holder starts from zero.
            silence = .zero
            return .takeOver
        }
        guard waited < timing.limit else { return .giveUp }
        lastSleep = step * (0.5 + 0.5 * jitter)
        step = min(step * 2, Self.longestStep)
        return .sleep(lastSleep)
    }
}
