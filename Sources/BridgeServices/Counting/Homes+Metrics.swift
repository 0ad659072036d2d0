import Basics
import BridgeCore
import HeatingModel
public import Observability

extension SnapshotStore: MetricSource {
    public var metrics: [MetricFamily] {
        let sites = systems.sorted().compactMap { site(of: $0) }
        return health.metrics + (layout.map { SiteMetrics(sites: sites, layout: $0).families } ?? [])
    }
}

extension CloudHealth {
    fileprivate var metrics: [MetricFamily] {
        [
            .gauges(
                "evohome_cloud_state",
                "1 for the state that the cloud is in, as on bridge/cloud.",
                State.allCases.map { MetricSample(["state": $0.rawValue], $0 == state ? 1 : 0) }
            ),
            .gauge(
                "evohome_last_success_timestamp_seconds",
                "When the cloud last gave an answer that could be used, in seconds since 1970.",
                lastSuccess?.secondsSince1970
            ),
            .gauge(
                "evohome_cloud_retry_timestamp_seconds",
                "When the cloud is asked again, in seconds since 1970; only while it fails.",
                retryAt?.secondsSince1970
            ),
        ]
    }
}
