import Basics
import BridgeCore
import BridgeServices
import CloudSharing
import HeatingModel
import MosquittoClient
import Observability
import ServiceLifecycle
import TCCClient
import WebInterface

/// The composition root: every loop is made here, once, and told of those that it needs.
struct BridgeAssembly {
    /// All of them, in order of dependence; they stop in reverse order. The broker's client stops after everything that
    /// publishes through it. The page stops last, so that a client that keeps a connection open delays no other service.
    let services: [any Service]

    init(
        _ loaded: Settings.Loaded,
        logs: Logs,
        clock: any WallClock,
        store: SnapshotStore,
        account: CloudAccount,
        broker: MosquittoBroker,
        topics: BridgeTopicMemory,
        subscribed: SubscribedTopics,
        journal: any CommandJournal,
        manager: ServiceManager?,
        reload: SettingsReload?
    ) throws {
        let settings = loaded.settings
        let counts = LoopCounts()
        let shareCounts = account.answers.map { ShareCounts(answers: $0) }
        let statistics = StatisticsService(
            counters: BridgeCounters(account: account, broker: broker.client, loops: counts, share: shareCounts),
            store: store,
            clock: clock
        )
        let cloud = account.client
        let reader = CloudReader(
            cloud: cloud,
            highPrecision: account.sessions,
            store: store,
            memory: account.state,
            changes: BridgeChangeMemory(state: account.state, base: settings.mqtt.baseTopic),
            counts: counts,
            intervals: settings.cloud.intervals,
            settings: CloudReader.Settings(
                locations: settings.cloud.locations,
                shortestPollInterval: settings.cloud.url.shortestPollInterval
            ),
            clock: clock,
            logger: logs.logger(for: "read")
        )
        let publishing = settings.publishing(loaded.effective) { [addresses = account.addresses] in
            settings.cloud.fallbackURLs.isEmpty ? nil : addresses.inUse.description
        }
        let publisher = PublishService(
            broker: broker,
            cloud: cloud,
            store: store,
            memory: topics,
            statistics: statistics,
            counts: counts,
            settings: publishing,
            clock: clock,
            logger: logs.logger(for: "publish")
        )
        let commands = CommandService(
            cloud: cloud,
            reader: reader,
            broker: broker,
            store: store,
            journal: journal,
            counts: counts,
            settings: settings.commanding,
            clock: clock,
            logger: logs.logger(for: "commands")
        )
        let monitor = HealthMonitor(
            pulses: [reader.pulse, publisher.pulse, commands.pulse, broker.client.pulse],
            broker: { broker.contact }
        )
        let requests = RequestService(
            broker: broker,
            store: store,
            commands: commands,
            reader: reader,
            library: ScheduleLibraryFile(beside: settings.state.file, logger: logs.logger(for: "state")),
            control: RunningBridgeControl(
                reader: reader,
                shortestPollInterval: settings.cloud.url.shortestPollInterval,
                level: logs.level,
                monitor: monitor
            ),
            bridge: settings.mqtt.bridgeTopics,
            clock: clock,
            logger: logs.logger(for: "requests")
        )
        let router = MessageRouter(
            broker: broker,
            topics: subscribed,
            publisher: publisher,
            commands: commands,
            requests: requests
        )
        let web = settings.http.listen.map { address in
            WebServer(
                settings.http,
                at: address,
                page: PageBridge(
                    view: TopicView(
                        cloud: cloud,
                        store: store,
                        statistics: statistics,
                        settings: publishing,
                        broker: { broker.facts },
                        clock: clock
                    ),
                    store: store,
                    commands: commands,
                    requests: requests,
                    statistics: statistics,
                    broker: broker,
                    brokerURL: settings.mqtt.url,
                    signing: AccountSignIn(
                        account: account,
                        reader: reader,
                        configured: settings.account.username,
                        clock: clock
                    ),
                    feed: logs.feed ?? LogFeed(),
                    base: settings.mqtt.baseTopic,
                    clock: clock
                ),
                account: account,
                broker: broker.client,
                store: store,
                counts: counts,
                share: shareCounts,
                monitor: monitor,
                clock: clock,
                logger: logs.logger(for: "http")
            )
        }
        let share = try ShareServer(
            settings,
            account: account,
            bridge: ShareBridge(store: store, commands: commands, reader: reader),
            counts: shareCounts,
            clock: clock,
            logger: logs.logger(for: "share")
        )
        let logger = logs.logger(for: "bridge")
        let health = HealthSocket(path: settings.healthSocket, monitor: monitor, logger: logger)
        let reloading = reload.map { ReloadService(source: $0, level: logs.level, reader: reader, logger: logger) }
        let supervision = manager.map { SupervisionService(manager: $0, monitor: monitor, clock: clock) }
        let certificate = account.canSeeCertificate ? CertificateService(watch: account.certificate) : nil
        let all: [(any Service)?] = [
            web, share, certificate, broker.client, statistics, publisher, commands, requests, router, reader,
            health, reloading, supervision, MemoryRelease(clock: clock),
        ]
        services = all.compactMap(\.self)
    }
}
