/// What a process that waits for the lock makes of what it sees, with no clock and no I/O.
///
/// A holder touches the lock file from time to time. What counts is only whether the file changes while this process
/// watches: no clock is compared with another, so a clock that jumps, and a machine that sleeps, take the lock from
/// nobody. Time is what the watch itself has slept between two looks, in which the holder could have run as well.
struct LockWatch {
    /// What the lock file looked like.
    struct Sight: Equatable {
        /// Which file it was.
        var identity: FileStatus.Identity
        /// When its holder touched it last, by the file system's clock.
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
    ///   - jitter: From 0 to 1: how much of the second half of a step to sleep, so that waiters do not move in step.
    /// - Returns: What to do before the next look.
    mutating func observe(_ sight: Sight, jitter: Double) -> Action {
        waited += lastSleep
        silence = sight == lastSight ? silence + lastSleep : .zero
        lastSight = sight
        lastSleep = .zero
        if silence >= timing.lease {
            // Should another waiter be faster, the watch over its holder starts anew.
            silence = .zero
            return .takeOver
        }
        guard waited < timing.limit else { return .giveUp }
        lastSleep = step * (0.5 + 0.5 * jitter)
        step = min(step * 2, Self.longestStep)
        return .sleep(lastSleep)
    }
}
