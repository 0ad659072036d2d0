import Glibc
import Synchronization

/// One attempt to connect, on a thread of its own, so that a name server or a host that does not answer never holds up
/// the loop: the loop can abandon the attempt at any time and leave the thread to end by itself.
final class ConnectionAttempt: Sendable {
    private enum State {
        case running
        case finished(Result<MosquittoHandle, ConnectionFailure>)
        case abandoned
    }

    private let state = Mutex(State.running)

    /// Starts the attempt, which wakes the loop when there is a result.
    init(
        _ configuration: MQTTConfiguration,
        version: MQTTProtocolVersion,
        lastWill: LastWillStrength,
        wakeUp: WakeUp
    ) throws(ConnectionFailure) {
        try DetachedThread.start { [self] in
            let result = Result { () throws(ConnectionFailure) in
                let handle = try MosquittoHandle(configuration, version: version, lastWill: lastWill)
                try handle.connect(configuration)
                return handle
            }
            state.withLock { state in
                if case .running = state { state = .finished(result) }
            }
            wakeUp.signal()
        }
    }

    /// - Returns: The handle, now the caller's alone, or why there is none; `nil` while the attempt is running.
    func takeResult() -> Result<MosquittoHandle, ConnectionFailure>? {
        state.withLock { state in
            guard case .finished(let result) = state else { return nil }
            state = .abandoned
            return result
        }
    }

    /// A handle that arrives after this is closed on the thread that made it.
    func abandon() { state.withLock { $0 = .abandoned } }
}

/// A thread of its own for calls that block: the cooperative pool is only as wide as the machine has cores.
enum DetachedThread {
    /// - Throws: ``ConnectionFailure/resources(_:)`` when the system has no thread left.
    static func start(_ body: @escaping @Sendable () -> Void) throws(ConnectionFailure) {
        let start = Unmanaged.passRetained(ThreadStart(body))
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, threadMain, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw .resources(SystemError.sentence(code))
        }
        pthread_detach(thread)
    }
}

private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().body() }
    return nil
}
