import AdminServer
import BridgeServices
import Logging
import MosquittoClient
import Observability

extension AdminServer {
    /// Serves what the parts of a bridge know of themselves.
    init(
        at address: ListenAddress,
        account: CloudAccount,
        broker: MosquittoClient,
        homes: SnapshotStore,
        counts: LoopCounts,
        monitor: HealthMonitor,
        logger: Logger
    ) {
        self.init(
            host: address.endpoint.host,
            port: address.endpoint.port,
            health: monitor,
            readiness: {
                Readiness(hasReachedBroker: broker.counters.connections > 0, hasPublishedState: counts.isAnnounced)
            },
            metrics: [
                ProcessMetrics(version: Version.current), account.transport, account.tokens, broker, counts, homes,
            ],
            logger: logger
        )
    }
}
