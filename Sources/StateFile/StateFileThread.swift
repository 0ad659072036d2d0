import Dispatch

/// A serial thread for the work of one state file.
///
/// `fsync`, `rename` and even `open` block for as long as the disk takes, and a worn SD card takes seconds. On the
/// cooperative pool, which has as many threads as the machine has cores, one such call could stop the whole program.
/// Dispatch gives a serial queue a thread beyond that pool for as long as there is work.
final class StateFileThread: TaskExecutor {
    private let queue = DispatchQueue(label: "state-file")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

/// Calls a function again and again, on a thread of its own.
///
/// It depends neither on the cooperative pool nor on the ``StateFileThread``: signs of life must go on while that stands
/// in a system call.
struct Heartbeat: ~Copyable {
    private let timer: any DispatchSourceTimer

    init(every interval: Duration, _ beat: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "state-file.heartbeat"))
        let seconds = min(interval / .seconds(1), Self.longestInterval)
        timer.schedule(deadline: .now() + seconds, repeating: seconds)
        timer.setEventHandler(handler: beat)
        timer.activate()
    }

    /// A beat that is under way may still end after this returns.
    func stop() { timer.cancel() }

    /// In seconds; Dispatch counts nanoseconds and would overflow.
    private static let longestInterval = 86_400.0
}
