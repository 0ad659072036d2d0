import HeatingModel
import Synchronization
import TCCClient

/// A state file in memory, with the lock that goes with it, and with the faults of disks.
final class SharedStore: TokenStore {
    private struct State {
        var stored: TokenMemory?
        var isHeld = false
        var queue: [CheckedContinuation<Void, Never>] = []
        var writes: [TokenMemory] = []
        var openings = 0
        var openFailure: TokenStoreFailure?
        var writeFailure: TokenStoreFailure?
        var onWrite: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>

    init(_ stored: TokenMemory? = nil) {
        state = Mutex(State(stored: stored))
    }

    var stored: TokenMemory? { state.withLock { $0.stored } }
    var writes: [TokenMemory] { state.withLock { $0.writes } }
    var openings: Int { state.withLock { $0.openings } }

    func fails(toOpen: TokenStoreFailure? = nil, toWrite: TokenStoreFailure? = nil) {
        state.withLock { ($0.openFailure, $0.writeFailure) = (toOpen, toWrite) }
    }

    /// What happens while something is being written, before it is on the disk.
    func onWrite(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.onWrite = action }
    }

    func put(_ memory: TokenMemory) {
        state.withLock { $0.stored = memory }
    }

    func exclusively<Result: Sendable>(
        _ body: (_ stored: TokenMemory?, _ write: TokenWriter) async -> Result
    ) async throws(TokenStoreFailure) -> Result {
        if let failure = state.withLock({ $0.openFailure }) { throw failure }
        await lock()
        defer { unlock() }
        let stored = state.withLock { state in
            state.openings += 1
            return state.stored
        }
        return await body(stored) { (memory) throws(TokenStoreFailure) in
            self.state.withLock { $0.onWrite }?()
            let failure = self.state.withLock { state in
                guard state.writeFailure == nil else { return state.writeFailure }
                state.stored = memory
                state.writes.append(memory)
                return nil
            }
            if let failure { throw failure }
        }
    }

    private func lock() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isHeld { state.queue.append(continuation) }
                defer { state.isHeld = true }
                return !state.isHeld
            }
            if isFree { continuation.resume() }
        }
    }

    private func unlock() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard state.queue.isEmpty else { return state.queue.removeFirst() }
            state.isHeld = false
            return nil
        }
        next?.resume()
    }
}
