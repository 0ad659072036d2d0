import Foundation

/// The tasks of one gateway, which carries them out one at a time and in order.
struct GatewayQueue: Sendable {
    /// A change that a task has made and that the status shows from `at` on.
    struct Effect: Sendable {
        let at: Date
        let command: Command
    }

    /// Ids of tasks that have not ended, oldest first.
    private(set) var waiting: [String] = []
    private(set) var effects: [Effect] = []
    private var freeAt = Date.distantPast
    private var visibleAt = Date.distantPast

    mutating func append(_ id: String) { waiting.append(id) }

    /// Carries on with tasks up to a time.
    mutating func advance(_ tasks: inout [String: CommunicationTask], to now: Date) {
        while let id = waiting.first, var task = tasks[id] {
            defer { tasks[id] = task }
            switch task.progress {
            case .created:
                // A task is seen as created for a moment even where the gateway is idle.
                let start = max(task.createdAt.addingTimeInterval(task.duration / 10), freeAt)
                guard start <= now else { return }
                task.startedAt = start
                if task.outcome == .neverEnds {
                    task.progress = .running(until: .distantFuture)
                    waiting.removeFirst()
                } else {
                    task.progress = .running(until: start.addingTimeInterval(task.duration))
                }
            case .running(let end):
                guard end <= now else { return }
                finish(&task, at: end)
                waiting.removeFirst()
            case .succeeded, .failed:
                waiting.removeFirst()
            }
        }
    }

    private mutating func finish(_ task: inout CommunicationTask, at end: Date) {
        freeAt = end
        task.endedAt = end
        task.progress = task.outcome == .succeeds ? .succeeded : .failed
        guard task.outcome == .succeeds else { return }
        visibleAt = max(visibleAt, end.addingTimeInterval(task.visibility))
        effects.append(Effect(at: visibleAt, command: task.command))
    }

    /// A gateway that is back goes on where it was: what was running takes its time anew.
    mutating func resume(_ tasks: inout [String: CommunicationTask], at now: Date) {
        freeAt = max(freeAt, now)
        guard let id = waiting.first, let task = tasks[id], case .running = task.progress else { return }
        tasks[id]?.progress = .running(until: now.addingTimeInterval(task.duration))
    }

    /// The next change that is due by a time, in order.
    mutating func nextEffect(before now: Date) -> Effect? {
        guard let effect = effects.first, effect.at <= now else { return nil }
        effects.removeFirst()
        return effect
    }
}
