public import Basics
public import BridgeCore
import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle

/// Takes messages on command topics, does what they ask, and says what came of each.
///
/// One loop owns the ``CommandQueue`` and performs what it returns; calls run beside it and come back as inputs.
public final class CommandService: Service {
    private enum Input: Sendable {
        case connected(BrokerConnection)
        case message(IncomingMessage, received: Instant)
        /// One of the bridge's own.
        case command(Command, OutcomeWaiter)
        case answered(Command.ID, CommandQueue.Answer)
        case concluded(Command.ID, Outcome)
        case woken
    }

    private let executor: CommandExecutor
    private let reporter: OutcomeReporter
    private let homes: SnapshotStore
    private let counts: LoopCounts
    private let settings: Settings
    private let clock: any WallClock
    private let logger: Logger
    private let inputs: AsyncStream<Input>
    private let input: AsyncStream<Input>.Continuation

    public let pulse = LoopPulse("command")

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

    public init(
        cloud: any Cloud,
        broker: any Broker,
        homes: SnapshotStore,
        counts: LoopCounts,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        executor = CommandExecutor(cloud: cloud, homes: homes, expiry: settings.expiry, clock: clock)
        reporter = OutcomeReporter(
            broker: broker,
            bridge: settings.bridge,
            counts: counts,
            clock: clock,
            logger: logger
        )
        self.homes = homes
        self.counts = counts
        self.settings = settings
        self.clock = clock
        self.logger = logger
        (inputs, input) = AsyncStream.makeStream()
    }

    public func connected(_ connection: BrokerConnection) {
        input.yield(.connected(connection))
    }

    /// A message on a command topic.
    public func receive(_ message: IncomingMessage) {
        input.yield(.message(message, received: clock.now))
    }

    /// Carries out a command of the bridge's own, in its turn among the others.
    ///
    /// - Parameter command: Its id is given here.
    /// - Returns: Its outcome, which is reported like any other.
    public func carryOut(_ command: Command) async -> Outcome {
        let waiter = OutcomeWaiter()
        input.yield(.command(command, waiter))
        return await waiter.outcome()
    }

    public func run() async throws {
        await withDiscardingTaskGroup { group in
            var loop = Loop(service: self)
            pulse.rests()
            for await next in inputs.cancelOnGracefulShutdown() {
                pulse.works()
                loop.handle(next, in: &group)
                pulse.rests()
            }
            group.cancelAll()
        }
    }

    /// What the loop owns while it runs.
    private struct Loop {
        let service: CommandService
        var queue: CommandQueue
        var unready = UnreadyMessages()
        var cleared = ClearedTopics()
        let alarm: Alarm
        var waiters: [Command.ID: OutcomeWaiter] = [:]
        var lastID = 0

        init(service: CommandService) {
            self.service = service
            queue = CommandQueue(
                expiry: service.settings.expiry,
                callsPerMinute: service.settings.callsPerMinute,
                backoff: Backoff(base: .seconds(2), cap: .seconds(60))
            )
            alarm = Alarm(clock: service.clock) { [input = service.input] in input.yield(.woken) }
        }

        mutating func handle(_ next: Input, in group: inout DiscardingTaskGroup) {
            let now = service.clock.now
            switch next {
            case .connected(let connection):
                cleared.connected(connection)
            case .message(let message, let received):
                guard !cleared.isEcho(message) else { return }
                unready.add(message, received: received)
            case .command(var command, let waiter):
                lastID += 1
                command.id = lastID
                waiters[lastID] = waiter
                start(command, in: &group)
            case .answered(let id, let answer):
                var randomness = SystemRandomNumberGenerator()
                perform(queue.answered(id, by: answer, at: now, using: &randomness), in: &group)
            case .concluded(let id, let outcome):
                perform(queue.concluded(id, as: outcome, at: now), in: &group)
            case .woken:
                perform(queue.advance(at: now), in: &group)
            }
            for (message, received) in unready.takeReady(service.homes, expiry: service.settings.expiry, at: now) {
                accept(message, received: received, in: &group)
            }
            service.counts.wait(queue.count)
            alarm.set(to: [queue.nextMoment, unready.nextMoment(at: now)].compactMap(\.self).min(), in: &group)
        }

        /// Parses and checks a message; what does not pass gets its outcome at once.
        private mutating func accept(_ message: IncomingMessage, received: Instant, in group: inout DiscardingTaskGroup)
        {
            let layout = service.homes.layout
            switch layout.flatMap({ CommandParser(layout: $0).parse(message) }) {
            case nil where layout == nil:
                service.reporter.expire(message, in: &group)
            case nil:
                return
            case .failure(let rejected)?:
                if rejected.refusal.code == .retained {
                    cleared.clear(message.topic)
                    service.reporter.clear(message.topic, in: &group)
                }
                service.reporter.report(.rejected(rejected.refusal), to: rejected.sender, in: &group)
            case .success(let parsed)?:
                lastID += 1
                start(Command(id: lastID, parsed, received: received), in: &group)
            }
        }

        private mutating func start(_ command: Command, in group: inout DiscardingTaskGroup) {
            do throws(Refusal) {
                let gateway = try service.executor.check(command)
                service.logger.info(
                    "Took a command",
                    metadata: ["for": "\(command.sender.subject)", "request": "\(command.sender.requested.text)"]
                )
                perform(queue.receive(command, by: gateway, at: service.clock.now), in: &group)
            } catch {
                settle(command, as: .rejected(error), in: &group)
            }
        }

        private mutating func settle(
            _ command: Command,
            as outcome: Outcome,
            times: CommandTimes = CommandTimes(),
            in group: inout DiscardingTaskGroup
        ) {
            waiters.removeValue(forKey: command.id)?.settle(outcome)
            service.reporter.report(outcome, to: command.sender, times: times, in: &group)
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
                        let outcome = await service.executor.follow(acceptance, of: command)
                        service.input.yield(.concluded(command.id, outcome))
                    }
                case .settle(let command, let outcome, let times):
                    settle(command, as: outcome, times: times, in: &group)
                }
            }
        }
    }
}
