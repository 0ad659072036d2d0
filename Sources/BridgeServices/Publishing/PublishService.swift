public import BridgeCore
public import HeatingModel
public import Logging
public import ServiceLifecycle
import Synchronization

/// Tells the broker what has changed, and everything after each connection.
public final class PublishService: Service {
    private let broker: any Broker
    private let cloud: any Cloud
    private let homes: Homes
    private let settings: Settings
    private let clock: any WallClock
    private let logger: Logger
    private let connection = Mutex<Connection>(.none)

    private enum Connection {
        case none
        /// Nothing has been published over it yet.
        case new(BrokerConnection)
        case current(BrokerConnection)
    }

    public struct Settings: Sendable {
        public var bridge: BridgeTopics
        public var output: StateOutput
        /// What `bridge/info` tells beside the connection.
        public var info: [JSONValue.Member]

        public init(bridge: BridgeTopics, output: StateOutput, info: [JSONValue.Member]) {
            self.bridge = bridge
            self.output = output
            self.info = info
        }
    }

    public init(
        broker: any Broker,
        cloud: any Cloud,
        homes: Homes,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        self.broker = broker
        self.cloud = cloud
        self.homes = homes
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    /// There is a connection: everything is published over it.
    public func connected(_ new: BrokerConnection) {
        connection.withLock { $0 = .new(new) }
        homes.changed()
    }

    public func disconnected() {
        connection.withLock { $0 = .none }
    }

    public func run() async throws {
        var published = PublishedTopics()
        for await _ in homes.wakes.cancelOnGracefulShutdown() {
            await publish(&published)
        }
    }

    private func publish(_ published: inout PublishedTopics) async {
        let (isConnected, new) = connection.withLock { state in
            switch state {
            case .none: return (false, BrokerConnection?.none)
            case .current: return (true, nil)
            case .new(let new):
                state = .current(new)
                return (true, new)
            }
        }
        // Without a broker changes gather in the picture; a connection publishes the whole of it.
        guard isConnected else { return }
        if new != nil { published.forgetPayloads() }
        let changes = homes.takeChanges()
        let systems = new == nil ? changes.systems : Set(homes.systems)
        if changes.isLayoutChanged { await removeGoneSites(&published) }
        var count = 0
        for system in systems.sorted() { count += await publish(system, &published) }
        if changes.isHealthChanged || new != nil { await publishHealth(&published) }
        // Last of all, so that whoever sees the bridge come online finds everything else in place.
        if let new { await announce(new, &published) }
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
        for group in published.groups(notIn: present.union([.bridge, .health])) {
            _ = await send([], as: group, &published)
        }
    }

    private func publishHealth(_ published: inout PublishedTopics) async {
        let json = homes.health.json(storeProblem: cloud.storeProblem)
        let message = StateMessage(topic: settings.bridge.cloud, payload: json.text)
        _ = await send([message], as: .health, &published)
    }

    private func announce(_ connection: BrokerConnection, _ published: inout PublishedTopics) async {
        let version = JSONValue.Member("mqtt_protocol", .string(connection.protocolVersion))
        let messages = [
            StateMessage(topic: settings.bridge.info, payload: JSONValue.object(settings.info + [version]).text),
            StateMessage(topic: settings.bridge.state, payload: "online"),
        ]
        _ = await send(messages, as: .bridge, &published)
    }

    private func send(
        _ messages: [StateMessage],
        as group: PublishedTopics.Group,
        _ published: inout PublishedTopics
    ) async -> Int {
        let changes = published.changes(in: group, to: messages)
        guard !changes.isEmpty else { return 0 }
        let outgoing = changes.map { OutgoingMessage(topic: $0.topic, payload: $0.payload, isRetained: true) }
        let delivered = await broker.publish(outgoing)
        for (message, isDelivered) in zip(changes, delivered) where !isDelivered {
            published.failed(message, in: group)
        }
        return delivered.count { $0 }
    }
}
