public import Basics
public import BridgeCore
import HeatingModel
public import Logging
public import ServiceLifecycle
import Synchronization

/// Answers what is asked of the bridge itself.
public final class RequestService: Service {
    private let broker: any Broker
    let cloud: any Cloud
    let homes: SnapshotStore
    let commands: CommandService
    private let refreshes: RefreshRequests
    private let control: any BridgeControl
    private let bridge: BridgeTopics
    let clock: any WallClock
    private let logger: Logger
    private let cleared = Mutex(ClearedTopics())
    private let messages: AsyncStream<(name: String, IncomingMessage)>
    private let message: AsyncStream<(name: String, IncomingMessage)>.Continuation

    public init(
        broker: any Broker,
        cloud: any Cloud,
        homes: SnapshotStore,
        commands: CommandService,
        refreshes: RefreshRequests,
        control: any BridgeControl,
        bridge: BridgeTopics,
        clock: any WallClock,
        logger: Logger
    ) {
        self.broker = broker
        self.cloud = cloud
        self.homes = homes
        self.commands = commands
        self.refreshes = refreshes
        self.control = control
        self.bridge = bridge
        self.clock = clock
        self.logger = logger
        (messages, message) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
    }

    public func connected(_ connection: BrokerConnection) {
        cleared.withLock { $0.connected(connection) }
    }

    /// A message on `bridge/request/<name>`.
    public func receive(_ name: String, _ message: IncomingMessage) {
        // An empty payload is a request, too, but not where it is our own clearing.
        guard !cleared.withLock({ $0.isEcho(message) }) else { return }
        self.message.yield((name, message))
    }

    public func run() async throws {
        await withDiscardingTaskGroup { group in
            for await (name, message) in messages.cancelOnGracefulShutdown() {
                // A restore takes minutes; whoever asks for something else does not wait for it.
                group.addTask { await self.answer(name, message) }
            }
            group.cancelAll()
        }
    }

    private func answer(_ name: String, _ message: IncomingMessage) async {
        if message.isRetained {
            // Cleared, it does not come again with every connection.
            cleared.withLock { $0.clear(message.topic) }
            _ = await broker.publish([Publication(topic: message.topic, payload: "", isRetained: true)])
        }
        var transaction = JSONValue.null
        let result: BridgeResponse.Result
        do throws(Refusal) {
            let requested = try message.readOptionalObject()
            transaction = requested["transaction"] ?? .null
            result = try await perform(try BridgeRequest(name: name, requested))
        } catch {
            result = .error(error.message)
        }
        if case .error(let sentence) = result {
            logger.warning("A request was refused", metadata: ["request": "\(name)", "reason": "\(sentence)"])
        } else {
            logger.info("Answered a request", metadata: ["request": "\(name)"])
        }
        await send(BridgeResponse(result, transaction: transaction), to: name, message)
    }

    private func perform(_ request: BridgeRequest) async throws(Refusal) -> BridgeResponse.Result {
        switch request {
        case .refresh: return await refresh()
        case .pollInterval(let interval):
            if let interval { try control.setPollInterval(interval) }
            return .ok(["value": .string("\(control.pollInterval.components.seconds)s")])
        case .logLevel(let level):
            if let level { try control.setLogLevel(level) }
            return .ok(["value": .string(control.logLevel)])
        case .health: return health
        case .schedulesBackup: return await backUpSchedules()
        case .schedulesRestore(let schedules): return await restoreSchedules(schedules)
        }
    }

    private func refresh() async -> BridgeResponse.Result {
        do throws(RefreshRequests.Refusal) {
            try await refreshes.refresh()
            return .ok(["locations": .integer(homes.installation?.locations.count ?? 0)])
        } catch {
            return .error(error.sentence)
        }
    }

    private var health: BridgeResponse.Result {
        let problems = control.problems
        return .ok([
            "healthy": .bool(problems.isEmpty),
            "problems": .array(problems.map(JSONValue.string)),
            "cloud": .string(homes.health.state.rawValue),
            "last_success": JSONValue(homes.health.lastSuccess),
        ])
    }

    private func send(_ response: BridgeResponse, to name: String, _ request: IncomingMessage) async {
        let text = response.json.text
        var messages = [Publication(topic: bridge.response(to: name), payload: text, isRetained: false)]
        if let topic = request.responseTopic, bridge.isAnswerable(topic) {
            messages.append(
                Publication(
                    topic: topic,
                    payload: text,
                    isRetained: false,
                    correlationData: request.correlationData
                )
            )
        }
        _ = await broker.publish(messages)
    }
}
