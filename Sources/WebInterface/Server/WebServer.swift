public import Basics
import HTTPServing
public import Logging
public import Observability
public import ServiceLifecycle

/// Serves the bridge over HTTP: `/health`, `/ready` and `/metrics` for programs that watch it, the page for people, and
/// its interface below `/api`.
public struct WebServer: Service {
    private let host: String
    private let port: Int
    private let responder: WebResponder
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) -> Void

    /// - Parameters:
    ///   - host: A name or an address of this machine.
    ///   - port: 0 for any free one; the log says which.
    ///   - health: Whether the bridge does its work.
    ///   - readiness: Whether it has begun to.
    ///   - metrics: All sources of metrics, in the order of the text.
    ///   - bridge: What the page shows and changes; `nil` to answer probes only.
    ///   - access: Who may use the page.
    ///   - clock: Times sessions, and what clients of events are sent.
    ///   - logger: Logs where the server listens.
    public init(
        host: String,
        port: Int,
        health: HealthMonitor,
        readiness: @escaping @Sendable () -> Readiness,
        metrics: [any MetricSource],
        bridge: (any WebBridge)? = nil,
        access: AccessSettings = AccessSettings(),
        clock: any WallClock = SystemClock(),
        logger: Logger
    ) {
        self.init(
            host: host,
            port: port,
            probes: (health, readiness, metrics),
            bridge: bridge,
            access: access,
            timing: EventStream.Timing(),
            clock: clock,
            logger: logger
        ) { _ in }
    }

    init(
        host: String,
        port: Int,
        probes: (health: HealthMonitor, readiness: @Sendable () -> Readiness, metrics: [any MetricSource]),
        bridge: (any WebBridge)?,
        access: AccessSettings,
        timing: EventStream.Timing,
        clock: any WallClock,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void
    ) {
        self.host = host
        self.port = port
        self.logger = logger
        self.onListening = onListening
        let metrics = WebMetrics()
        responder = WebResponder(
            probes: Probes(
                health: probes.health,
                readiness: probes.readiness,
                metrics: probes.metrics + (bridge == nil ? [] : [metrics])
            ),
            interface: bridge.map { bridge in
                WebResponder.Interface(
                    topics: TopicRoutes(bridge: bridge),
                    account: AccountRoutes(bridge: bridge),
                    events: EventRoute(bridge: bridge, metrics: metrics, timing: timing, clock: clock),
                    files: PageFiles()
                )
            },
            gatekeeper: Gatekeeper(access, clock: clock, logger: logger),
            metrics: metrics
        )
    }

    /// Listens until graceful shutdown.
    ///
    /// - Throws: ``ListeningFailure`` when it cannot.
    public func run() async throws {
        let listener = HTTPListener(
            host: host,
            port: port,
            // Twice the clients of events.
            maximumConnections: 512,
            responder: responder,
            logger: logger
        ) { [logger, host, onListening] port in
            logger.notice("Serving the page, health and metrics", metadata: ["address": "\(host):\(port)"])
            onListening(port)
        }
        try await listener.run()
    }
}
