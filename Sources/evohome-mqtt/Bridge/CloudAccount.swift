import AsyncHTTPClient
import Basics
import CloudSharing
import Foundation
import HeatingModel
import Logging
import Observability
import StateFile
import TCCClient

/// An account at the cloud: the client that speaks for it, its tokens, and the file that they are kept in.
///
/// The bridge has one for as long as it runs; commands that do one thing open one and close it.
struct CloudAccount: Sendable {
    let state: BridgeState
    let tokens: TokenProvider
    let client: TCCClient
    /// `nil` where half degrees do.
    let sessions: SessionClient?
    /// Counts every request that is made for this account.
    let transport: CountingTransport<ContinuousClock>
    /// Knows which of the cloud's addresses is in use.
    let addresses: FallbackTransport
    let certificate: CertificateWatch
    /// Whether certificates can be looked at: not behind a proxy.
    let canSeeCertificate: Bool
    /// The cloud's answers as it sent them; `nil` if they are not shared.
    let answers: VendorAnswers?
    let logs: Logs
    private let connections: [AsyncHTTPTransport]

    /// - Parameters:
    ///   - settings: Where the cloud and the state file are, and who the user is.
    ///   - credentials: Instead of the settings', where a person was asked.
    ///   - spareLife: How long a token must be valid at the least; the bridge needs none.
    ///   - isShared: Whether the cloud's answers are kept as it sent them.
    ///   - logs: Where all parts write their lines.
    init(
        _ settings: Settings,
        credentials: Credentials? = nil,
        spareLife: Duration = .zero,
        isShared: Bool = false,
        logs: Logs
    ) async throws {
        let credentials = credentials ?? settings.account.credentials
        let username = credentials?.username ?? settings.account.username?.revealed
        let clock = EventLoopClock()
        let file = StateFile<BridgeDocument>(settings.state.file, clock: clock, logger: logs.logger(for: "state"))
        self.logs = logs
        answers = isShared ? VendorAnswers(clock: clock) : nil
        state = try await BridgeState(file: file, username: username, answers: answers)
        let ways = try ([settings.cloud.url] + settings.cloud.fallbackURLs).map { url in
            let proxy = try url.proxy(in: ProcessInfo.processInfo.environment)
            let transport = AsyncHTTPTransport(
                configuration: try settings.cloud.httpConfiguration(through: proxy),
                timeout: settings.cloud.requestTimeout,
                // Behind a proxy nobody else can look at the certificate.
                certificates: proxy == nil ? CertificateInspector() : nil,
                clock: clock
            )
            return (address: url.address, transport: transport, isDirect: proxy == nil)
        }
        connections = ways.map(\.transport)
        canSeeCertificate = ways.allSatisfy(\.isDirect)
        addresses = FallbackTransport(
            ways.map { ($0.address, $0.transport) },
            clock: clock,
            logger: logs.logger(for: "cloud")
        )
        transport = CountingTransport(addresses)
        certificate = CertificateWatch(
            address: { [addresses] in addresses.inUse },
            clock: clock,
            logger: logs.logger(for: "cloud")
        )
        tokens = TokenProvider(
            endpoint: TokenEndpoint(cloud: settings.cloud.address, transport: transport),
            store: state,
            remembered: state.initialTokens,
            credentials: credentials,
            spareLife: spareLife,
            clock: clock,
            logger: logs.logger(for: "tokens")
        )
        client = TCCClient(
            cloud: settings.cloud.address,
            transport: transport,
            tokens: tokens,
            clock: clock,
            logger: logs.logger(for: "cloud"),
            onReading: answers?.reading
        )
        sessions = settings.cloud.highPrecision.pace.map { [state, transport, client, answers] pace in
            SessionClient(
                cloud: settings.cloud.address,
                transport: transport,
                store: state,
                remembered: state.initialTokens,
                credentials: credentials,
                pace: pace,
                notUnderstood: client.notUnderstood,
                clock: clock,
                logger: logs.logger(for: "sessions"),
                onReading: answers?.reading
            )
        }
    }

    /// Returns when nothing is under way that must not be cut off.
    ///
    /// - Parameter limit: How long a request for a token may still take; `nil` for as long as it takes. One that takes
    ///   longer is abandoned, as if the process had died: a refresh token that it has spent costs a login.
    func close(within limit: Duration? = nil) async {
        if let limit {
            if await !tokens.settle(within: limit) {
                logs.logger(for: "tokens").warning("Abandoning a request for a token, because the program is stopping")
            }
        } else {
            await tokens.settle()
        }
        for connection in connections { await connection.shutDown() }
    }

    /// Opens an account for as long as `body` runs; what the cloud refuses becomes a sentence and an exit code.
    static func with<Result>(
        _ settings: Settings,
        credentials: Credentials? = nil,
        spareLife: Duration = .zero,
        _ body: (CloudAccount) async throws -> Result
    ) async throws -> Result {
        let logs = Logs(Settings.Log(level: max(settings.log.level, .warning), format: settings.log.format))
        let account = try await CloudAccount(settings, credentials: credentials, spareLife: spareLife, logs: logs)
        do {
            let result = try await body(account)
            await account.close()
            return result
        } catch {
            await account.close()
            let failure = error as? CloudFailure ?? (error as? LoginFailure)?.cause
            throw failure.map { Failure($0) } ?? error
        }
    }
}

extension VendorAnswers {
    /// Keeps what a client of the cloud reads.
    fileprivate var reading: TCCClient.Reading {
        { path, body in self.keep(body, from: path) }
    }
}

extension Failure {
    /// A refused password, a rate limit and an outage read differently, and end differently.
    init(_ failure: CloudFailure) {
        let retry = failure.retryAt.map { " It can be tried again at \($0)." } ?? ""
        let code: Code =
            switch failure.kind {
            case .unauthorised: .refused
            case .rateLimited: .tryLater
            case .refused: .badData
            case .storage: .cannotWrite
            case .unreachable, .cancelled: .unreachable
            }
        self.init(code, failure.sentence + retry)
    }
}
