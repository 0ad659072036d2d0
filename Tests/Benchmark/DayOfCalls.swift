import AsyncHTTPClient
import Basics
import BridgeCore
public import BridgeServices
import HeatingModel
import Logging
import Observability
import ServiceLifecycle
import Synchronization
public import TCCClient
import TCCSimulator
import TestSupport

/// The calls that the reader makes in 24 hours at the defaults, by kind. Its clock runs as fast as the simulated cloud
/// answers; the cloud, its client, and the tokens are those of every other measurement.
struct DayOfCalls {
    private static let day = Duration.seconds(86_400)
    /// How far the clock moves at a time: well under the shortest interval of the vendor's hosts.
    private static let step = Duration.seconds(10)

    static func row(of home: String, at cloud: TCCSimulator) async throws -> Row {
        let (clock, network) = (
            ManualClock(SystemClock().now), AsyncHTTPTransport(configuration: .init(), timeout: .seconds(10))
        )
        let transport = CountingTransport(network)
        let reader = reader(of: CloudAddress(scheme: "http", authority: "\(try await cloud.address)"), transport, clock)
        let services = ServiceGroup(services: [reader], logger: silence)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            while clock.uptime < .start + day {
                while clock.sleepers == 0 { try await Task.sleep(for: .milliseconds(1)) }
                clock.advance(by: step)
                try await Task.sleep(for: .microseconds(200))
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        await network.shutDown()
        let counts = transport.counts.byEndpoint.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return Row(
            name: "calls of a day, \(home)",
            value: "\(counts.map(\.value).reduce(0, +)): "
                + counts.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        )
    }

    private static func reader(
        of cloud: CloudAddress,
        _ transport: some HTTPTransport,
        _ clock: ManualClock
    ) -> CloudReader {
        let (store, credentials) = (
            KeptTokens(), Credentials(username: "user@example.com", password: Secret("password"))
        )
        let tokens = TokenProvider(
            endpoint: TokenEndpoint(cloud: cloud, transport: transport),
            store: store,
            credentials: credentials,
            clock: clock,
            logger: silence
        )
        let client = TCCClient(cloud: cloud, transport: transport, tokens: tokens, clock: clock, logger: silence)
        return CloudReader(
            cloud: client,
            highPrecision: SessionClient(
                cloud: cloud,
                transport: transport,
                store: store,
                remembered: nil,
                credentials: credentials,
                pace: .sparing,
                notUnderstood: client.notUnderstood,
                clock: clock,
                logger: silence
            ),
            store: SnapshotStore(
                settings: .init(baseTopic: "evohome", naming: .name, unavailableAfter: .seconds(1800)),
                clock: clock
            ),
            memory: NoMemory(),
            counts: LoopCounts(),
            intervals: .init(status: .seconds(180), installation: day, schedules: day),
            settings: .init(locations: [], shortestPollInterval: .seconds(60)),
            clock: clock,
            logger: silence
        )
    }

    private static var silence: Logger { Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() } }
}

extension TCCClient: Cloud {
    public var surprises: [String] { [] }
}

extension SessionClient: HighPrecisionSource {}

/// Tokens and the session of API v1, for as long as the process runs.
private final class KeptTokens: TokenStore {
    private let kept = Mutex<TokenMemory?>(nil)

    func exclusively<Result: Sendable>(
        _ body: (_ stored: TokenMemory?, _ write: TokenWriter) async -> Result
    ) async throws(TokenStoreFailure) -> Result {
        await body(kept.withLock { $0 }) { memory in self.kept.withLock { $0 = memory } }
    }
}

/// A bridge that starts for the first time.
private struct NoMemory: Memory {
    func installation() -> RememberedInstallation? { nil }
    func remember(_ installation: RememberedInstallation) async {}
    func schedules() -> KnownSchedules { KnownSchedules() }
    func remember(_ schedules: KnownSchedules) async {}
    func temperatures() -> [SensorID: HighPrecisionTemperature] { [:] }
    func remember(_ temperatures: [SensorID: HighPrecisionTemperature]) async {}
}
