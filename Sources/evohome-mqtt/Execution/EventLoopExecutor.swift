import NIOCore
import NIOPosix

/// Where tasks run: on the thread of the one event loop that the sockets are on.
///
/// Swift's own executor has threads of Dispatch, whose number Dispatch reviews each second from the first task on, for as
/// long as the program runs: most of what a bridge would cost that waits for its next poll. A task that answers a socket
/// also needs no second thread to wake up this way. What blocks has threads of its own anyway: the disk, the broker.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    /// Call it once, before there is a task anywhere but on the main thread.
    ///
    /// The preference for this executor passes from a task to its children. A library's task that is nobody's child goes to
    /// the loop by SwiftNIO's hook, or where the compiler is too new for that, to Swift's own threads. The hook alone would
    /// do, but it runs a task as if it were isolated to the loop: each function that is isolated to nothing leaves the loop
    /// and waits there again, a hundred times a poll.
    @MainActor
    init() {
        NIOSingletons.groupLoopCountSuggestion = 1
        NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
        loop = MultiThreadedEventLoopGroup.singleton.any()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
