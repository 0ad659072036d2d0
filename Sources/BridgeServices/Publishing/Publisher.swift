import Basics
import BridgeCore
import HeatingModel
import Logging
import Observability

/// Publishes what the broker does not have yet. It remembers everything that this run has published, so that only changes
/// are sent, and nothing that is gone stays retained.
struct Publisher {
    /// For how many topics a broker without wildcards is asked: some hundred homes.
    private static let exactTopics = 5000

    private let settings: PublishService.Settings
    private let broker: any Broker
    private let cloud: any Cloud
    private let store: SnapshotStore
    private let statistics: StatisticsService
    private let memory: any TopicMemory
    private let ownTopics: Guarded<OwnTopics>
    private let clock: any WallClock
    private let pulse: LoopPulse
    private let logger: Logger

    private var published = PublishedTopics()
    /// What the next run will find at the broker.
    private var inventory: TopicInventory?
    /// Topics of an earlier run that are cleared before the inventory is kept; `nil` once that is done.
    private var leftovers: [String]?
    /// When the state of a system changes without an answer of the cloud.
    private var switchpoints: [ControlSystemID: Instant] = [:]
    /// When values become too old, as of the last publication; the cloud may be silent for hours when it asks for that.
    private var staleMoments: [ControlSystemID: Uptime] = [:]
    /// What Home Assistant knows of each system.
    private var devices: [ControlSystemID: SiteDevices] = [:]
    /// Whether the broker has `bridge/info` and knows that the bridge is online.
    private var isAnnounced = false
    /// What the broker has on `bridge/cloud`.
    private var publishedReport: CloudReport?
    /// The edition of statistics that the broker has.
    private var publishedStatistics: Int?
    /// As `bridge/info` lists them.
    private var surprises: [String] = []

    init(
        settings: PublishService.Settings,
        broker: any Broker,
        cloud: any Cloud,
        store: SnapshotStore,
        statistics: StatisticsService,
        memory: any TopicMemory,
        ownTopics: Guarded<OwnTopics>,
        clock: any WallClock,
        pulse: LoopPulse,
        logger: Logger
    ) {
        self.settings = settings
        self.broker = broker
        self.cloud = cloud
        self.store = store
        self.statistics = statistics
        self.memory = memory
        self.ownTopics = ownTopics
        self.clock = clock
        self.pulse = pulse
        self.logger = logger
    }

    /// When something is published though nothing has changed: as far as can be told now, since a clock that is set moves
    /// switchpoints.
    var nextMoment: Uptime? {
        let (now, uptime) = (clock.now, clock.uptime)
        let switchpoint = switchpoints.values.min().map { uptime + max(.zero, now.duration(to: $0)) }
        return [switchpoint, staleMoments.values.min()].compactMap(\.self).min()
    }

    /// What happens in one turn.
    struct Turn {
        var connection: BrokerConnection
        /// Whether the broker may have forgotten everything.
        var isNew: Bool
        /// Base topics of other bridges that have stopped.
        var stoppedBases: [String]
    }

    /// Publishes everything that has changed, all of it over a new connection.
    ///
    /// - Returns: Whether the bridge was announced as online in this turn.
    mutating func publish(_ turn: Turn) async -> Bool {
        if turn.isNew {
            published.forgetPayloads()
            devices = [:]
        }
        if ownTopics.withLock({ $0.takeOverwritten(at: clock.uptime) }) {
            published.forgetPayloads(of: .bridge)
            isAnnounced = false
        }
        // Read first: a snapshot that becomes ready during this turn has changes that are published before `online`.
        let isReady = store.isReady
        let changes = store.take { $0.takeChanges() }
        await publish(changes.events)
        let systems = turn.isNew ? Set(store.systems) : changes.systems.union(passMoments())
        if turn.isNew || changes.isLayoutChanged {
            isAnnounced = false
            findLeftovers()
            await removeGoneSites()
            await announceBridge()
            if !turn.connection.facts.takesWildcards, let layout = store.layout {
                broker.listen(on: Array(layout.commandTopics.prefix(Self.exactTopics)))
            }
        }
        for base in turn.stoppedBases { await clear(base: base) }
        var count = 0
        for system in systems.sorted() { count += await publish(system) }
        for system in (turn.isNew ? systems : changes.schedules).sorted() { await publishSchedules(of: system) }
        var isFirst = false
        if isReady {
            if cloud.surprises != surprises { isAnnounced = false }
            await publishReport(overNewConnection: turn.isNew)
            await publishStatistics(overNewConnection: turn.isNew)
            // Last of all: whoever sees the bridge come online finds everything else in place.
            if !isAnnounced {
                isFirst = await announce(turn.connection)
                await clearLeftovers()
            }
        }
        if count > 0 { logger.info("Published changes", metadata: ["messages": "\(count)"]) }
        return isFirst
    }

    // MARK: - Sites

    /// - Returns: How many messages the broker took.
    private mutating func publish(_ system: ControlSystemID) async -> Int {
        guard let layout = store.layout else { return 0 }
        if await announceDevices(of: system, in: layout), leavesTopics(of: system, in: layout) {
            await waitForHomeAssistant()
        }
        return await send(changes: takeChanges(of: system, in: layout), as: .site(system))
    }

    private func leavesTopics(of system: ControlSystemID, in layout: TopicLayout) -> Bool {
        let messages = store.site(of: system)?.messages(in: layout, output: settings.output, at: clock.now)
        return published.leavesTopics(in: .site(system), of: messages ?? [])
    }

    private mutating func takeChanges(of system: ControlSystemID, in layout: TopicLayout) -> [Publication] {
        guard let site = store.site(of: system) else { return [] }
        let now = clock.now
        switchpoints[system] = site.nextSwitchpoint(after: now)
        staleMoments[system] = store.staleMoment(of: system)
        let parts = site.parts(in: layout, output: settings.output, at: now)
        return published.changes(in: .site(system), toParts: parts)
    }

    private mutating func publishSchedules(of system: ControlSystemID) async {
        guard settings.schedules, let layout = store.layout,
            let messages = store.site(of: system)?.scheduleMessages(in: layout)
        else { return }
        _ = await send(messages, as: .schedules(system))
    }

    private mutating func removeGoneSites() async {
        let present = store.systems.flatMap { [PublishedTopics.Group.site($0), .schedules($0), .devices($0)] }
        let gone = published.groups(notIn: Set(present + [.bridge, .health, .statistics, .bridgeDevice]))
        let devices = gone.filter(\.isOfDevices)
        for group in devices { _ = await send([], as: group) }
        if !devices.isEmpty { await waitForHomeAssistant() }
        for group in gone where !group.isOfDevices { _ = await send([], as: group) }
    }

    /// - Returns: Systems that have passed a switchpoint, or whose values may have become too old.
    private mutating func passMoments() -> [ControlSystemID] {
        let (now, uptime) = (clock.now, clock.uptime)
        let passed = switchpoints.filter { $0.value <= now }.map(\.key)
        let stale = staleMoments.filter { $0.value <= uptime }.map(\.key)
        for system in passed { switchpoints[system] = nil }
        for system in stale { staleMoments[system] = nil }
        return passed + stale
    }

    // MARK: - The bridge

    /// Publishes events, which are not retained.
    private func publish(_ events: [BridgeEvent]) async {
        let told = events.compactMap { event in event.json(in: store.layout).map { (event: event, json: $0) } }
        guard !told.isEmpty else { return }
        let messages = told.map { Publication(topic: settings.bridge.event, payload: $0.json.text, isRetained: false) }
        let delivered = await broker.publish(messages)
        let lost = zip(told, delivered).filter { !$1 }.map(\.0.event)
        if !lost.isEmpty { store.take { $0.publishAgain(lost) } }
    }

    /// - Returns: Whether the broker took it.
    private mutating func announce(_ connection: BrokerConnection) async -> Bool {
        let info = BridgeInformation(
            version: settings.version,
            instance: settings.instance,
            started: statistics.started,
            broker: connection.facts,
            installation: store.installation,
            ghosts: store.sites.flatMap(\.ghosts),
            surprises: cloud.surprises,
            configuration: settings.configuration
        )
        let messages = [
            Publication(topic: settings.bridge.info, payload: info.json.text),
            Publication(topic: settings.bridge.state, payload: "online"),
        ]
        isAnnounced = true
        surprises = cloud.surprises
        let connection = ownTopics.withLock { $0.publishing() }
        let count = await send(messages, as: .bridge)
        if count > 0 { ownTopics.withLock { $0.published(over: connection) } }
        return count > 0
    }

    private mutating func publishReport(overNewConnection isNew: Bool) async {
        let report = settings.report(on: cloud, in: store)
        guard isNew || publishedReport.map({ report.isNews(after: $0) }) ?? true else { return }
        let message = Publication(topic: settings.bridge.cloud, payload: report.json.text)
        publishedReport = await send([message], as: .health) > 0 ? report : nil
    }

    /// They are new once a minute at most, while every poll makes a turn.
    private mutating func publishStatistics(overNewConnection isNew: Bool) async {
        let latest = statistics.edition
        guard isNew || latest.number != publishedStatistics else { return }
        let message = Publication(topic: settings.bridge.stats, payload: latest.statistics.json.text)
        publishedStatistics = await send([message], as: .statistics) > 0 ? latest.number : nil
    }

    // MARK: - Home Assistant

    /// Announces the bridge, which the devices of sites refer to.
    private mutating func announceBridge() async {
        guard let account = store.installation?.accountID else { return }
        let device = settings.discovery?.message(forBridgeOf: account)
        let components = settings.components?.messages(forBridgeOf: account) ?? []
        _ = await send([device].compactMap(\.self) + components, as: .bridgeDevice)
    }

    /// Announces a site's devices before their state comes, so that Home Assistant is subscribed by then.
    ///
    /// - Returns: Whether there was anything new.
    private mutating func announceDevices(of system: ControlSystemID, in layout: TopicLayout) async -> Bool {
        guard settings.discovery != nil || settings.components != nil, let account = store.installation?.accountID,
            let new = store.site(of: system).flatMap(SiteDevices.init), devices.updateValue(new, forKey: system) != new
        else { return false }
        let documents = settings.discovery?.messages(for: new, of: account, in: layout) ?? []
        let components = settings.components?.messages(for: new, in: layout) ?? []
        _ = await send(documents + components, as: .devices(system))
        return true
    }

    /// Home Assistant needs some time to process a document. It logs errors if a topic is cleared that an entity still reads.
    private func waitForHomeAssistant() async {
        try? await clock.sleep(for: .seconds(1))
    }

    // MARK: - Leftovers

    /// Finds topics that an earlier run has published and this one does not.
    private mutating func findLeftovers() {
        guard let layout = store.layout, let installation = store.installation else { return }
        let new = TopicInventory(
            installation,
            in: layout,
            features: settings.features,
            discovery: settings.discovery,
            components: settings.components
        )
        guard new != inventory else { return }
        let left = (inventory ?? memory.inventory())?.topics(notIn: new) ?? []
        // Topics of this run are cleared with their groups.
        leftovers = (leftovers ?? []) + left.filter { !published.looksAfter($0) }
        inventory = new
    }

    /// Clears what was found, then keeps the inventory. This comes last, when Home Assistant knows the new topics.
    private mutating func clearLeftovers() async {
        guard let left = leftovers, let inventory else { return }
        guard await clear(left.filter { !published.looksAfter($0) }, under: settings.bridge.base) else { return }
        leftovers = nil
        await memory.remember(inventory)
    }

    /// Clears the topics of a bridge under another base topic, which has stopped. If it starts again, it publishes all of
    /// them.
    private func clear(base: String) async {
        guard let left = memory.inventory(of: base) else { return }
        logger.notice("Clearing what was published under another base topic", metadata: ["base": "\(base)"])
        // Documents of devices have the same topics under every base.
        let gone = left.all.filter { !published.looksAfter($0) }
        if await clear(gone, under: base) { await memory.forget(base) }
    }

    /// Clears documents, and later the topics that they refer to.
    ///
    /// - Returns: Whether the broker took it.
    private func clear(_ topics: [String], under base: String) async -> Bool {
        let states = topics.filter { $0.hasPrefix("\(base)/") }
        guard await clear(topics.filter { !$0.hasPrefix("\(base)/") }) else { return false }
        if !states.isEmpty { await waitForHomeAssistant() }
        return await clear(states)
    }

    private func clear(_ topics: [String]) async -> Bool {
        guard !topics.isEmpty else { return true }
        return await broker.publish(topics.map { Publication(topic: $0, payload: "") }).allSatisfy(\.self)
    }

    // MARK: - Sending

    /// - Returns: How many messages the broker took.
    private mutating func send(_ messages: [Publication], as group: PublishedTopics.Group) async -> Int {
        await send(changes: published.changes(in: group, to: messages), as: group)
    }

    /// - Returns: How many messages the broker took.
    private mutating func send(changes: [Publication], as group: PublishedTopics.Group) async -> Int {
        guard !changes.isEmpty else { return 0 }
        pulse.works()
        let delivered = await broker.publish(changes)
        let failed = zip(changes, delivered).filter { !$1 }.map(\.0)
        if !failed.isEmpty {
            published.failed(failed, in: group)
            switch group {
            case .site(let system), .schedules(let system): store.take { $0.publishAgain(system) }
            case .devices(let system):
                devices[system] = nil
                store.take { $0.publishAgain(system) }
            case .bridge, .health, .statistics, .bridgeDevice: break
            }
        }
        return delivered.count { $0 }
    }
}
