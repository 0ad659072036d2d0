import BridgeCore
import HeatingModel
import Synchronization

/// The communication tasks of this run's calls, as far as they are known. Only the latest are remembered.
final class ToldTasks: Sendable {
    private struct State {
        var states: [CommunicationTaskID: CommunicationTaskState] = [:]
        /// In order.
        var began: [(task: CommunicationTaskID, command: Command.ID)] = []
    }

    private static let limit = 512

    private let state = Mutex(State())

    subscript(task: CommunicationTaskID) -> CommunicationTaskState? { state.withLock { $0.states[task] } }

    func began(_ task: CommunicationTaskID?, of command: Command.ID) {
        guard let task else { return }
        state.withLock { state in
            // The cloud can hand out an earlier task again.
            state.began.removeAll { $0.task == task }
            state.began.append((task, command))
            state.states[task] = CommunicationTaskState(rawValue: "running")
            if state.began.count > Self.limit { state.states[state.began.removeFirst().task] = nil }
        }
    }

    /// - Parameter outcome: One that expired says nothing of its task, which the gateway may carry out later.
    func ended(_ command: Command.ID, as outcome: Outcome) {
        state.withLock { state in
            guard let task = state.began.last(where: { $0.command == command })?.task else { return }
            switch outcome.kind {
            case .succeeded: state.states[task] = .succeeded
            case .failed: state.states[task] = .failed
            case .rejected, .superseded, .expired: break
            }
        }
    }
}
