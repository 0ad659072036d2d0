import BridgeCore
import HeatingModel

/// The communication tasks of this run's calls, as far as they are known. Only the latest are remembered.
struct ToldTasks {
    static let limit = 512

    private var states: [CommunicationTaskID: CommunicationTaskState] = [:]
    /// In order.
    private var began: [(task: CommunicationTaskID, command: Command.ID)] = []

    subscript(task: CommunicationTaskID) -> CommunicationTaskState? { states[task] }

    mutating func began(_ task: CommunicationTaskID?, of command: Command.ID) {
        guard let task else { return }
        // The cloud can hand out an earlier task again.
        began.removeAll { $0.task == task }
        began.append((task, command))
        states[task] = CommunicationTaskState(rawValue: "running")
        if began.count > Self.limit { states[began.removeFirst().task] = nil }
    }

    /// - Parameter outcome: One that expired says nothing of its task, which the gateway may carry out later.
    mutating func ended(_ command: Command.ID, as outcome: Outcome) {
        guard let task = began.last(where: { $0.command == command })?.task else { return }
        switch outcome.kind {
        case .succeeded: states[task] = .succeeded
        case .failed: states[task] = .failed
        case .rejected, .superseded, .expired: break
        }
    }
}
