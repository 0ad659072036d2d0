import CDispatch
import Glibc

/// A thread of its own for calls that block: the cooperative pool is only as wide as the machine has cores.
enum DetachedThread {
    /// - Throws: ``ConnectionFailure/resources(_:)`` when the system has no thread left.
    static func start(_ body: @escaping @Sendable () -> Void) throws(ConnectionFailure) {
        let start = Unmanaged.passRetained(ThreadStart(body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let code = pthread_create(&thread, &attributes, threadMain, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw .resources(SystemError.sentence(code))
        }
    }
}

private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    Unmanaged<ThreadStart>.fromOpaque(context!).takeRetainedValue().body()
    return nil
}
