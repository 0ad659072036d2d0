import HTTPTypes
import Hummingbird
import Observability

/// The server's paths and what they answer.
struct Probes {
    let health: HealthMonitor
    let readiness: @Sendable () -> Readiness
    let metrics: [any MetricSource]

    var router: Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.get("/health") { [health] _, _ in
            Response(problems: health.health.problems)
        }
        router.get("/ready") { [readiness] _, _ in
            Response(problems: readiness().problems)
        }
        router.get("/metrics") { [metrics] _, _ in
            Response(.ok, PrometheusText.of(metrics.flatMap(\.metrics)), type: PrometheusText.contentType)
        }
        return router
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
        self.init(
            problems.isEmpty ? .ok : .serviceUnavailable,
            lines.map { $0 + "\n" }.joined(),
            type: "text/plain; charset=utf-8"
        )
    }

    fileprivate init(_ status: HTTPResponse.Status, _ text: String, type: String) {
        self.init(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
