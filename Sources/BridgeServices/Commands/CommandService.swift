public import Basics
public import BridgeCore
public import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// Carries out commands from messages, and reports the outcome of each.
///
/// One loop owns the ``CommandQueue`` and performs what it returns. Calls run beside it, and come back as inputs.
public final class CommandService: Service {
    /// How many messages may wait for the loop. More of them are refused.
    private static let messageLimit = 1024

    private enum Input: Sendable {
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

    private struct Line {
        /// How many of the inputs are messages.
        var messages = 0
        var isStopping = false
    }

    /// The outcome of a command that was not finished when the program stopped.
    private static let stopping = Outcome.expired("The bridge is stopping.")

    public struct Settings: Sendable {
        public var bridge: BridgeTopics
        /// How long a command may take altogether.
        public var expiry: Duration
        /// Changing calls a minute for each gateway.
        public var callsPerMinute: Int

        public init(bridge: BridgeTopics, expiry: Duration, callsPerMinute: Int) {
            self.bridge = bridge
            self.expiry = expiry
            self.callsPerMinute = callsPerMinute
        }
    }

    private let executor: CommandExecutor
    private let reporter: OutcomeReporter
    private let listeners = OutcomeListeners()
    private let store: SnapshotStore
    private let journal: any CommandJournal
    private let counts: LoopCounts
    private let settings: Settings
    private let clock: any WallClock
    private let logger: Logger
    /// Inputs other than messages are bounded by the commands that are on their way.
    private let inputs: AsyncStream<Input>
    private let input: AsyncStream<Input>.Continuation
    private let line = Mutex(Line())
    private let tasks = Mutex(ToldTasks())

    public let pulse = LoopPulse("command")

    public init(
        cloud: any Cloud,
        reader: CloudReader,
        broker: any Broker,
        store: SnapshotStore,
        journal: any CommandJournal = NoJournal(),
        counts: LoopCounts,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        executor = CommandExecutor(
            cloud: cloud,
            reader: reader,
            store: store,
            journal: journal,
            expiry: settings.expiry,
            clock: clock
        )
        reporter = OutcomeReporter(
            broker: broker,
            journal: journal,
            events: store.events,
            listeners: listeners,
            bridge: settings.bridge,
            counts: counts,
            clock: clock,
            logger: logger
        )
        self.store = store
        self.journal = journal
        self.counts = counts
        self.settings = settings
        self.clock = clock
        self.logger = logger
        (inputs, input) = AsyncStream.makeStream()
    }

    /// A message on a command topic. If too many wait already, the sender is told at once.
    func receive(_ message: IncomingMessage, on topic: CommandTopic) async {
        let entry = WaitingMessages.Entry(message: message, topic: topic, received: clock.uptime)
        let hasRoom = line.withLock { line in
            guard line.messages < Self.messageLimit else { return false }
            line.messages += 1
            return true
        }
        if hasRoom { input.yield(.message(entry)) } else { await refuse(entry) }
    }

    /// A command from elsewhere than the broker, where its outcome is published like any other.
    ///
    /// - Parameter payload: As on the topic of the command.
    /// - Returns: How it ended, and the payload of `…/result`; `nil` if the caller is cancelled. The command goes on then.
    public func outcome(
        of payload: JSONValue,
        on topic: CommandTopic
    ) async -> (kind: Outcome.Kind, json: JSONValue)? {
        let text = if case .string(let text) = payload { text } else { payload.text }
        return await listeners.outcome { correlationData in
            var message = IncomingMessage(
                topic: "\(topic.subject)/set",
                payload: Array(text.utf8),
                correlationData: correlationData
            )
            message.journalEntry = await journal.keep(message)
            await receive(message, on: topic)
        }
    }

    private func refuse(_ entry: WaitingMessages.Entry) async {
        let refusal = Refusal(.busy, "Too many commands are waiting; send it again later.")
        let sender = Command.Sender(of: entry.message, on: entry.topic)
        await reporter.report(.rejected(refusal), to: sender)
    }

    /// Carries out a command of the bridge itself, in its turn among the others.
    ///
    /// - Parameter command: Gets its id here.
    /// - Returns: Its outcome, which is reported like any other.
    func carryOut(_ command: Command) async -> Outcome {
        let promise = Promise(ifCancelled: Self.stopping)
        if case .terminated = input.yield(.command(command, promise)) {
            promise.keep(CommandService.stopping)
        }
        return await promise.value()
    }

    /// Makes a call of another program, in its turn among the commands.
    ///
    /// - Parameters:
    ///   - call: Checked against what its target supports.
    ///   - target: Of the call.
    ///   - requested: As the program put it.
    ///   - patience: How long it may wait for its turn.
    /// - Returns: The cloud's answer. What becomes of the call is followed, and reported like any other command.
    public func make(
        _ call: CloudCall,
        of target: Target,
        requested: JSONValue,
        patience: Duration
    ) async -> CallAnswer {
        let topic = store.layout.flatMap { layout in
            call.isSchedule ? layout.scheduleTopic(of: target) : layout.topic(of: target)
        }
        guard let topic else {
            return .ended(.rejected(Refusal(.unknownTarget, "This has no topics, so it cannot be changed.")))
        }
        let command = Command(
            id: 0,
            target: target,
            action: .call(call),
            sender: Command.Sender(subject: topic, requested: requested),
            received: clock.uptime,
            patienceForAcceptance: patience,
            by: .share
        )
        let promise = Promise(ifCancelled: CallAnswer.ended(Self.stopping))
        if case .terminated = input.yield(.call(command, promise)) { promise.keep(.ended(Self.stopping)) }
        return await promise.value()
    }

    /// How far a task is that a call of this run was answered with; `nil` for others.
    public func state(of task: CommunicationTaskID) -> CommunicationTaskState? {
        tasks.withLock { $0[task] }
    }

    public func run() async throws {
        let changes = store.changes()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { [input] in
                    for await _ in changes { input.yield(.woken) }
                }
                var loop = Loop(service: self)
                loop.resume(await journal.takeLeftovers(), in: &group)
                pulse.rests()
                // All inputs are taken from the stream, so that none with a waiting caller is lost when the program stops.
                for await next in inputs {
                    guard !isStopping else {
                        if case .command(_, let promise) = next { promise.keep(Self.stopping) }
                        if case .call(_, let promise) = next { promise.keep(.ended(Self.stopping)) }
                        continue
                    }
                    pulse.works()
                    loop.handle(next, in: &group)
                    pulse.rests()
                }
                group.cancelAll()
                loop.end()
            }
        } onGracefulShutdown: { [self] in
            line.withLock { $0.isStopping = true }
            input.finish()
        }
    }

    private var isStopping: Bool { Task.isCancelled || line.withLock(\.isStopping) }

    /// What the loop owns while it runs.
    private struct Loop {
        private let service: CommandService
        private var queue: CommandQueue
        private var groups = CommandGroups()
        private var waiting = WaitingMessages()
        private var interrupted: [InterruptedCommand] = []
        private let alarm: Alarm
        private var promises: [Command.ID: Promise<Outcome>] = [:]
        private var callers: [Command.ID: Promise<CallAnswer>] = [:]
        private var lastID = 0

        init(service: CommandService) {
            self.service = service
            queue = CommandQueue(
                expiry: service.settings.expiry,
                callsPerMinute: service.settings.callsPerMinute,
                backoff: Backoff(base: .seconds(2), cap: .seconds(60))
            )
            alarm = Alarm(clock: service.clock) { [input = service.input] in input.yield(.woken) }
        }

        /// Goes on with what an earlier run has left: what was not sent waits again, what was sent is read back, and an
        /// outcome that the broker did not take is given again.
        mutating func resume(_ leftovers: [Journal.Entry], in group: inout DiscardingTaskGroup) {
            let (now, wall) = (service.clock.uptime, service.clock.now)
            for entry in leftovers {
                if let outcome = entry.outcome {
                    group.addTask { [service] in await service.reporter.deliver(outcome, of: entry.id) }
                    continue
                }
                // Made by another version, which took commands where this one takes none.
                guard let topic = CommandTopic(entry.message.topic) else { continue }
                let message = IncomingMessage(entry.message, entry: entry.id)
                let age = max(.zero, entry.message.accepted.duration(to: wall))
                if entry.calls.isEmpty, entry.ends.isEmpty {
                    service.line.withLock { $0.messages += 1 }
                    let entry = WaitingMessages.Entry(message: message, topic: topic, received: now - age)
                    service.input.yield(.message(entry))
                } else {
                    let expiry = service.settings.expiry
                    interrupted.append(
                        InterruptedCommand(entry, of: message, on: topic, age: age, expiry: expiry, at: now)
                    )
                }
            }
            if !leftovers.isEmpty {
                service.logger.notice(
                    "Going on with commands of an earlier run",
                    metadata: ["count": "\(leftovers.count)"]
                )
                service.input.yield(.woken)
            }
        }

        mutating func handle(_ next: Input, in group: inout DiscardingTaskGroup) {
            let now = service.clock.uptime
            switch next {
            case .message(let entry):
                service.line.withLock { $0.messages -= 1 }
                if !waiting.add(entry) { group.addTask { [service] in await service.refuse(entry) } }
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
                let retryAfter = answer.retryAt.map { service.clock.now.duration(to: $0) }
                perform(
                    queue.answered(id, by: answer, retryAfter: retryAfter, at: now, using: &randomness),
                    in: &group
                )
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
            service.counts.setWaitingCommands(queue.count)
            let moments =
                [queue.nextMoment, waiting.nextExpiry(after: service.settings.expiry)] + interrupted.map(\.deadline)
            alarm.set(to: moments.compactMap(\.self).min(), in: &group)
        }

        /// The program stops.
        func end() {
            for promise in promises.values { promise.keep(CommandService.stopping) }
            for caller in callers.values { caller.keep(.ended(CommandService.stopping)) }
        }

        /// Hands the cloud's answer on to a program that waits for it.
        private mutating func tell(_ answer: CommandQueue.Answer, toCallerOf id: Command.ID) {
            switch answer {
            case .accepted(let acceptance):
                service.tasks.withLock { $0.began(acceptance.task, of: id) }
                callers.removeValue(forKey: id)?.keep(.accepted(acceptance.task))
            case .failed(let failure) where !failure.isRetriable || failure.kind == .rateLimited:
                callers.removeValue(forKey: id)?.keep(.failed(failure))
            case .failed, .concluded: break
            }
        }

        /// Reads back what an earlier run has sent, as soon as the cloud has shown its state. Of a message for several zones
        /// the rest is carried out.
        private mutating func readBackInterrupted(at now: Uptime, in group: inout DiscardingTaskGroup) {
            let store = service.store
            let ready = interrupted.filter { $0.isReady(in: store) || $0.deadline <= now }
            interrupted.removeAll { message in ready.contains { $0.id == message.id } }
            for message in ready {
                guard message.isReady(in: store), let layout = store.layout,
                    let commands = try? commands(of: message.message, on: message.topic, message.received, in: layout)
                else {
                    let sender = Command.Sender(of: message.message, on: message.topic)
                    let end = Outcome.expired("The cloud was not read in time.")
                    report(message.calls.first?.interrupted(end, shown: nil) ?? end, to: sender, in: &group)
                    continue
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
                    group.addTask { [service] in
                        let outcome = await service.executor.readBack(call, id: command.id, deadline: deadline)
                        if let outcome { service.input.yield(.readBack(command, outcome)) }
                    }
                }
            }
        }

        /// Accepts the messages whose target can be checked by now.
        private mutating func acceptMessages(at now: Uptime, in group: inout DiscardingTaskGroup) {
            guard !waiting.isEmpty else { return }
            let (layout, store) = (service.store.layout, service.store)
            let ready = waiting.takeReady(expiry: service.settings.expiry, at: now) { topic in
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
            guard let site = layout.zones(at: topic).flatMap(service.store.site) else {
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
                let site = try service.executor.check(command)
                let earlier = queue.latest(for: command.subject)
                var command = command
                command.action = command.action.counted(
                    from: earlier?.command.action,
                    isSuperseded: earlier?.isWaiting ?? false,
                    for: command.target,
                    in: site,
                    at: service.clock.now
                )
                if !groups.contains(command.id) { logReceipt(of: command.sender) }
                perform(queue.receive(command, by: site.system.gatewayID, at: service.clock.uptime), in: &group)
            } catch {
                settle(command, as: .rejected(error), in: &group)
            }
        }

        private func logReceipt(of sender: Command.Sender) {
            service.logger.info(
                "Received a command",
                metadata: ["for": "\(sender.subject)", "request": "\(sender.requested.text)"]
            )
        }

        private mutating func perform(_ actions: [CommandQueue.Action], in group: inout DiscardingTaskGroup) {
            for action in actions {
                switch action {
                case .send(let command):
                    group.addTask { [service] in
                        service.input.yield(.answered(command.id, await service.executor.send(command)))
                    }
                case .follow(let command, let acceptance):
                    group.addTask { [service] in
                        guard let outcome = await service.executor.follow(acceptance, of: command) else { return }
                        service.input.yield(.concluded(command.id, outcome))
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
            service.tasks.withLock { $0.ended(command.id, as: outcome) }
            guard groups.contains(command.id) else {
                return report(outcome, to: command.sender, times: times, in: &group)
            }
            if let entry = command.sender.journalEntry {
                let record = JournalRecord(entry, .settled(JournaledEnd(outcome, of: command.target)))
                group.addTask { [service] in await service.journal.write(record) }
            }
            let now = service.clock.now
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
            group.addTask { [service] in
                await service.reporter.report(outcome, to: sender, times: times, zones: zones)
            }
        }
    }
}

extension CommandQueue.Answer {
    /// When the cloud may be called again, if it said so.
    fileprivate var retryAt: Instant? {
        if case .failed(let failure) = self { failure.retryAt } else { nil }
    }
}
