public import Basics
public import BridgeCore
import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// Publishes what has changed, and everything over each new connection and after each start of Home Assistant.
public final class PublishService: Service {
    public struct Settings: Sendable {
        public var bridge: BridgeTopics
        public var output: StateOutput
        /// Whether schedules are published.
        public var schedules: Bool
        /// `nil` if discovery is off.
        public var discovery: HomeAssistantDiscovery?
        /// `nil` if nothing is announced to readers that know no devices.
        public var components: ComponentDiscovery?
        /// The program's version, for `bridge/info`.
        public var version: String
        /// The name of this run, which no other has.
        public var instance: String
        /// The configuration without secrets, for `bridge/info`.
        public var configuration: JSONValue
        /// The address of the cloud in use; `nil` if there is only one.
        public var cloudAddress: @Sendable () -> String?

        public init(
            bridge: BridgeTopics,
            output: StateOutput,
            schedules: Bool = true,
            discovery: HomeAssistantDiscovery? = nil,
            components: ComponentDiscovery? = nil,
            version: String,
            instance: String = String(UInt64.random(in: .min ... .max), radix: 36),
            configuration: JSONValue = .null,
            cloudAddress: @escaping @Sendable () -> String? = { nil }
        ) {
            self.bridge = bridge
            self.output = output
            self.schedules = schedules
            self.discovery = discovery
            self.components = components
            self.version = version
            self.instance = instance
            self.configuration = configuration
            self.cloudAddress = cloudAddress
        }

        var features: TopicInventory.Features { TopicInventory.Features(output: output, schedules: schedules) }

        func report(on cloud: any Cloud, in store: SnapshotStore) -> CloudReport {
            CloudReport(store.health, problem: store.problem ?? cloud.storeProblem, address: cloudAddress())
        }
    }

    private struct State {
        var connection: BrokerConnection?
        /// Whether everything has to be published over this connection.
        var isNew = false
        /// Base topics of other bridges that have stopped.
        var stoppedBases: [String] = []
        /// When everything is published again for a Home Assistant that has started.
        var reannouncement: Uptime?
    }

    private let broker: any Broker
    private let cloud: any Cloud
    private let store: SnapshotStore
    private let memory: any TopicMemory
    private let statistics: StatisticsService
    private let counts: LoopCounts
    private let settings: Settings
    private let clock: any WallClock
    private let logger: Logger
    private let wakes: AsyncStream<Void>
    /// Ends ``wakes``.
    private let observer: AsyncStream<Void>.Continuation
    private let ownTopics: Guarded<OwnTopics>
    /// The sites that an earlier run has published.
    private let earlierSites: Set<String>
    private let state = Mutex(State())

    /// One step publishes a group of messages; a slow broker may take its time to acknowledge each.
    public let pulse = LoopPulse("publish", limit: .seconds(120))

    public init(
        broker: any Broker,
        cloud: any Cloud,
        store: SnapshotStore,
        memory: any TopicMemory,
        statistics: StatisticsService,
        counts: LoopCounts,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        self.broker = broker
        self.cloud = cloud
        self.store = store
        self.memory = memory
        self.statistics = statistics
        self.counts = counts
        self.settings = settings
        self.clock = clock
        self.logger = logger
        (wakes, observer) = store.observe()
        ownTopics = Guarded(OwnTopics(instance: settings.instance))
        earlierSites = memory.inventory()?.sites ?? []
    }

    /// There is a new connection, over which everything is published.
    func connected(_ connection: BrokerConnection) {
        ownTopics.withLock { $0.connected() }
        state.withLock { $0 = State(connection: connection, isNew: true) }
        store.wakeUp()
    }

    /// The connection is lost. Nothing is published, but whoever watches without a broker sees it.
    func disconnected() {
        state.withLock { $0 = State() }
        store.wakeUp()
    }

    /// A bridge under another base topic has stopped.
    func bridgeStopped(base: String) {
        state.withLock { $0.stoppedBases.append(base) }
        store.wakeUp()
    }

    /// A message on a topic that is the bridge's own.
    func received(_ message: IncomingMessage, on topic: OwnTopics.Topic) {
        let now = clock.uptime
        if let other = ownTopics.withLock({ $0.received(message, on: topic, at: now) }) {
            let account = store.installation?.accountID
            let isSame = account != nil && other.accountID == account
            logger.warning("\(other.sentence(isSameAccount: isSame))", metadata: ["instance": "\(other.instance)"])
            store.update { $0.report(.neighbour(other, isSameAccount: isSame), at: $1) }
        }
        store.wakeUp()
    }

    /// Whether this bridge answers a command: always, unless another bridge uses the same base topic; then only for sites
    /// that this bridge has or had.
    func answers(for topic: CommandTopic) -> Bool {
        guard !ownTopics.withLock({ $0.neighbours.isEmpty }), let site = settings.bridge.site(of: topic) else {
            return true
        }
        return earlierSites.contains(site) || store.layout?.sites.contains(site) == true
    }

    /// Home Assistant has started. It keeps no session, and a broker may have lost retained messages, so everything is
    /// published again. That happens some seconds later, since every other client is told of the start at the same moment.
    func homeAssistantStarted() {
        let delay = Duration.seconds(Double.random(in: 1...6))
        state.withLock { $0.reannouncement = clock.uptime + delay }
        store.wakeUp()
    }

    public func run() async throws {
        var publisher = Publisher(
            settings: settings,
            broker: broker,
            cloud: cloud,
            store: store,
            statistics: statistics,
            memory: memory,
            ownTopics: ownTopics,
            clock: clock,
            pulse: pulse,
            logger: logger
        )
        pulse.rests()
        let alarm = Alarm(clock: clock) { [store] in store.wakeUp() }
        // The stream is ended here: `cancelOnGracefulShutdown()` would pass each element on through two more tasks.
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await _ in wakes {
                    // Without a broker, changes gather in the snapshot; the next connection publishes all of it. Nothing is
                    // due until then: a moment that has passed would ring over and over.
                    guard let turn = takeTurn() else { continue }
                    pulse.works()
                    if await publisher.publish(turn) { counts.announced() }
                    let moments = [
                        publisher.nextMoment, state.withLock(\.reannouncement), ownTopics.withLock(\.nextMoment),
                    ]
                    alarm.set(to: moments.compactMap(\.self).min(), in: &group)
                    pulse.rests()
                }
                group.cancelAll()
            }
        } onGracefulShutdown: { [observer] in
            observer.finish()
        }
    }

    /// - Returns: `nil` without a connection.
    private func takeTurn() -> Publisher.Turn? {
        let now = clock.uptime
        return state.withLock { state in
            guard let connection = state.connection else { return nil }
            if let due = state.reannouncement, due <= now { (state.isNew, state.reannouncement) = (true, nil) }
            defer { (state.isNew, state.stoppedBases) = (false, []) }
            return Publisher.Turn(
                connection: connection,
                isNew: state.isNew,
                stoppedBases: state.stoppedBases
            )
        }
    }
}
