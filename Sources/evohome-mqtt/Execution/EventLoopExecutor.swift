import NIOCore
import NIOPosix

/// Where tasks run: on the thread of the one event loop that the sockets are on.
///
/// Swift's own executor has threads of Dispatch, whose number Dispatch reviews each second from the first task on, for as
/// long as the program runs: most of what a bridge would cost that waits for its next poll. A task that answers a socket
/// also needs no second thread to wake up this way. What blocks has threads of its own anyway: the disk, the broker.
enum EventLoopExecutor {
    /// Call it before there is a task anywhere but on the main thread.
    ///
    /// Where the compiler is too new for it, tasks run as Swift has it.
    @MainActor
    static func install() {
        guard NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor() else { return }
        NIOSingletons.groupLoopCountSuggestion = 1
    }
}
