public import Basics
public import BridgeCore
import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// Tells the broker what has changed, and everything after each connection.
public final class PublishService: Service {
    let broker: any Broker
    let cloud: any Cloud
    let homes: SnapshotStore
    let memory: any TopicMemory
    let statistics: StatisticsService
    let counts: LoopCounts
    let settings: Settings
    let clock: any WallClock
    let logger: Logger
    private let connection = Mutex(Connection())

    /// One step is a group of messages, each of which a slow broker may take its time to acknowledge.
    public let pulse = LoopPulse("publish", limit: .seconds(120))

    private struct Connection {
        var current: BrokerConnection?
        /// Whether everything has to be told over it.
        var isNew = false
        /// Base topics of bridges that have stopped.
        var stopped: [String] = []
    }

    public struct Settings: Sendable {
        public var bridge: BridgeTopics
        public var output: StateOutput
        /// Whether weeks are told.
        public var schedules: Bool
        /// How Home Assistant is told of everything; `nil` where it is not.
        public var discovery: HomeAssistantDiscovery?
        /// The program's version, for `bridge/info`.
        public var version: String
        /// What is in force, for `bridge/info`; without secrets.
        public var configuration: JSONValue

        public init(
            bridge: BridgeTopics,
            output: StateOutput,
            schedules: Bool = true,
            discovery: HomeAssistantDiscovery? = nil,
            version: String,
            configuration: JSONValue = .null
        ) {
            self.bridge = bridge
            self.output = output
            self.schedules = schedules
            self.discovery = discovery
            self.version = version
            self.configuration = configuration
        }

        var features: TopicInventory.Features { TopicInventory.Features(output: output, schedules: schedules) }
    }

    public init(
        broker: any Broker,
        cloud: any Cloud,
        homes: SnapshotStore,
        memory: any TopicMemory,
        statistics: StatisticsService,
        counts: LoopCounts,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        self.broker = broker
        self.cloud = cloud
        self.homes = homes
        self.memory = memory
        self.statistics = statistics
        self.counts = counts
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    /// There is a connection: everything is published over it.
    public func connected(_ new: BrokerConnection) {
        connection.withLock { $0 = Connection(current: new, isNew: true) }
        homes.wakeUp()
    }

    public func disconnected() {
        connection.withLock { $0 = Connection() }
    }

    /// A bridge under another base topic has stopped.
    public func stopped(_ base: String) {
        connection.withLock { $0.stopped.append(base) }
        homes.wakeUp()
    }

    /// Everything is published again, for one who has come later or has forgotten.
    public func publishAgain() {
        connection.withLock { $0.isNew = $0.current != nil }
        homes.wakeUp()
    }

    public func run() async throws {
        var progress = Progress(started: clock.now)
        pulse.rests()
        let alarm = Alarm(clock: clock) { [homes] in homes.wakeUp() }
        await withDiscardingTaskGroup { group in
            for await _ in homes.wakes.cancelOnGracefulShutdown() {
                pulse.works()
                await publish(&progress)
                alarm.set(to: progress.switchpoints.values.min(), in: &group)
                pulse.rests()
            }
            group.cancelAll()
        }
    }

    private func publish(_ progress: inout Progress) async {
        let (current, isNew, stopped) = connection.withLock { connection in
            defer { (connection.isNew, connection.stopped) = (false, []) }
            return (connection.current, connection.isNew, connection.stopped)
        }
        // Without a broker changes gather in the snapshot; a connection publishes the whole of it.
        guard let current else { return }
        if isNew {
            progress.published.forgetPayloads()
            progress.devices = [:]
        }
        // Asked first: what becomes ready while the rest is published has changes of its own, which come before online.
        let isReady = homes.isReady
        let changes = homes.takeChanges()
        await tell(changes.events)
        let systems = isNew ? Set(homes.systems) : changes.systems.union(progress.passSwitchpoints(at: clock.now))
        if isNew || changes.isLayoutChanged {
            progress.isAnnounced = false
            findLeftovers(&progress)
            await removeGoneSites(&progress)
            await announceBridge(&progress)
        }
        for base in stopped { await clear(base: base, keeping: progress.published) }
        var count = 0
        for system in systems.sorted() { count += await publish(system, &progress) }
        for system in (isNew ? systems : changes.schedules).sorted() { await publishSchedules(of: system, &progress) }
        if isReady {
            await publishHealth(&progress)
            await publishStatistics(&progress)
            // Last of all, so that whoever sees the bridge come online finds everything else in place.
            if !progress.isAnnounced {
                await announce(current, &progress)
                await clearLeftovers(&progress)
            }
        }
        if count > 0 { logger.info("Published what has changed", metadata: ["messages": "\(count)"]) }
    }

    /// - Returns: How many messages the broker took.
    func send(
        _ messages: [Publication],
        as group: PublishedTopics.Group,
        _ progress: inout Progress
    ) async -> Int {
        let changes = progress.published.changes(in: group, to: messages)
        guard !changes.isEmpty else { return 0 }
        pulse.works()
        let outgoing = changes.map { Publication(topic: $0.topic, payload: $0.payload, isRetained: true) }
        let delivered = await broker.publish(outgoing)
        for (message, isDelivered) in zip(changes, delivered) where !isDelivered {
            progress.published.failed(message, in: group)
            switch group {
            case .site(let system), .schedules(let system): homes.publishAgain(system)
            case .devices(let system):
                progress.devices[system] = nil
                homes.publishAgain(system)
            case .bridge, .health, .statistics, .bridgeDevice: break
            }
        }
        return delivered.count { $0 }
    }
}
