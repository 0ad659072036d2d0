public import Basics
public import HeatingModel

/// The life of every command, from the message to its one outcome.
///
/// ```
/// received ─► waiting ─► sending ─► following ─► outcome
///                │          │           └─ confirmed, contradicted, failed or expired
///                │          ├─ the cloud is away: back to waiting
///                │          └─ refused, or nothing to do
///                └─ superseded or expired
/// ```
/// A subject has one command on its way and at most one that waits; a gateway has one call at a time that changes
/// something. A call of another program waits only for its gateway: the cloud would take it from that program, too. The
/// ``CommandFollower`` supersedes what was on its way for the same subject.
///
/// A value without clock or network: each input returns what is to be done.
public struct CommandQueue: Sendable {
    /// What is to be done for a command.
    public enum Action: Equatable, Sendable {
        /// Decide on its call and send it; answer with ``answered(_:by:retryAfter:at:using:)``.
        case send(Command)
        /// Follow what was accepted; answer with ``concluded(_:as:at:)``.
        case follow(Command, Acceptance)
        /// Publish its outcome. The queue has forgotten it.
        case settle(Command, Outcome, CommandTimes)
    }

    /// A call that the cloud has accepted, and the task that delivers it, if the cloud named one.
    public struct Acceptance: Equatable, Sendable {
        public var call: PlannedCall
        public var task: CommunicationTaskID?
        /// Whether a status that shows the change proves that the task has succeeded; see ``CommandFollower/Followed``.
        public var isProvedByStatus: Bool

        public init(call: PlannedCall, task: CommunicationTaskID?, isProvedByStatus: Bool) {
            self.call = call
            self.task = task
            self.isProvedByStatus = isProvedByStatus
        }
    }

    /// The result of sending.
    public enum Answer: Equatable, Sendable {
        case accepted(Acceptance)
        /// No call was needed, or none was possible.
        case concluded(Outcome)
        case failed(CloudFailure)
    }

    private enum Phase: Equatable, Sendable {
        case waiting
        case sending
        case following(accepted: Uptime)
    }

    private struct Entry: Sendable {
        var command: Command
        var gateway: GatewayID
        var phase: Phase
    }

    private let expiry: Duration
    private let callsPerMinute: Int
    private let backoff: Backoff
    /// In order of arrival.
    private var entries: [Entry] = []
    private var lines: [GatewayID: GatewayLine] = [:]

    /// - Parameters:
    ///   - expiry: How long a command may take altogether.
    ///   - callsPerMinute: Changing calls a minute for each gateway.
    ///   - backoff: How long a gateway's calls pause after a failure that may pass.
    public init(expiry: Duration, callsPerMinute: Int, backoff: Backoff) {
        self.expiry = expiry
        self.callsPerMinute = max(callsPerMinute, 1)
        self.backoff = backoff
    }

    /// Commands that have no outcome yet.
    public var count: Int { entries.count }

    /// The latest command for a subject that has no outcome yet, and whether a new one would supersede it.
    public func latest(for subject: Command.Subject) -> (command: Command, isWaiting: Bool)? {
        entries.last { $0.command.subject == subject }.map { ($0.command, $0.phase == .waiting) }
    }

    /// When ``advance(at:)`` has something to do again, if nothing else happens before.
    public var nextMoment: Uptime? {
        entries.lazy.filter { $0.phase == .waiting }.map { entry in
            let deadline = entry.command.sendingDeadline(expiry: expiry)
            return earliestSending(of: entry).map { min($0, deadline) } ?? deadline
        }.min()
    }

    /// A command that was checked has come.
    public mutating func receive(_ command: Command, by gateway: GatewayID, at now: Uptime) -> [Action] {
        var actions: [Action] = []
        var command = command
        if let index = entries.firstIndex(where: { $0.command.subject == command.subject && $0.phase == .waiting }) {
            let older = entries.remove(at: index).command
            command.action = command.action.superseding(older.action)
            actions.append(.settle(older, .superseded, CommandTimes()))
        }
        entries.append(Entry(command: command, gateway: gateway, phase: .waiting))
        return actions + advance(at: now)
    }

    /// A command's call was answered, or turned out not to be needed.
    public mutating func answered(
        _ id: Command.ID,
        by answer: Answer,
        retryAfter: Duration? = nil,
        at now: Uptime,
        using randomness: inout some RandomNumberGenerator
    ) -> [Action] {
        guard let index = entries.firstIndex(where: { $0.command.id == id && $0.phase == .sending }) else { return [] }
        let entry = entries[index]
        var actions: [Action] = []
        switch answer {
        case .accepted(let acceptance):
            lines[entry.gateway]?.accepted()
            entries[index].phase = .following(accepted: now)
            actions = [.follow(entry.command, acceptance)]
        case .concluded(let outcome):
            lines[entry.gateway]?.spared()
            entries.remove(at: index)
            actions = [.settle(entry.command, outcome, CommandTimes())]
        case .failed(let failure) where failure.isRetriable && !entry.command.isToldOf(failure):
            lines[entry.gateway]?.failed(failure, retryAfter: retryAfter, at: now, backoff: backoff, using: &randomness)
            entries[index].phase = .waiting
            if failure.isUnanswered { entries[index].command.isUnanswered = true }
            actions = supersedeOlder(of: entry.command.subject)
        case .failed(let failure):
            if failure.isRetriable {
                lines[entry.gateway]?.failed(
                    failure,
                    retryAfter: retryAfter,
                    at: now,
                    backoff: backoff,
                    using: &randomness
                )
            } else {
                lines[entry.gateway]?.refused()
            }
            entries.remove(at: index)
            actions = [.settle(entry.command, .failed(failure), CommandTimes())]
        }
        return actions + advance(at: now)
    }

    /// Following a command has come to its end.
    public mutating func concluded(_ id: Command.ID, as outcome: Outcome, at now: Uptime) -> [Action] {
        guard let index = entries.firstIndex(where: { $0.command.id == id }),
            case .following(let accepted) = entries[index].phase
        else { return [] }
        let command = entries.remove(at: index).command
        let times = CommandTimes(
            accepted: command.received.duration(to: accepted),
            confirmed: outcome.kind == .succeeded ? command.received.duration(to: now) : nil
        )
        return [.settle(command, outcome, times)] + advance(at: now)
    }

    /// Lets time pass: what waited too long expires, what can go goes.
    public mutating func advance(at now: Uptime) -> [Action] {
        var actions: [Action] = []
        entries.removeAll { entry in
            guard entry.phase == .waiting, entry.command.sendingDeadline(expiry: expiry) <= now else { return false }
            let reason = lines[entry.gateway]?.lastFailure?.sentence ?? "Other commands were ahead of it."
            actions.append(.settle(entry.command, .expired("It waited too long. \(reason)"), CommandTimes()))
            return true
        }
        for index in entries.indices where entries[index].phase == .waiting {
            let entry = entries[index]
            guard let earliest = earliestSending(of: entry), earliest <= now else { continue }
            lines[entry.gateway, default: GatewayLine()].called(at: now)
            entries[index].phase = .sending
            actions.append(.send(entry.command))
        }
        return actions
    }

    /// A command that is waiting again gives way to one for the same subject that came after it.
    private mutating func supersedeOlder(of subject: Command.Subject) -> [Action] {
        let waiting = entries.indices.filter { entries[$0].command.subject == subject && entries[$0].phase == .waiting }
        guard let last = waiting.last else { return [] }
        let older = waiting.dropLast().map { entries[$0].command }
        for command in older.reversed() {
            entries[last].command.action = entries[last].command.action.superseding(command.action)
        }
        entries.removeAll { entry in older.contains { $0.id == entry.command.id } }
        return older.map { .settle($0, .superseded, CommandTimes()) }
    }

    /// - Returns: `nil` while something that is on its way has to end first.
    private func earliestSending(of entry: Entry) -> Uptime? {
        let line = lines[entry.gateway] ?? GatewayLine()
        let isSubjectBusy = entries.contains { other in
            guard other.command.subject == entry.command.subject else { return false }
            return other.phase == .sending || other.phase != .waiting && entry.command.waitsForOutcome
        }
        guard !line.isBusy, !isSubjectBusy else { return nil }
        return line.earliestCall(atMost: callsPerMinute) ?? entry.command.received
    }
}

extension Command {
    /// Whether the sender is told of a failure that may pass, and tries again itself: a program that uses the cloud through
    /// the bridge knows what a limit is.
    fileprivate func isToldOf(_ failure: CloudFailure) -> Bool { cause == .share && failure.kind == .rateLimited }

    /// Whether it goes out only when a command before it for the same subject has its outcome.
    fileprivate var waitsForOutcome: Bool { cause != .share }
}

extension Outcome {
    /// A call that failed for good.
    static func failed(_ failure: CloudFailure) -> Outcome {
        Outcome(.failed, code: failure.code ?? failure.kind.rawValue, message: failure.sentence)
    }
}

/// Changing calls through one gateway: one at a time, a limited number a minute, and none for a while after a failure
/// that may pass.
struct GatewayLine: Sendable {
    private(set) var isBusy = false
    private(set) var lastFailure: CloudFailure?
    /// When calls were made, the latest that count.
    private var calls: [Uptime] = []
    private var failures = 0
    private var heldUntil: Uptime?

    /// When the next call may go out if the line is not busy; `nil` for at any time.
    func earliestCall(atMost callsPerMinute: Int) -> Uptime? {
        let limited = calls.count < callsPerMinute ? nil : calls[calls.count - callsPerMinute] + .seconds(60)
        return [heldUntil, limited].compactMap(\.self).max()
    }

    mutating func called(at now: Uptime) {
        isBusy = true
        calls.removeAll { $0 + .seconds(60) <= now }
        calls.append(now)
    }

    mutating func accepted() {
        isBusy = false
        (failures, heldUntil, lastFailure) = (0, nil, nil)
    }

    /// No call was needed after all.
    mutating func spared() {
        isBusy = false
        _ = calls.popLast()
    }

    /// The cloud refused it for good, which says nothing of the next call.
    mutating func refused() {
        isBusy = false
    }

    mutating func failed(
        _ failure: CloudFailure,
        retryAfter: Duration?,
        at now: Uptime,
        backoff: Backoff,
        using randomness: inout some RandomNumberGenerator
    ) {
        isBusy = false
        failures += 1
        lastFailure = failure
        heldUntil = max(
            now + backoff.delay(afterFailures: failures, using: &randomness),
            retryAfter.map { now + $0 } ?? now
        )
    }
}
