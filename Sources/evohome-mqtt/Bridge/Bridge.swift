import AdminServer
import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import MosquittoClient
import Observability
import ServiceLifecycle
import UnixSignals

/// The composition root: everything that runs is made here, once, and put into one group.
struct Bridge: Service {
    private let settings: Settings
    private let logs: Logs
    private let signals: [UnixSignal]
    private let manager: ServiceManager?
    private let reload: SettingsReload?
    private let clock = SystemClock()

    /// What the bridge knows, for whoever wants to show it.
    let homes: Homes

    /// - Parameters:
    ///   - settings: Checked already.
    ///   - logs: Where all parts write their lines.
    ///   - signals: What stops it, beside a shutdown of the group that it is in.
    ///   - manager: Who is told how the bridge does, where somebody wants to know.
    ///   - reload: Where SIGHUP reads settings from; `nil` leaves that signal alone.
    init(
        settings: Settings,
        logs: Logs,
        stoppedBy signals: [UnixSignal] = [.sigterm, .sigint],
        manager: ServiceManager? = nil,
        reload: SettingsReload? = nil
    ) {
        self.settings = settings
        self.logs = logs
        self.signals = signals
        self.manager = manager
        self.reload = reload
        homes = Homes(
            settings: Homes.Settings(
                baseTopic: settings.mqtt.baseTopic,
                naming: settings.mqtt.topicIDs.naming,
                unavailableAfter: settings.cloud.unavailableAfter
            ),
            clock: clock
        )
    }

    /// Runs until it is told to stop; then says `offline` to the broker, and ends within two seconds.
    func run() async throws {
        let account = try await CloudAccount(settings, logs: logs)
        do {
            try await serve(account)
        } catch {
            await account.close()
            throw error
        }
        await account.close()
        logs.logger(for: "bridge").notice("Stopped")
    }

    private func serve(_ account: CloudAccount) async throws {
        try checkCredentials(account.state)
        let topics = BridgeTopicMemory(
            state: account.state,
            base: settings.mqtt.baseTopic,
            broker: "\(settings.mqtt.broker)"
        )
        let broker = try await makeBroker(state: account.state, otherBases: topics.otherBases)
        logs.logger(for: "bridge").notice(
            "Started",
            metadata: [
                "version": "\(Version.current)", "broker": "\(settings.mqtt.broker)", "cloud": "\(settings.cloud.url)",
                "state_file": "\(settings.state.file)",
            ]
        )
        let services = makeServices(account: account, broker: broker, topics: topics)
        do {
            try await ServiceGroup.program(services, stoppedBy: signals).run()
        } catch let failure as ListeningFailure {
            throw Failure(.configuration, "\(SettingKey.httpListen.rawValue): \(failure)")
        }
    }

    // MARK: - The parts

    private func checkCredentials(_ state: BridgeState) throws {
        guard settings.account.credentials == nil, !state.hasTokens else { return }
        let missing: SettingKey = settings.account.username == nil ? .accountUsername : .accountPassword
        throw SettingsError(missing: missing, to: "log in to the cloud, since no tokens are saved")
    }

    private func makeBroker(state: BridgeState, otherBases: [String]) async throws -> MosquittoBroker {
        let made = await state.clientID(under: settings.mqtt.baseTopic)
        let heard = HeardTopics(
            bridge: settings.mqtt.bridgeTopics,
            birthTopics: settings.birthTopics,
            otherBases: otherBases
        )
        do {
            let client = try MosquittoClient(
                configuration: settings.mqtt.configuration(
                    clientID: settings.mqtt.clientID ?? made,
                    hearing: heard,
                    commandExpiry: settings.commands.expiry
                ),
                logger: logs.logger(for: "mqtt")
            )
            return MosquittoBroker(
                client: client,
                qualityOfService: settings.mqtt.qualityOfService,
                heard: heard
            )
        } catch {
            throw Failure(.configuration, "mqtt: \(error)")
        }
    }

    /// In order of dependence: the broker's client stops last, when everything else has said what it had to say.
    private func makeServices(account: CloudAccount, broker: MosquittoBroker, topics: BridgeTopicMemory)
        -> [any Service]
    {
        let cloud = CloudClient(client: account.client, tokens: account.tokens)
        let counts = LoopCounts()
        let statistics = StatisticsService(
            counters: BridgeCounters(account: account, broker: broker.client, loops: counts),
            homes: homes,
            clock: clock
        )
        let publisher = PublishService(
            broker: broker,
            cloud: cloud,
            homes: homes,
            memory: topics,
            statistics: statistics,
            counts: counts,
            settings: PublishService.Settings(
                bridge: settings.mqtt.bridgeTopics,
                output: settings.stateOutput,
                schedules: settings.cloud.schedulesInterval != nil,
                discovery: settings.discovery,
                version: Version.current
            ),
            clock: clock,
            logger: logs.logger(for: "publish")
        )
        let commands = CommandService(
            cloud: cloud,
            broker: broker,
            homes: homes,
            counts: counts,
            settings: CommandService.Settings(
                bridge: settings.mqtt.bridgeTopics,
                expiry: settings.commands.expiry,
                callsPerMinute: settings.commands.perMinute
            ),
            clock: clock,
            logger: logs.logger(for: "commands")
        )
        let pace = PollPace(settings.cloud.intervals)
        let refreshes = RefreshRequests(pace: pace, clock: clock)
        let precision = makePrecision(account: account)
        let polling = PollService(
            cloud: cloud,
            homes: homes,
            memory: account.state,
            pace: pace,
            refreshes: refreshes,
            counts: counts,
            precision: precision,
            settings: PollService.Settings(locations: settings.cloud.locations),
            clock: clock,
            logger: logs.logger(for: "poll")
        )
        let reintroduction = Reintroduction(publisher: publisher, clock: clock)
        let events = BrokerEvents(
            broker: broker,
            publisher: publisher,
            commands: commands,
            reintroduction: reintroduction
        )
        let monitor = HealthMonitor(
            pulses: [polling.pulse, publisher.pulse, commands.pulse, broker.client.pulse],
            broker: { broker.contact }
        )
        let admin = settings.http.listen.map { address -> any Service in
            AdminServer(
                at: address,
                account: account,
                broker: broker.client,
                homes: homes,
                counts: counts,
                monitor: monitor,
                logger: logs.logger(for: "http")
            )
        }
        // Nobody who holds a connection open to the first of them keeps the others from saying their last word.
        return (admin.map { [$0] } ?? [])
            + [broker.client, statistics, publisher, commands, reintroduction, events]
            + [precision].compactMap(\.self) + [polling]
            + makeWatchers(monitor: monitor, pace: pace)
    }

    /// - Returns: `nil` where half degrees do.
    private func makePrecision(account: CloudAccount) -> PrecisionService? {
        account.sessions.map { sessions in
            PrecisionService(
                readings: OlderCloudClient(sessions: sessions),
                homes: homes,
                memory: account.state,
                logger: logs.logger(for: "precision")
            )
        }
    }

    /// Those who look at the bridge from outside, or steer it from there.
    private func makeWatchers(monitor: HealthMonitor, pace: PollPace) -> [any Service] {
        let logger = logs.logger(for: "bridge")
        var watchers: [any Service] = [HealthSocket(path: settings.healthSocket, monitor: monitor, logger: logger)]
        if let reload {
            watchers.append(ReloadService(source: reload, level: logs.level, pace: pace, logger: logger))
        }
        if let manager { watchers.append(SupervisionService(manager: manager, monitor: monitor, clock: clock)) }
        return watchers
    }
}
