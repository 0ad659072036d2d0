import Observability

/// Requests to the cloud since the process started.
public struct CallCounts: Equatable, Sendable {
    /// What requests have in common that are counted together.
    struct Kind: Hashable, Sendable {
        var method: String
        var endpoint: CloudEndpoint
        /// The answer's status, or why there was none.
        var status: String
    }

    private var counts: [Kind: Int] = [:]
    private var durations: [CloudEndpoint: Histogram] = [:]

    public init() {}

    /// - Parameter duration: Until the whole answer was there, or it was clear that there would be none.
    mutating func count(_ kind: Kind, duration: Duration) {
        counts[kind, default: 0] += 1
        durations[kind.endpoint, default: Histogram(bounds: Self.bounds)].record(duration)
    }

    /// From an answer near by to the longest that a request may take.
    private static let bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    /// By endpoint, whatever the method and whatever came of it.
    public var byEndpoint: [String: Int] {
        counts.reduce(into: [:]) { $0[$1.key.endpoint.rawValue, default: 0] += $1.value }
    }
}

extension CallCounts {
    var metrics: [MetricFamily] {
        [
            .counters(
                "evohome_cloud_calls_total",
                "Requests to the cloud, by what came of them: the answer's status, or why there was none.",
                counts.sorted { $0.key < $1.key }.map { MetricSample($0.key.labels, Double($0.value)) }
            ),
            .histograms(
                "evohome_cloud_call_duration_seconds",
                "How long requests to the cloud took.",
                durations.sorted { $0.key.rawValue < $1.key.rawValue }
                    .map { MetricSample(["endpoint": $0.key.rawValue], $0.value) }
            ),
        ]
    }
}

extension CallCounts.Kind: Comparable {
    fileprivate var labels: KeyValuePairs<String, String> {
        ["endpoint": endpoint.rawValue, "method": method, "status": status]
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.endpoint.rawValue, left.method, left.status) < (right.endpoint.rawValue, right.method, right.status)
    }
}
