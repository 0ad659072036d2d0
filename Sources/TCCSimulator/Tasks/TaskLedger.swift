import Foundation

/// All communication tasks of the account. Old ones are forgotten, as the cloud does.
struct TaskLedger: Sendable {
    private static let remembered = 10_000

    private(set) var tasks: [String: CommunicationTask] = [:]
    private var queues: [String: GatewayQueue] = [:]
    private var order: [String] = []
    private var nextID = 840_000_001
    private var outcomes: [(subject: String?, outcome: TaskOutcome, remaining: Int?)] = []

    /// Tasks from now on end like this: so many of them or, with nil, all; those whose ``Command/subject`` holds a
    /// text or, with nil, any.
    mutating func expect(_ outcome: TaskOutcome, times: Int?, subject: String?) {
        outcomes.append((subject, outcome, times))
    }

    /// Tasks succeed again.
    mutating func forgetOutcomes() { outcomes = [] }

    /// Queues a command and gives the id that the client is told.
    mutating func submit(
        _ command: Command,
        gateway gatewayID: String,
        at now: Date,
        duration: TimeInterval,
        visibility: TimeInterval
    ) -> String {
        let outcome = nextOutcome(for: command)
        if outcome == .earlierTask, let earlier = lastSucceeded(command.subject, gatewayID) { return earlier }
        let id = "\(nextID)"
        nextID += 1
        var task = CommunicationTask(
            id: id,
            gatewayID: gatewayID,
            command: command,
            outcome: outcome,
            createdAt: now,
            duration: duration,
            visibility: visibility
        )
        if outcome == .earlierTask {
            (task.progress, task.startedAt, task.endedAt) = (.succeeded, now, now)
        } else {
            queues[gatewayID, default: GatewayQueue()].append(id)
        }
        tasks[id] = task
        order.append(id)
        forgetOldTasks()
        return id
    }

    private mutating func nextOutcome(for command: Command) -> TaskOutcome {
        let index = outcomes.firstIndex { expected in
            expected.subject.map { command.subject.contains($0) } ?? true
        }
        guard let index else { return .succeeds }
        let outcome = outcomes[index].outcome
        if let remaining = outcomes[index].remaining {
            outcomes[index].remaining = remaining - 1
            if remaining <= 1 { outcomes.remove(at: index) }
        }
        return outcome
    }

    private func lastSucceeded(_ subject: String, _ gatewayID: String) -> String? {
        order.last { id in
            guard let task = tasks[id] else { return false }
            return task.progress == .succeeded && task.gatewayID == gatewayID && task.command.subject == subject
        }
    }

    private mutating func forgetOldTasks() {
        guard order.count > Self.remembered * 2 else { return }
        for id in order.prefix(Self.remembered) { tasks[id] = nil }
        order.removeFirst(Self.remembered)
    }

    mutating func advance(gateway id: String, to now: Date) {
        queues[id]?.advance(&tasks, to: now)
    }

    mutating func resume(gateway id: String, at now: Date) {
        queues[id]?.resume(&tasks, at: now)
    }

    /// The earliest change that is due by a time at any of the gateways.
    mutating func nextEffect(gateways ids: [String], before now: Date) -> GatewayQueue.Effect? {
        let due = ids.filter { queues[$0]?.effects.isEmpty == false }
        let first = due.min { (queues[$0]?.effects.first?.at ?? now) < (queues[$1]?.effects.first?.at ?? now) }
        return first.flatMap { queues[$0]?.nextEffect(before: now) }
    }
}
