import Glibc
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import Observability
public import ServiceLifecycle

/// Serves the bridge's health and metrics over HTTP: `/health`, `/ready` and `/metrics`.
///
/// It reveals no secrets and accepts no input, so it needs no password. Nevertheless it belongs on loopback or in a
/// private network.
public struct WebServer: Service {
    private let host: String
    private let port: Int
    private let routes: Probes
    private let logger: Logger

    /// - Parameters:
    ///   - host: A name or an address of this machine.
    ///   - port: 0 for any free one; the log says which.
    ///   - health: Whether the bridge does its work.
    ///   - readiness: Whether it has begun to.
    ///   - metrics: All sources of metrics, in the order of the text.
    ///   - logger: Logs where the server listens.
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
        routes = Probes(health: health, readiness: readiness, metrics: metrics)
    }

    /// Listens until graceful shutdown.
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
        // Hummingbird's own notices of each start would repeat ours.
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
                    "Serving health and metrics",
                    metadata: ["address": "\(host):\(channel.localAddress?.port ?? port)"]
                )
            },
            logger: quiet
        )
    }

    /// Enough for a few scrapers and probes; further connections wait.
    private static let maximumConnections = 64
    private static let idleTimeout = TimeAmount.seconds(60)
}

/// Why the server cannot listen at an address.
public struct ListeningFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence that says what to do.
    public let description: String

    init(host: String, port: Int, reason: String) {
        let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        description = "Cannot listen at \(address): \(reason)."
    }

    /// - Parameter errorNumber: The system's, from `errno.h`.
    init(host: String, port: Int, errorNumber: Int32) {
        let reason =
            switch errorNumber {
            case EADDRINUSE: "another program is listening there; choose another port or stop that program"
            case EADDRNOTAVAIL: "this machine has no such address; choose 127.0.0.1, 0.0.0.0 or one of its own"
            case EACCES: "only the administrator may use ports below 1024; choose a higher one"
            default: "the system refuses it: \(String(cString: strerror(errorNumber)))"
            }
        self.init(host: host, port: port, reason: reason)
    }
}
