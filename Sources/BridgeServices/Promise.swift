import Synchronization

/// A value that one task waits for and another one provides, once. A wait that is cancelled ends at once.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Value, Never>)
        case kept(Value)
    }

    private let state = Mutex(State.idle)
    private let cancelled: Value

    /// - Parameter cancelled: What a cancelled wait returns.
    init(ifCancelled cancelled: Value) {
        self.cancelled = cancelled
    }

    /// Waits for the value; to be called once.
    func value() async -> Value {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let value = state.withLock { state -> Value? in
                    if case .kept(let value) = state { return value }
                    state = .waiting(continuation)
                    return nil
                }
                if let value { continuation.resume(returning: value) }
            }
        } onCancel: {
            keep(cancelled)
        }
    }

    /// Provides the value; the first one counts.
    func keep(_ value: Value) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, Never>? in
            defer { if case .kept = state {} else { state = .kept(value) } }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(returning: value)
    }
}
