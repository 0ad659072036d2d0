public import Basics
public import BridgeCore
import Synchronization

/// Everything that is shown, by topic below the base topic, for those who look without a broker.
///
/// It is made when somebody asks, and used again while nothing has changed. So it costs nothing while nobody looks.
public final class TopicView: Sendable {
    private struct Cache {
        var version: Int
        var made: Uptime
        var topics: [String: String]
    }

    private let cloud: any Cloud
    private let store: SnapshotStore
    private let statistics: StatisticsService
    private let settings: PublishService.Settings
    private let broker: @Sendable () -> BrokerFacts?
    private let clock: any WallClock
    private let cache = Mutex<Cache?>(nil)

    /// Switchpoints pass without a change of the snapshot, so nothing is used for longer.
    private static let lifetime = Duration.seconds(1)

    /// - Parameter broker: What the broker said of itself; `nil` without a connection.
    public init(
        cloud: any Cloud,
        store: SnapshotStore,
        statistics: StatisticsService,
        settings: PublishService.Settings,
        broker: @escaping @Sendable () -> BrokerFacts?,
        clock: any WallClock
    ) {
        self.cloud = cloud
        self.store = store
        self.statistics = statistics
        self.settings = settings
        self.broker = broker
        self.clock = clock
    }

    /// Payloads as MQTT has them, by topic.
    public var topics: [String: String] {
        let (version, now) = (store.version, clock.uptime)
        return cache.withLock { cache in
            if let cache, cache.version == version, now < cache.made + Self.lifetime { return cache.topics }
            let topics = make()
            cache = Cache(version: version, made: now, topics: topics)
            return topics
        }
    }

    /// An element after each change, or one for several in a row.
    public func changes() -> AsyncStream<Void> { store.changes() }

    private func make() -> [String: String] {
        let information = BridgeInformation(
            version: settings.version,
            instance: settings.instance,
            started: statistics.started,
            broker: broker(),
            installation: store.installation,
            ghosts: store.sites.flatMap(\.ghosts),
            surprises: cloud.surprises,
            configuration: settings.configuration
        )
        var messages = [
            Publication(topic: settings.bridge.state, payload: "online"),
            Publication(topic: settings.bridge.cloud, payload: settings.report(on: cloud, in: store).json.text),
            Publication(topic: settings.bridge.info, payload: information.json.text),
            Publication(topic: settings.bridge.stats, payload: statistics.latest.json.text),
        ]
        if let layout = store.layout {
            let now = clock.now
            for site in store.sites {
                // The JSON is there for the page, also where the broker gets attributes alone.
                messages += site.messages(in: layout, output: .both, at: now)
                if settings.schedules { messages += site.scheduleMessages(in: layout) }
            }
        }
        let base = settings.bridge.base.count + 1
        // An empty payload clears a topic.
        let shown = messages.filter { !$0.payload.isEmpty }.map { (String($0.topic.dropFirst(base)), $0.payload) }
        return Dictionary(shown, uniquingKeysWith: { $1 })
    }
}
