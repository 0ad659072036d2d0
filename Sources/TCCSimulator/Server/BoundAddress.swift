import Synchronization

/// An address that is known once a listener is bound.
final class BoundAddress: Sendable {
    private typealias Waiter = CheckedContinuation<SimulatorConfiguration.Address, any Error>

    private enum State {
        case unbound(waiters: [Int: Waiter], next: Int)
        case bound(SimulatorConfiguration.Address)
        case failed
    }

    private let state = Mutex(State.unbound(waiters: [:], next: 0))

    func resolve(_ address: SimulatorConfiguration.Address) {
        for waiter in settle(.bound(address)) { waiter.resume(returning: address) }
    }

    /// The listener ended. An address that was known is known no longer.
    func fail() {
        for waiter in settle(.failed) { waiter.resume(throwing: SimulatorError.notRunning) }
    }

    private func settle(_ new: State) -> [Waiter] {
        state.withLock { state in
            let old = state
            state = new
            if case .unbound(let waiters, _) = old { return Array(waiters.values) }
            return []
        }
    }

    var value: SimulatorConfiguration.Address {
        get async throws {
            let id = state.withLock { state in
                guard case .unbound(let waiters, let next) = state else { return 0 }
                state = .unbound(waiters: waiters, next: next + 1)
                return next
            }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { wait($0, id) }
            } onCancel: {
                cancel(id)
            }
        }
    }

    private func wait(_ waiter: Waiter, _ id: Int) {
        let result: Result<SimulatorConfiguration.Address, any Error>? = state.withLock { state in
            switch state {
            // A task that was cancelled before it waits: its handler has found nobody here.
            case .unbound where Task.isCancelled: return .failure(CancellationError())
            case .unbound(var waiters, let next):
                waiters[id] = waiter
                state = .unbound(waiters: waiters, next: next)
                return nil
            case .bound(let address): return .success(address)
            case .failed: return .failure(SimulatorError.notRunning)
            }
        }
        if let result { waiter.resume(with: result) }
    }

    private func cancel(_ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard case .unbound(var waiters, let next) = state else { return nil }
            let waiter = waiters.removeValue(forKey: id)
            state = .unbound(waiters: waiters, next: next)
            return waiter
        }
        waiter?.resume(throwing: CancellationError())
    }
}
