import Synchronization

/// A value that one task waits for and another one provides, once. Cancelling the waiting task ends its wait.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Value, Never>)
        case kept(Value)
    }

    private let state = Mutex(State.idle)
    private let cancelled: Value

    /// - Parameter cancelled: The value of a cancelled wait.
    init(ifCancelled cancelled: Value) {
        self.cancelled = cancelled
    }

    /// Waits for the value. May be called once.
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

    /// Provides the value. Only the first one counts.
    func keep(_ value: Value) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, Never>? in
            defer { if case .kept = state {} else { state = .kept(value) } }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(returning: value)
    }
}
