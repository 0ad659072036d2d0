import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import Observability
public import ServiceLifecycle

/// Answers over HTTP how the bridge does: `/health`, `/ready` and `/metrics`.
///
/// It tells nothing that is secret and takes nothing in, so it asks for no password; it belongs on loopback or on a
/// network of one's own all the same.
public struct AdminServer: Service {
    private let host: String
    private let port: Int
    private let routes: AdminRoutes
    private let logger: Logger

    /// - Parameters:
    ///   - host: A name or an address of this machine.
    ///   - port: 0 for any that is free; the log says which.
    ///   - health: Whether the bridge does its work.
    ///   - readiness: Whether it has begun to.
    ///   - metrics: All who have figures, in the order of the text.
    ///   - logger: Hears where it listens.
    public init(
        host: String,
        port: Int,
        health: HealthMonitor,
        readiness: @escaping @Sendable () -> Readiness,
        metrics: [any MetricSource],
        logger: Logger
    ) {
        self.host = host
        self.port = port
        self.logger = logger
        routes = AdminRoutes(health: health, readiness: readiness, metrics: metrics)
    }

    /// Listens until it is told to stop.
    ///
    /// - Throws: ``ListeningFailure`` when it cannot.
    public func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListeningFailure(host: host, port: port, errorNumber: error.errnoCode)
        } catch let error as SocketAddressError {
            throw ListeningFailure(host: host, port: port, reason: "\(error)")
        }
    }

    private var application: some ApplicationProtocol {
        var quiet = logger
        // The library's notices of each start would repeat ours.
        quiet.logLevel = max(logger.logLevel, .warning)
        return Application(
            router: routes.router,
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections)
            ),
            onServerRunning: { [logger, host, port] channel in
                logger.notice(
                    "Health and metrics are served",
                    metadata: ["address": "\(host):\(channel.localAddress?.port ?? port)"]
                )
            },
            logger: quiet
        )
    }

    /// A few scrapers and probes need no more; whoever comes beyond waits.
    private static let maximumConnections = 64
    private static let idleTimeout = TimeAmount.seconds(60)
}
