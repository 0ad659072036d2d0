public import BridgeCore
public import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// Tells the broker what has changed, and everything after each connection.
public final class PublishService: Service {
    private let broker: any Broker
    private let cloud: any Cloud
    private let homes: Homes
    private let statistics: StatisticsService
    private let counts: LoopCounts
    private let settings: Settings
    private let clock: any WallClock
    private let logger: Logger
    private let connection = Mutex(Connection())

    /// One step is a group of messages, each of which a slow broker may take its time to acknowledge.
    public let pulse = LoopPulse("publish", limit: .seconds(120))

    private struct Connection {
        var current: BrokerConnection?
        /// Whether everything has to be told over it.
        var isNew = false
    }

    public struct Settings: Sendable {
        public var bridge: BridgeTopics
        public var output: StateOutput
        /// The program's version, for `bridge/info`.
        public var version: String

        public init(bridge: BridgeTopics, output: StateOutput, version: String) {
            self.bridge = bridge
            self.output = output
            self.version = version
        }
    }

    public init(
        broker: any Broker,
        cloud: any Cloud,
        homes: Homes,
        statistics: StatisticsService,
        counts: LoopCounts,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        self.broker = broker
        self.cloud = cloud
        self.homes = homes
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

    /// What one run of the loop remembers.
    private struct Progress {
        let started: Instant
        var published = PublishedTopics()
        /// Whether the broker knows what runs here, and that it is online.
        var isAnnounced = false
    }

    public func run() async throws {
        var progress = Progress(started: clock.now)
        pulse.rests()
        for await _ in homes.wakes.cancelOnGracefulShutdown() {
            pulse.works()
            await publish(&progress)
            pulse.rests()
        }
    }

    private func publish(_ progress: inout Progress) async {
        let (current, isNew) = connection.withLock { connection in
            defer { connection.isNew = false }
            return (connection.current, connection.isNew)
        }
        // Without a broker changes gather in the picture; a connection publishes the whole of it.
        guard let current else { return }
        if isNew { progress.published.forgetPayloads() }
        let changes = homes.takeChanges()
        let systems = isNew ? Set(homes.systems) : changes.systems
        if isNew || changes.isLayoutChanged {
            progress.isAnnounced = false
            await removeGoneSites(&progress.published)
        }
        var count = 0
        for system in systems.sorted() { count += await publish(system, &progress.published) }
        if homes.isReady {
            await publishHealth(&progress.published)
            await publishStatistics(&progress.published)
            // Last of all, so that whoever sees the bridge come online finds everything else in place.
            if !progress.isAnnounced { await announce(current, &progress) }
        }
        if count > 0 { logger.info("Published what has changed", metadata: ["messages": "\(count)"]) }
    }

    /// - Returns: How many messages the broker took.
    private func publish(_ system: ControlSystemID, _ published: inout PublishedTopics) async -> Int {
        guard let layout = homes.layout, let site = homes.site(of: system) else { return 0 }
        let messages = site.messages(in: layout, output: settings.output, at: clock.now)
        return await send(messages, as: .site(system), &published)
    }

    private func removeGoneSites(_ published: inout PublishedTopics) async {
        let present = Set(homes.systems.map(PublishedTopics.Group.site))
        for group in published.groups(notIn: present.union([.bridge, .health, .statistics])) {
            _ = await send([], as: group, &published)
        }
    }

    private func publishHealth(_ published: inout PublishedTopics) async {
        let json = homes.health.json(storeProblem: cloud.storeProblem)
        let message = StateMessage(topic: settings.bridge.cloud, payload: json.text)
        _ = await send([message], as: .health, &published)
    }

    private func publishStatistics(_ published: inout PublishedTopics) async {
        let message = StateMessage(topic: settings.bridge.stats, payload: statistics.latest.json.text)
        _ = await send([message], as: .statistics, &published)
    }

    private func announce(_ connection: BrokerConnection, _ progress: inout Progress) async {
        let info = BridgeInformation(
            version: settings.version,
            started: progress.started,
            broker: connection.facts,
            installation: homes.installation
        )
        let messages = [
            StateMessage(topic: settings.bridge.info, payload: info.json.text),
            StateMessage(topic: settings.bridge.state, payload: "online"),
        ]
        if await send(messages, as: .bridge, &progress.published) > 0 { counts.announced() }
        progress.isAnnounced = true
    }

    private func send(
        _ messages: [StateMessage],
        as group: PublishedTopics.Group,
        _ published: inout PublishedTopics
    ) async -> Int {
        let changes = published.changes(in: group, to: messages)
        guard !changes.isEmpty else { return 0 }
        pulse.works()
        let outgoing = changes.map { OutgoingMessage(topic: $0.topic, payload: $0.payload, isRetained: true) }
        let delivered = await broker.publish(outgoing)
        for (message, isDelivered) in zip(changes, delivered) where !isDelivered {
            published.failed(message, in: group)
            if case .site(let system) = group { homes.publishAgain(system) }
        }
        return delivered.count { $0 }
    }
}
