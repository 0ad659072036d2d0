import Basics
import BridgeCore
import BridgeServices
import HTTPServing
import HeatingModel
import Logging
import MosquittoClient
import Observability
import ServiceLifecycle
import Synchronization
import WebInterface

/// The bridge as a whole: it opens the account and the broker's client, has the loops put together, and runs them.
struct Bridge: Service {
    private let loaded: Settings.Loaded
    private let logs: Logs
    private let manager: ServiceManager?
    private let reload: SettingsReload?
    private let clock = EventLoopClock()

    /// What the bridge knows, for a table of zones.
    let store: SnapshotStore

    /// - Parameters:
    ///   - loaded: The settings, and how they may be shown.
    ///   - logs: Where all parts write their lines.
    ///   - manager: Who is told how the bridge does, where somebody wants to know.
    ///   - reload: Where SIGHUP reads settings from; `nil` leaves that signal alone.
    init(
        _ loaded: Settings.Loaded,
        logs: Logs,
        manager: ServiceManager? = nil,
        reload: SettingsReload? = nil
    ) {
        self.loaded = loaded
        self.logs = logs
        self.manager = manager
        self.reload = reload
        store = SnapshotStore(settings: loaded.settings.snapshot, clock: clock)
    }

    private var settings: Settings { loaded.settings }

    /// How long after the request to stop a request for a token may go on.
    private static let tokenLimit = Duration.seconds(6)

    /// Runs until the group that it is in shuts down; then says `offline` to the broker and ends, usually at once. A
    /// request for a token that is under way gets a few seconds to finish.
    func run() async throws {
        let stopped = Mutex<Uptime?>(nil)
        let isShared = settings.share.listen != nil
        try await withGracefulShutdownHandler {
            // While it opens nothing is under way yet that would have to be finished.
            guard let account = try await opening({ try await CloudAccount(settings, isShared: isShared, logs: logs) })
            else { return }
            let result: Result<Void, any Error>
            do {
                result = .success(try await serve(account))
            } catch {
                result = .failure(error)
            }
            let stop = stopped.withLock(\.self) ?? clock.uptime
            await account.close(within: max(.zero, clock.uptime.duration(to: stop + Self.tokenLimit)))
            try result.get()
        } onGracefulShutdown: {
            stopped.withLock { $0 = clock.uptime }
        }
        logs.logger(for: "bridge").notice("Stopped")
    }

    /// - Returns: What was opened; `nil` if it could not be opened any more, since the program stops.
    private func opening<Part: Sendable>(_ open: @escaping @Sendable () async throws -> Part) async throws -> Part? {
        do {
            return try await cancelWhenGracefulShutdown { try await open() }
        } catch {
            if Task.isShuttingDownGracefully { return nil }
            throw error
        }
    }

    private func serve(_ account: CloudAccount) async throws {
        try checkCredentials(account.state)
        let topics = BridgeTopicMemory(
            state: account.state,
            base: settings.mqtt.baseTopic,
            broker: "\(settings.mqtt.broker)"
        )
        let subscribed = SubscribedTopics(
            bridge: settings.mqtt.bridgeTopics,
            birthTopics: settings.birthTopics,
            otherBases: topics.otherBases
        )
        let journal = BridgeJournal(
            at: settings.journal,
            topics: subscribed,
            clock: clock,
            logger: logs.logger(for: "commands")
        )
        guard
            let broker = try await opening({
                await journal.open()
                return try await makeBroker(state: account.state, subscribed: subscribed, journal: journal)
            })
        else { return }
        logs.logger(for: "bridge").notice(
            "Started",
            metadata: [
                "version": "\(Version.current)", "broker": "\(settings.mqtt.broker)", "cloud": "\(settings.cloud.url)",
                "state_file": "\(settings.state.file)",
            ]
        )
        let assembly = try BridgeAssembly(
            loaded,
            logs: logs,
            clock: clock,
            store: store,
            account: account,
            broker: broker,
            topics: topics,
            subscribed: subscribed,
            journal: journal,
            manager: manager,
            reload: reload
        )
        do {
            try await ServiceGroup.program(assembly.services, stoppedBy: []).run()
        } catch let failure as ListeningFailure {
            let setting = "\(failure.address)" == settings.share.listen.map { "\($0.endpoint)" } ? "share" : "http"
            throw Failure(.configuration, "\(setting).listen: \(failure)")
        }
    }

    // MARK: - The parts

    private func checkCredentials(_ state: BridgeState) throws {
        // With a page, somebody can sign in there.
        guard settings.account.credentials == nil, !state.hasTokens, settings.http.listen == nil else { return }
        let missing: SettingKey = settings.account.username == nil ? "account.username" : "account.password"
        throw SettingsError(missing: missing, to: "log in to the cloud, since no tokens are saved")
    }

    private func makeBroker(
        state: BridgeState,
        subscribed: SubscribedTopics,
        journal: BridgeJournal
    ) async throws -> MosquittoBroker {
        let made = await state.clientID(under: settings.mqtt.baseTopic)
        do {
            let client = try MosquittoClient(
                configuration: settings.mqtt.configuration(
                    clientID: settings.mqtt.clientID ?? made,
                    subscribing: subscribed,
                    commandExpiry: settings.commands.expiry,
                    keeper: journal
                ),
                logger: logs.logger(for: "mqtt")
            )
            return MosquittoBroker(
                client: client,
                qualityOfService: settings.mqtt.qualityOfService
            )
        } catch {
            throw Failure(.configuration, "mqtt: \(error)")
        }
    }
}
