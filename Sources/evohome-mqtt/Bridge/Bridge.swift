import AsyncHTTPClient
import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import MosquittoClient
import Observability
import ServiceLifecycle
import StateFile
import TCCClient
import UnixSignals

/// The composition root: everything that runs is made here, once, and put into one group.
struct Bridge: Service {
    private let settings: Settings
    private let logs: Logs
    private let signals: [UnixSignal]
    private let clock = SystemClock()

    /// What the bridge knows, for whoever wants to show it.
    let homes: Homes

    /// - Parameters:
    ///   - settings: Checked already.
    ///   - logs: Where all parts write their lines.
    ///   - signals: What stops it, beside a shutdown of the group that it is in.
    init(settings: Settings, logs: Logs, stoppedBy signals: [UnixSignal] = [.sigterm, .sigint]) {
        self.settings = settings
        self.logs = logs
        self.signals = signals
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
        let logger = logs.logger(for: "bridge")
        let state = try await openState()
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: try settings.cloud.httpConfiguration()
        )
        let tokens = makeTokens(state: state, http: http)
        let cloud = CloudClient(client: makeClient(tokens: tokens, http: http), tokens: tokens)
        let broker = try await makeBroker(state: state)
        let group = ServiceGroup.program(
            makeServices(cloud: cloud, broker: broker, memory: state),
            stoppedBy: signals
        )
        logger.notice(
            "Started",
            metadata: [
                "version": "\(Version.current)", "broker": "\(settings.mqtt.broker)", "cloud": "\(settings.cloud.url)",
                "state_file": "\(settings.state.file)",
            ]
        )
        let result: Result<Void, any Error>
        do { result = .success(try await group.run()) } catch { result = .failure(error) }
        await tokens.settle()
        try? await http.shutdown()
        try result.get()
        logger.notice("Stopped")
    }

    // MARK: - The parts

    private func openState() async throws -> BridgeState {
        let file = StateFile<BridgeDocument>(settings.state.file, logger: logs.logger(for: "state"))
        let state = try await BridgeState(file: file, username: settings.account.username?.revealed)
        if settings.account.credentials == nil, !state.hasTokens {
            let missing: SettingKey = settings.account.username == nil ? .accountUsername : .accountPassword
            throw SettingsError(missing: missing, to: "log in to the cloud, since no tokens are saved")
        }
        return state
    }

    private func makeTokens(state: BridgeState, http: HTTPClient) -> TokenProvider {
        TokenProvider(
            endpoint: TokenEndpoint(cloud: settings.cloud.address, transport: makeTransport(http)),
            store: state,
            credentials: settings.account.credentials,
            clock: clock,
            logger: logs.logger(for: "tokens")
        )
    }

    private func makeClient(tokens: TokenProvider, http: HTTPClient) -> TCCClient {
        TCCClient(
            cloud: settings.cloud.address,
            transport: makeTransport(http),
            tokens: tokens,
            clock: clock,
            logger: logs.logger(for: "cloud")
        )
    }

    private func makeTransport(_ http: HTTPClient) -> AsyncHTTPTransport {
        AsyncHTTPTransport(client: http, timeout: settings.cloud.requestTimeout)
    }

    private func makeBroker(state: BridgeState) async throws -> MosquittoBroker {
        let made = await state.clientID(under: settings.mqtt.baseTopic)
        do {
            let client = try MosquittoClient(
                configuration: settings.mqtt.configuration(clientID: settings.mqtt.clientID ?? made),
                logger: logs.logger(for: "mqtt")
            )
            return MosquittoBroker(client: client, qualityOfService: settings.mqtt.qualityOfService)
        } catch {
            throw Failure(.configuration, "mqtt: \(error)")
        }
    }

    /// In order of dependence: the broker's client stops last, when everything else has said what it had to say.
    private func makeServices(cloud: CloudClient, broker: MosquittoBroker, memory: BridgeState) -> [any Service] {
        let publisher = PublishService(
            broker: broker,
            cloud: cloud,
            homes: homes,
            settings: PublishService.Settings(
                bridge: settings.mqtt.bridgeTopics,
                output: settings.mqtt.output.stateOutput,
                version: Version.current
            ),
            clock: clock,
            logger: logs.logger(for: "publish")
        )
        let commands = CommandService(
            cloud: cloud,
            broker: broker,
            homes: homes,
            settings: CommandService.Settings(
                bridge: settings.mqtt.bridgeTopics,
                expiry: settings.commands.expiry,
                callsPerMinute: settings.commands.perMinute
            ),
            clock: clock,
            logger: logs.logger(for: "commands")
        )
        let polling = PollService(
            cloud: cloud,
            homes: homes,
            memory: memory,
            settings: PollService.Settings(
                interval: settings.cloud.pollInterval,
                installationInterval: settings.cloud.installationInterval,
                locations: settings.cloud.locations
            ),
            clock: clock,
            logger: logs.logger(for: "poll")
        )
        let events = BrokerEvents(broker: broker, publisher: publisher, commands: commands)
        return [broker.client, publisher, commands, events, polling]
    }
}
