import Hummingbird
import Observability

/// What tells other programs how the bridge does: `/health`, `/ready` and `/metrics`. They reveal no secrets and accept no
/// input, so they need no password.
struct Probes: Sendable {
    let health: HealthMonitor
    let readiness: @Sendable () -> Readiness
    let metrics: [any MetricSource]

    func response(to probe: Probe) -> Response {
        switch probe {
        case .health: Response(problems: health.health.problems)
        case .readiness: Response(problems: readiness().problems)
        case .metrics: Response(text: PrometheusText.of(metrics.flatMap(\.metrics)), type: PrometheusText.contentType)
        }
    }
}

/// Whether the bridge has begun to do its work.
public struct Readiness: Equatable, Sendable {
    /// Whether the broker has accepted a connection since the start.
    public var hasReachedBroker: Bool
    /// Whether the whole state has been published since the start.
    public var hasPublishedState: Bool

    public init(hasReachedBroker: Bool, hasPublishedState: Bool) {
        self.hasReachedBroker = hasReachedBroker
        self.hasPublishedState = hasPublishedState
    }

    /// What is still missing, in sentences. Once it is empty, it stays empty.
    var problems: [String] {
        if !hasReachedBroker { return ["The MQTT broker has not been reached yet."] }
        if !hasPublishedState { return ["The first state has not been published yet."] }
        return []
    }
}

extension Response {
    /// `ok`, or 503 and what is wrong, one sentence per line: probes read the status, people the rest.
    fileprivate init(problems: [String]) {
        let lines = problems.isEmpty ? ["ok"] : problems
        self.init(text: lines.map { $0 + "\n" }.joined(), problems.isEmpty ? .ok : .serviceUnavailable)
    }
}
