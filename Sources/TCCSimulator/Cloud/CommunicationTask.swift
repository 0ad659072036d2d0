import Foundation

/// What a client wants a gateway to do.
enum Command: Sendable, Hashable {
    case setZone(String, Setting<Double>)
    case setHotWater(String, Setting<Bool>)
    case setMode(system: String, SystemModeStatus)
    case writeZoneSchedule(String, Schedule<Double>)
    case writeHotWaterSchedule(String, Schedule<Bool>)

    /// What it is about. Commands with the same subject are those that the cloud can mistake for each other.
    var subject: String {
        switch self {
        case .setZone(let id, _): "zone \(id)"
        case .setHotWater(let id, _): "hot water \(id)"
        case .setMode(let id, _): "system \(id)"
        case .writeZoneSchedule(let id, _): "zone schedule \(id)"
        case .writeHotWaterSchedule(let id, _): "hot water schedule \(id)"
        }
    }

    /// The id of the zone, hot water or system.
    var deviceID: String {
        switch self {
        case .setZone(let id, _), .setHotWater(let id, _), .setMode(let id, _): id
        case .writeZoneSchedule(let id, _), .writeHotWaterSchedule(let id, _): id
        }
    }

    /// Writing a schedule takes longer than anything else.
    var isSlow: Bool {
        switch self {
        case .writeZoneSchedule, .writeHotWaterSchedule: true
        case .setZone, .setHotWater, .setMode: false
        }
    }
}

/// How a communication task ends.
public enum TaskOutcome: String, Sendable, Hashable, CaseIterable {
    /// It is applied, and the status shows it a little later.
    case succeeds
    /// It ends as `Failed`, and nothing is applied.
    case fails
    /// It stays `Running` for ever, and nothing is applied. Later tasks are carried out.
    case neverEnds
    /// The client gets the id of an earlier, successful task with the same subject, and nothing is applied. Seen with
    /// API v1 and with lost devices (evohome4jeedom).
    case earlierTask
}

/// A task that delivers a command to a gateway, as `GET commTasks` shows it.
struct CommunicationTask: Sendable {
    enum Progress: Sendable, Hashable {
        case created
        case running(until: Date)
        case succeeded
        case failed
    }

    let id: String
    let gatewayID: String
    let command: Command
    let outcome: TaskOutcome
    let createdAt: Date
    /// From its start to its end, in seconds.
    let duration: TimeInterval
    /// From its end until the status shows it, in seconds.
    let visibility: TimeInterval
    var progress = Progress.created
    var startedAt: Date?
    var endedAt: Date?

    /// The vendor's word for its progress.
    var state: String {
        switch progress {
        case .created: "Created"
        case .running: "Running"
        case .succeeded: "Succeeded"
        case .failed: "Failed"
        }
    }
}

/// All communication tasks of the account. Old ones are forgotten, as the cloud does.
struct TaskLedger: Sendable {
    private static let remembered = 10_000

    private(set) var tasks: [String: CommunicationTask] = [:]
    private var queues: [String: GatewayQueue] = [:]
    private var order: [String] = []
    private var nextID = 840_000_001
    private var outcomes: [(subject: String?, outcome: TaskOutcome, remaining: Int?)] = []

    /// Determines how tasks end from now on.
    /// - Parameters:
    ///   - outcome: How they end.
    ///   - times: How many of them; `nil` for all.
    ///   - subject: Only those whose ``Command/subject`` contains this; `nil` for any.
    mutating func expect(_ outcome: TaskOutcome, times: Int?, subject: String?) {
        outcomes.append((subject, outcome, times))
    }

    /// Makes tasks succeed again.
    mutating func forgetOutcomes() { outcomes = [] }

    /// Queues a command.
    /// - Returns: The id that the client gets.
    mutating func submit(
        _ command: Command,
        gateway gatewayID: String,
        at now: Date,
        duration: TimeInterval,
        visibility: TimeInterval
    ) -> String {
        let outcome = takeOutcome(for: command)
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

    private mutating func takeOutcome(for command: Command) -> TaskOutcome {
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

    /// Removes and returns the earliest effect that is due at any of the gateways.
    mutating func nextEffect(gateways ids: [String], before now: Date) -> GatewayQueue.Effect? {
        let due = ids.compactMap { id in queues[id]?.nextEffectAt.map { (id: id, at: $0) } }
        let first = due.min { $0.at < $1.at }
        return first.flatMap { queues[$0.id]?.takeEffect(before: now) }
    }
}

/// The tasks of one gateway, which carries them out one at a time and in order.
struct GatewayQueue: Sendable {
    /// What a task has done. The status shows it from `at` on.
    struct Effect: Sendable {
        let at: Date
        let command: Command
    }

    /// The ids of tasks that have not ended, oldest first.
    private var waiting: [String] = []
    private var effects: [Effect] = []
    private var freeAt = Date.distantPast
    private var visibleAt = Date.distantPast

    var nextEffectAt: Date? { effects.first?.at }

    mutating func append(_ id: String) { waiting.append(id) }

    /// Carries out tasks up to a time.
    mutating func advance(_ tasks: inout [String: CommunicationTask], to now: Date) {
        while let id = waiting.first, var task = tasks[id] {
            defer { tasks[id] = task }
            switch task.progress {
            case .created:
                // A task is `Created` for a moment even if the gateway is idle.
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

    /// Continues after the gateway was away. The task that was running starts over.
    mutating func resume(_ tasks: inout [String: CommunicationTask], at now: Date) {
        freeAt = max(freeAt, now)
        guard let id = waiting.first, let task = tasks[id], case .running = task.progress else { return }
        tasks[id]?.progress = .running(until: now.addingTimeInterval(task.duration))
    }

    /// Removes and returns the next effect if it is due.
    mutating func takeEffect(before now: Date) -> Effect? {
        guard let effect = effects.first, effect.at <= now else { return nil }
        return effects.removeFirst()
    }
}
