public import Basics
public import BridgeCore
import HeatingModel
public import Logging
public import ServiceLifecycle

/// Answers requests to the bridge itself, on `bridge/request/<name>`.
///
/// Backups and restores of schedules take minutes, and take turns; other requests do not wait for them.
public final class RequestService: Service {
    private struct Request: Sendable {
        enum Sender: Sendable {
            case message(IncomingMessage)
            case caller(JSONValue, Promise<BridgeResponse>)
        }

        var name: String
        var sender: Sender

        func content() throws(Refusal) -> JSONValue {
            switch sender {
            case .message(let message): try message.optionalObject()
            case .caller(let requested, _): requested
            }
        }

        func checkRetention() throws(Refusal) {
            if case .message(let message) = sender { try message.checkRetention() }
        }
    }

    /// Requests that wait in order, up to a bound; more of them are refused.
    private struct Line: Sendable {
        let requests: AsyncStream<Request>
        private let continuation: AsyncStream<Request>.Continuation

        init(limit: Int) {
            (requests, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
        }

        /// - Returns: Why the request was not taken, in one sentence; `nil` if it was.
        func add(_ request: Request) -> String? {
            switch continuation.yield(request) {
            case .enqueued: nil
            case .terminated: "The bridge is stopping."
            default: "Too many requests are waiting; send it again later."
            }
        }
    }

    private let broker: any Broker
    private let store: SnapshotStore
    private let reader: CloudReader
    private let schedules: ScheduleRequests
    private let control: any BridgeControl
    private let bridge: BridgeTopics
    private let logger: Logger
    private let quick = Line(limit: 100)
    private let slow = Line(limit: 8)

    public init(
        broker: any Broker,
        store: SnapshotStore,
        commands: CommandService,
        reader: CloudReader,
        library: any ScheduleLibraryStore,
        control: any BridgeControl,
        bridge: BridgeTopics,
        clock: any WallClock,
        logger: Logger
    ) {
        self.broker = broker
        self.store = store
        self.reader = reader
        schedules = ScheduleRequests(
            reader: reader,
            store: store,
            commands: commands,
            library: library,
            clock: clock
        )
        self.control = control
        self.bridge = bridge
        self.logger = logger
    }

    /// A message on `bridge/request/<name>`.
    func receive(_ name: String, _ message: IncomingMessage) async {
        await receive(Request(name: name, sender: .message(message)))
    }

    /// A request from elsewhere than the broker.
    ///
    /// - Parameter requested: An object, or `null` for an empty request.
    /// - Returns: The answer, which nobody else gets. What was begun goes on if the caller is cancelled.
    public func answer(_ name: String, _ requested: JSONValue) async -> BridgeResponse {
        let promise = Promise<BridgeResponse>(
            ifCancelled: BridgeResponse(.error("The bridge is stopping."), transaction: .null)
        )
        await receive(Request(name: name, sender: .caller(requested, promise)))
        return await promise.value()
    }

    private func receive(_ request: Request) async {
        let line = BridgeRequest.slowNames.contains(request.name) ? slow : quick
        guard let problem = line.add(request) else { return }
        let transaction = (try? request.content())?["transaction"] ?? .null
        await send(.error(problem), transaction: transaction, to: request)
    }

    public func run() async throws {
        await withDiscardingTaskGroup { group in
            for line in [slow, quick, quick, quick, quick] {
                group.addTask {
                    for await request in line.requests.cancelOnGracefulShutdown() { await self.answer(request) }
                }
            }
        }
    }

    private func answer(_ request: Request) async {
        let content = Result { () throws(Refusal) in try request.content() }
        let transaction = (try? content.get())?["transaction"] ?? .null
        let result: BridgeResponse.Result
        do throws(Refusal) {
            try request.checkRetention()
            let requested = try content.get()
            result = try await perform(try BridgeRequest(name: request.name, requested))
        } catch {
            result = .error(error.message)
        }
        if case .error(let sentence, _) = result {
            logger.warning("A request failed", metadata: ["request": "\(request.name)", "reason": "\(sentence)"])
        } else {
            logger.info("Answered a request", metadata: ["request": "\(request.name)"])
        }
        await send(result, transaction: transaction, to: request)
    }

    private func send(_ result: BridgeResponse.Result, transaction: JSONValue, to request: Request) async {
        let response = BridgeResponse(result, transaction: transaction)
        switch request.sender {
        case .caller(_, let promise): promise.keep(response)
        case .message(let message):
            let answers = Publication.answer(
                response.json.text,
                on: bridge.response(to: request.name),
                responseTopic: message.responseTopic,
                correlationData: message.correlationData,
                bridge: bridge
            )
            _ = await broker.publish(answers)
        }
    }

    // MARK: - The requests

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
        case .schedulesBackup: return await schedules.backUp()
        case .schedulesRestore(let backup): return await schedules.restore(backup)
        case .schedulesSave(let name): return await schedules.save(as: name)
        case .schedulesApply(let name, let zones): return await schedules.apply(name, to: zones)
        case .schedulesList: return await schedules.list()
        case .schedulesShow(let name): return await schedules.show(name)
        case .schedulesDelete(let name): return await schedules.delete(name)
        }
    }

    private func refresh() async -> BridgeResponse.Result {
        do throws(CloudReader.Refusal) {
            try await reader.refresh()
            return .ok(["locations": .integer(store.installation?.locations.count ?? 0)])
        } catch {
            return .error(error.sentence)
        }
    }

    private var health: BridgeResponse.Result {
        let problems = control.problems
        return .ok([
            "healthy": .bool(problems.isEmpty),
            "problems": .array(problems.map(JSONValue.string)),
            "cloud": .string(store.health.state.rawValue),
            "last_success": JSONValue(store.health.lastSuccess),
        ])
    }
}
