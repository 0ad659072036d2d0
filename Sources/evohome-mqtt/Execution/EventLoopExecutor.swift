import NIOCore
import NIOPosix

/// Where tasks run: on the thread of the one event loop that the sockets are on.
///
/// Swift's own executor uses Dispatch's threads. From the first task on, Dispatch reviews their number every second for as
/// long as the program runs, which would be most of what an idle bridge costs. On the event loop, a task that answers a
/// socket also needs no second thread to wake up. What blocks (the disk, the broker) has threads of its own anyway.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    /// Call it once, before there is a task anywhere but on the main thread.
    ///
    /// The preference for this executor passes from a task to its children. A library's unstructured task goes to the loop
    /// by SwiftNIO's hook or, where the compiler is too new for that, to Swift's own threads. The hook alone would do, but
    /// it runs a task as if it were isolated to the loop: each nonisolated function then leaves the loop and queues for it
    /// again, a hundred times a poll.
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
