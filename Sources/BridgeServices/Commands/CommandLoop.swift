import Basics
import BridgeCore
import HeatingModel
import Logging

/// What the ``CommandService`` owns while it runs: the queue of commands, and all that waits for their outcomes.
struct CommandLoop {
    enum Input: Sendable {
        case message(WaitingMessages.Entry)
        /// A command of the bridge's own.
        case command(Command, Promise<Outcome>)
        /// A call of another program, which waits for the cloud's answer only.
        case call(Command, Promise<CallAnswer>)
        case answered(Command.ID, CommandQueue.Answer)
        case concluded(Command.ID, Outcome)
        /// What became of a call of an earlier run is known.
        case readBack(Command, Outcome)
        case woken
    }

    /// The outcome of a command that was not finished when the program stopped.
    static let stopping = Outcome.expired("The bridge is stopping.")

    private let executor: CommandExecutor
    private let reporter: OutcomeReporter
    private let journal: any CommandJournal
    private let store: SnapshotStore
    private let line: MessageLine
    private let tasks: ToldTasks
    private let counts: LoopCounts
    private let settings: CommandService.Settings
    private let clock: any WallClock
    private let logger: Logger
    private let input: AsyncStream<Input>.Continuation
    private let alarm: Alarm
    private var queue: CommandQueue
    private var groups = CommandGroups()
    private var waiting = WaitingMessages()
    private var interrupted = InterruptedCommands()
    private var promises: [Command.ID: Promise<Outcome>] = [:]
    private var callers: [Command.ID: Promise<CallAnswer>] = [:]
    private var lastID = 0

    /// - Parameters:
    ///   - counts: Of all loops.
    ///   - input: Where the loop's own inputs go.
    init(
        executor: CommandExecutor,
        reporter: OutcomeReporter,
        journal: any CommandJournal,
        store: SnapshotStore,
        line: MessageLine,
        tasks: ToldTasks,
        counts: LoopCounts,
        settings: CommandService.Settings,
        clock: any WallClock,
        logger: Logger,
        input: AsyncStream<Input>.Continuation
    ) {
        self.executor = executor
        self.reporter = reporter
        self.journal = journal
        self.store = store
        self.line = line
        self.tasks = tasks
        self.counts = counts
        self.settings = settings
        self.clock = clock
        self.logger = logger
        self.input = input
        alarm = Alarm(clock: clock) { input.yield(.woken) }
        queue = CommandQueue(
            expiry: settings.expiry,
            callsPerMinute: settings.callsPerMinute,
            backoff: Backoff(base: .seconds(2), cap: .seconds(60))
        )
    }

    /// Goes on with what an earlier run has left: what was not sent waits again, what was sent is read back, and an
    /// outcome that the broker did not take is given again.
    mutating func resume(_ leftovers: [Journal.Entry], in group: inout DiscardingTaskGroup) {
        let (now, wall) = (clock.uptime, clock.now)
        for entry in leftovers {
            if let outcome = entry.outcome {
                group.addTask { [reporter] in await reporter.deliver(outcome, of: entry.id) }
                continue
            }
            // Made by another version, which took commands where this one takes none.
            guard let topic = CommandTopic(entry.message.topic) else { continue }
            let message = IncomingMessage(entry.message, entry: entry.id)
            let age = max(.zero, entry.message.accepted.duration(to: wall))
            if entry.calls.isEmpty, entry.ends.isEmpty {
                waiting.addAgain(WaitingMessages.Entry(message: message, topic: topic, received: now - age))
            } else {
                let expiry = settings.expiry
                interrupted.add(InterruptedCommand(entry, of: message, on: topic, age: age, expiry: expiry, at: now))
            }
        }
        guard !leftovers.isEmpty else { return }
        logger.notice("Resuming commands of an earlier run", metadata: ["count": "\(leftovers.count)"])
        input.yield(.woken)
    }

    mutating func handle(_ next: Input, in group: inout DiscardingTaskGroup) {
        let now = clock.uptime
        switch next {
        case .message(let entry):
            line.leave()
            if !waiting.add(entry) { group.addTask { [reporter] in await reporter.refuse(entry) } }
        case .command(var command, let promise):
            lastID += 1
            command.id = lastID
            promises[lastID] = promise
            start(command, in: &group)
        case .call(var command, let promise):
            lastID += 1
            command.id = lastID
            callers[lastID] = promise
            start(command, in: &group)
        case .answered(_, .failed(let failure)) where failure.kind == .cancelled:
            // The program stops. The journal has what comes of it after a restart.
            break
        case .answered(let id, let answer):
            tell(answer, toCallerOf: id)
            var randomness = SystemRandomNumberGenerator()
            let retryAfter = answer.retryAt.map { clock.now.duration(to: $0) }
            perform(queue.answered(id, by: answer, retryAfter: retryAfter, at: now, using: &randomness), in: &group)
        case .concluded(let id, let outcome):
            perform(queue.concluded(id, as: outcome, at: now), in: &group)
        case .readBack(let command, let outcome):
            let confirmed = outcome.kind == .succeeded ? command.received.duration(to: now) : nil
            settle(command, as: outcome, times: CommandTimes(confirmed: confirmed), in: &group)
        case .woken:
            perform(queue.advance(at: now), in: &group)
        }
        acceptMessages(at: now, in: &group)
        readBackInterrupted(at: now, in: &group)
        counts.setWaitingCommands(queue.count)
        let moments = [queue.nextMoment, waiting.nextExpiry(after: settings.expiry), interrupted.nextDeadline]
        alarm.set(to: moments.compactMap(\.self).min(), in: &group)
    }

    /// The program stops.
    func end() {
        for promise in promises.values { promise.keep(Self.stopping) }
        for caller in callers.values { caller.keep(.ended(Self.stopping)) }
    }

    /// An input that comes too late.
    static func refuse(_ input: Input) {
        switch input {
        case .command(_, let promise): promise.keep(stopping)
        case .call(_, let promise): promise.keep(.ended(stopping))
        case .message, .answered, .concluded, .readBack, .woken: break
        }
    }

    /// Hands the cloud's answer on to a program that waits for it.
    private mutating func tell(_ answer: CommandQueue.Answer, toCallerOf id: Command.ID) {
        switch answer {
        case .accepted(let acceptance):
            tasks.began(acceptance.task, of: id)
            callers.removeValue(forKey: id)?.keep(.accepted(acceptance.task))
        case .failed(let failure) where !failure.isRetriable || failure.kind == .rateLimited:
            callers.removeValue(forKey: id)?.keep(.failed(failure))
        case .failed, .concluded: break
        }
    }

    /// Reads back what an earlier run has sent, as soon as the cloud has shown its state. Of a message for several zones
    /// the rest is carried out.
    private mutating func readBackInterrupted(at now: Uptime, in group: inout DiscardingTaskGroup) {
        for message in interrupted.takeReady(in: store, at: now) {
            let sender = Command.Sender(of: message.message, on: message.topic)
            guard message.isReady(in: store), let layout = store.layout else {
                let end = Outcome.expired("The cloud was not read in time.")
                report(message.calls.first?.interrupted(end, shown: nil) ?? end, to: sender, in: &group)
                continue
            }
            var commands: [Command]
            do throws(CommandParser.Rejection) {
                commands = try self.commands(of: message.message, on: message.topic, message.received, in: layout)
            } catch {
                // Its zone may have another name by now, but the call has the id of its zone.
                guard message.ends.isEmpty, message.calls.count == 1, let call = message.calls.first else {
                    report(.rejected(error.refusal), to: sender, in: &group)
                    continue
                }
                lastID += 1
                let action = CommandAction.call(call.call)
                commands = [
                    Command(id: lastID, target: call.target, action: action, sender: sender, received: message.received)
                ]
            }
            for command in commands {
                if let end = message.ends.first(where: { $0.target == command.target }) {
                    settle(command, as: end.outcome, in: &group)
                    continue
                }
                guard let call = message.calls.first(where: { $0.target == command.target }) else {
                    start(command, in: &group)
                    continue
                }
                let deadline = message.deadline(of: call, at: now)
                group.addTask { [executor, input] in
                    let outcome = await executor.readBack(call, id: command.id, deadline: deadline)
                    if let outcome { input.yield(.readBack(command, outcome)) }
                }
            }
        }
    }

    /// Accepts the messages whose target can be checked by now.
    private mutating func acceptMessages(at now: Uptime, in group: inout DiscardingTaskGroup) {
        guard !waiting.isEmpty else { return }
        let (layout, store) = (self.store.layout, self.store)
        let ready = waiting.takeReady(expiry: settings.expiry, at: now) { topic in
            guard let layout else { return false }
            // A message about nothing is refused at once.
            guard let system = layout.system(of: topic) else { return true }
            return store.site(of: system)?.status != nil
        }
        for entry in ready { accept(entry, in: layout, &group) }
    }

    /// Parses and checks a message; one that does not pass gets its outcome at once.
    private mutating func accept(
        _ entry: WaitingMessages.Entry,
        in layout: TopicLayout?,
        _ group: inout DiscardingTaskGroup
    ) {
        guard let layout else {
            let sender = Command.Sender(of: entry.message, on: entry.topic)
            return report(.expired("The cloud could not be read in time."), to: sender, in: &group)
        }
        do throws(CommandParser.Rejection) {
            let commands = try commands(of: entry.message, on: entry.topic, entry.received, in: layout)
            if let first = commands.first, groups.contains(first.id) { logReceipt(of: first.sender) }
            for command in commands { start(command, in: &group) }
        } catch {
            report(.rejected(error.refusal), to: error.sender, in: &group)
        }
    }

    /// The commands of a message: one, or one for each of several zones.
    private mutating func commands(
        of message: IncomingMessage,
        on topic: CommandTopic,
        _ received: Uptime,
        in layout: TopicLayout
    ) throws(CommandParser.Rejection) -> [Command] {
        let parser = CommandParser(layout: layout)
        guard let site = layout.zones(at: topic).flatMap(store.site) else {
            lastID += 1
            return [try parser.parse(message, on: topic, id: lastID, received: received)]
        }
        let commands = try parser.parse(
            message,
            on: topic,
            forZonesOf: site,
            firstID: lastID + 1,
            received: received
        )
        lastID += commands.count
        groups.add(commands, in: layout)
        return commands
    }

    private mutating func start(_ command: Command, in group: inout DiscardingTaskGroup) {
        do throws(Refusal) {
            let site = try executor.check(command)
            let earlier = queue.latest(for: command.subject)
            var command = command
            command.action = command.action.counted(
                from: earlier?.command.action,
                isSuperseded: earlier?.isWaiting ?? false,
                for: command.target,
                in: site,
                at: clock.now
            )
            if !groups.contains(command.id) { logReceipt(of: command.sender) }
            perform(queue.receive(command, by: site.system.gatewayID, at: clock.uptime), in: &group)
        } catch {
            settle(command, as: .rejected(error), in: &group)
        }
    }

    private func logReceipt(of sender: Command.Sender) {
        logger.info(
            "Received a command",
            metadata: ["for": "\(sender.subject)", "request": "\(sender.requested.text)"]
        )
    }

    private mutating func perform(_ actions: [CommandQueue.Action], in group: inout DiscardingTaskGroup) {
        for action in actions {
            switch action {
            case .send(let command):
                group.addTask { [executor, input] in
                    input.yield(.answered(command.id, await executor.send(command)))
                }
            case .follow(let command, let acceptance):
                group.addTask { [executor, input] in
                    guard let outcome = await executor.follow(acceptance, of: command) else { return }
                    input.yield(.concluded(command.id, outcome))
                }
            case .settle(let command, let outcome, let times):
                settle(command, as: outcome, times: times, in: &group)
            }
        }
    }

    private mutating func settle(
        _ command: Command,
        as outcome: Outcome,
        times: CommandTimes = CommandTimes(),
        in group: inout DiscardingTaskGroup
    ) {
        promises.removeValue(forKey: command.id)?.keep(outcome)
        callers.removeValue(forKey: command.id)?.keep(.ended(outcome))
        tasks.ended(command.id, as: outcome)
        guard groups.contains(command.id) else {
            return report(outcome, to: command.sender, times: times, in: &group)
        }
        if let entry = command.sender.journalEntry {
            let record = JournalRecord(entry, .settled(JournaledEnd(outcome, of: command.target)))
            group.addTask { [journal] in await journal.write(record) }
        }
        let now = clock.now
        guard let whole = groups.ended(command.id, as: outcome, times: times, at: now) else { return }
        report(whole.outcome, to: command.sender, times: whole.times, zones: whole.zones, in: &group)
    }

    private func report(
        _ outcome: Outcome,
        to sender: Command.Sender,
        times: CommandTimes = CommandTimes(),
        zones: [GroupOutcome.Zone]? = nil,
        in group: inout DiscardingTaskGroup
    ) {
        group.addTask { [reporter] in
            await reporter.report(outcome, to: sender, times: times, zones: zones)
        }
    }
}

extension CommandQueue.Answer {
    /// When the cloud may be called again, if it said so.
    fileprivate var retryAt: Instant? {
        if case .failed(let failure) = self { failure.retryAt } else { nil }
    }
}
