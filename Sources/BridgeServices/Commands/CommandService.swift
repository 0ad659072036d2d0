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
    private let inputs: AsyncStream<CommandLoop.Input>
    private let input: AsyncStream<CommandLoop.Input>.Continuation
    private let line = MessageLine()
    private let tasks = ToldTasks()
    private let hasBeenStopped = Mutex(false)

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
        if line.join() { input.yield(.message(entry)) } else { await reporter.refuse(entry) }
    }

    /// A command from elsewhere than the broker, where its outcome is published like any other.
    ///
    /// - Parameters:
    ///   - payload: An object, as on `…/set`.
    ///   - topic: The topic `…/set`.
    /// - Returns: How it ended, and the payload of `…/result`; `nil` if the caller is cancelled. The command goes on then.
    public func outcome(
        of payload: JSONValue,
        on topic: CommandTopic
    ) async -> (kind: Outcome.Kind, json: JSONValue)? {
        await listeners.outcome { correlationData in
            var message = IncomingMessage(
                topic: "\(topic.subject)/set",
                payload: Array(payload.text.utf8),
                correlationData: correlationData
            )
            message.journalEntry = await journal.keep(message)
            await receive(message, on: topic)
        }
    }

    /// Carries out a command of the bridge itself, in its turn among the others.
    ///
    /// - Parameter command: Gets its id here.
    /// - Returns: Its outcome, which is reported like any other.
    func carryOut(_ command: Command) async -> Outcome {
        let promise = Promise(ifCancelled: CommandLoop.stopping)
        send(.command(command, promise))
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
        let promise = Promise(ifCancelled: CallAnswer.ended(CommandLoop.stopping))
        send(.call(command, promise))
        return await promise.value()
    }

    /// How far a task is that a call of this run was answered with; `nil` for others.
    public func state(of task: CommunicationTaskID) -> CommunicationTaskState? {
        tasks[task]
    }

    /// Sends an input to the loop, or refuses it if the loop has ended.
    private func send(_ next: CommandLoop.Input) {
        if case .terminated = input.yield(next) { CommandLoop.refuse(next) }
    }

    public func run() async throws {
        let changes = store.changes()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { [input] in
                    for await _ in changes { input.yield(.woken) }
                }
                var loop = CommandLoop(
                    executor: executor,
                    reporter: reporter,
                    journal: journal,
                    store: store,
                    line: line,
                    tasks: tasks,
                    counts: counts,
                    settings: settings,
                    clock: clock,
                    logger: logger,
                    input: input
                )
                loop.resume(await journal.takeLeftovers(), in: &group)
                pulse.rests()
                // All inputs are taken from the stream, so that none with a waiting caller is lost when the program stops.
                for await next in inputs {
                    guard !isStopping else {
                        CommandLoop.refuse(next)
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
            hasBeenStopped.withLock { $0 = true }
            input.finish()
        }
    }

    private var isStopping: Bool { Task.isCancelled || hasBeenStopped.withLock(\.self) }
}
