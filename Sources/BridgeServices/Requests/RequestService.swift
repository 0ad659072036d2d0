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
        var name: String
        var message: IncomingMessage
    }

    /// Requests that wait in order, up to a bound; more of them are refused.
    private struct Line: Sendable {
        let requests: AsyncStream<Request>
        private let continuation: AsyncStream<Request>.Continuation

        init(limit: Int) {
            (requests, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
        }

        /// - Returns: `false` if the line is full.
        func add(_ request: Request) -> Bool {
            if case .dropped = continuation.yield(request) { false } else { true }
        }
    }

    private let broker: any Broker
    private let store: SnapshotStore
    private let commands: CommandService
    private let reader: CloudReader
    private let control: any BridgeControl
    private let bridge: BridgeTopics
    private let clock: any WallClock
    private let logger: Logger
    private let quick = Line(limit: 100)
    private let slow = Line(limit: 8)

    public init(
        broker: any Broker,
        store: SnapshotStore,
        commands: CommandService,
        reader: CloudReader,
        control: any BridgeControl,
        bridge: BridgeTopics,
        clock: any WallClock,
        logger: Logger
    ) {
        self.broker = broker
        self.store = store
        self.commands = commands
        self.reader = reader
        self.control = control
        self.bridge = bridge
        self.clock = clock
        self.logger = logger
    }

    /// A message on `bridge/request/<name>`.
    func receive(_ name: String, _ message: IncomingMessage) async {
        let request = Request(name: name, message: message)
        guard !(BridgeRequest.slowNames.contains(name) ? slow : quick).add(request) else { return }
        await send(.error("Too many requests are waiting; send it again later."), transaction: .null, to: request)
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
        var transaction = JSONValue.null
        let result: BridgeResponse.Result
        do throws(Refusal) {
            let requested = try request.message.optionalObject()
            transaction = requested["transaction"] ?? .null
            result = try await perform(try BridgeRequest(name: request.name, requested))
        } catch {
            result = .error(error.message)
        }
        if case .error(let sentence) = result {
            logger.warning("A request failed", metadata: ["request": "\(request.name)", "reason": "\(sentence)"])
        } else {
            logger.info("Answered a request", metadata: ["request": "\(request.name)"])
        }
        await send(result, transaction: transaction, to: request)
    }

    private func send(_ result: BridgeResponse.Result, transaction: JSONValue, to request: Request) async {
        let answers = Publication.answer(
            BridgeResponse(result, transaction: transaction).json.text,
            on: bridge.response(to: request.name),
            responseTopic: request.message.responseTopic,
            correlationData: request.message.correlationData,
            bridge: bridge
        )
        _ = await broker.publish(answers)
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
        case .schedulesBackup: return await backUpSchedules()
        case .schedulesRestore(let schedules): return await restoreSchedules(schedules)
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

    /// Reads all schedules again, and answers in the form that a restore takes.
    private func backUpSchedules() async -> BridgeResponse.Result {
        do throws(CloudFailure) {
            let (read, _) = try await reader.readSchedules(of: store.installation?.zonesAndHotWater ?? [])
            return .ok(["schedules": ScheduleBackup(store.schedules, of: read).json])
        } catch {
            return .error(error.sentence)
        }
    }

    /// Writes the schedules of a backup. Each is a command, whose outcome is published beside its topic.
    private func restoreSchedules(_ schedules: JSONValue) async -> BridgeResponse.Result {
        let restore = ScheduleRestore(reader: reader, store: store, clock: clock) { [commands] command in
            await commands.carryOut(command)
        }
        do throws(BackupProblems) {
            let steps = try await restore.run(try ScheduleBackup(schedules))
            let failed = steps.filter(\.ending.isFailure).count
            guard failed == 0 else {
                let list = steps.map { "\($0.named.name): \($0.ending.word)" }.joined(separator: "; ")
                return .error("\(failed) of \(steps.count) schedules were not written. You can try again. \(list)")
            }
            return .ok(["schedules": .array(steps.map(\.json))])
        } catch {
            return .error(error.description)
        }
    }
}

extension ScheduleRestore.Step {
    fileprivate var json: JSONValue {
        ["id": .string(named.id), "name": .string(named.name), "result": .string(ending.word)]
    }
}

extension ScheduleRestore.Ending {
    fileprivate var isFailure: Bool {
        switch self {
        case .written, .alreadySet: false
        case .failed, .unreached: true
        }
    }

    fileprivate var word: String {
        switch self {
        case .written: "written"
        case .alreadySet: "already_so"
        case .failed(let outcome): outcome.message ?? outcome.kind.rawValue
        case .unreached(let failure): failure.sentence
        }
    }
}
