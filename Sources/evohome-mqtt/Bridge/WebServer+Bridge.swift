import Basics
import BridgeServices
import CloudSharing
import Logging
import MosquittoClient
import Observability
import TCCClient
import WebInterface

extension WebServer {
    /// Serves a bridge with its page.
    init(
        _ settings: Settings.HTTP,
        at address: ListenAddress,
        page: PageBridge,
        account: CloudAccount,
        broker: MosquittoClient,
        store: SnapshotStore,
        counts: LoopCounts,
        share: ShareCounts?,
        monitor: HealthMonitor,
        clock: any WallClock,
        logger: Logger
    ) {
        self.init(
            host: address.endpoint.host,
            port: address.endpoint.port,
            health: monitor,
            readiness: {
                Readiness(hasReachedBroker: broker.counters.connections > 0, hasPublishedState: counts.isAnnounced)
            },
            metrics: ([
                ProcessMetrics(version: Version.current), account.transport, account.tokens,
                account.client.notUnderstood,
                account.certificate, broker, counts, store, share,
            ] as [(any MetricSource)?]).compactMap(\.self),
            bridge: page,
            access: AccessSettings(
                password: settings.password,
                hosts: settings.hosts,
                trustedProxies: settings.trustedProxies
            ),
            clock: clock,
            logger: logger
        )
    }
}
