import HTTPTypes
import Hummingbird
import Observability

/// What is answered where.
struct AdminRoutes {
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

extension Response {
    /// `ok`, or 503 and what is wrong, a sentence a line: probes read the status, people the rest.
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
