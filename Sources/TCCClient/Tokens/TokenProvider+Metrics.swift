public import Basics
import HeatingModel
public import Observability
import Synchronization

extension TokenProvider {
    /// When the access token in use runs out; `nil` without one.
    public var expiry: Instant? { state.withLock { $0.memory.access?.expires } }
}

extension TokenProvider: MetricSource {
    public var metrics: [MetricFamily] {
        let (counts, token) = state.withLock { ($0.counts, $0.memory.access) }
        return [
            .counter("evohome_logins_total", "Requests for a token with the password.", counts.logins),
            .counter("evohome_token_refreshes_total", "Requests for a token with the refresh token.", counts.refreshes),
            .counter("evohome_token_refusals_total", "Requests for a token that the cloud refused.", counts.refusals),
            .gauge(
                "evohome_access_token_obtained_timestamp_seconds",
                "When the access token in use was obtained, in seconds since 1970.",
                token?.obtained?.secondsSince1970
            ),
            .gauge(
                "evohome_access_token_expiry_timestamp_seconds",
                "When the access token in use runs out, in seconds since 1970.",
                token?.expires.secondsSince1970
            ),
        ]
    }
}
