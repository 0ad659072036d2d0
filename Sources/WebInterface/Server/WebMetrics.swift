import HTTPTypes
import Observability
import Synchronization

/// What is counted of the page and its interface.
final class WebMetrics: Sendable {
    private struct Counts {
        var requests = RequestCounts(methods: ["GET", "HEAD", "POST", "DELETE"])
        var eventClients = 0
    }

    private let counts = Mutex(Counts())

    func count(_ route: Route?, _ method: HTTPRequest.Method, _ status: HTTPResponse.Status) {
        // What is not a route is "other".
        let route = route?.rawValue ?? "other"
        counts.withLock { $0.requests.count(route, method: method.rawValue, status: status.code) }
    }

    /// - Returns: Whether there was room for it.
    func addEventClient(upTo limit: Int) -> Bool {
        counts.withLock { counts in
            guard counts.eventClients < limit else { return false }
            counts.eventClients += 1
            return true
        }
    }

    func removeEventClient() {
        counts.withLock { $0.eventClients -= 1 }
    }
}

extension WebMetrics: MetricSource {
    var metrics: [MetricFamily] {
        let (requests, eventClients) = counts.withLock { ($0.requests, $0.eventClients) }
        return [
            .counters(
                "evohome_http_requests_total",
                "Requests for the page and its interface.",
                requests.samples(by: "route")
            ),
            .gauge("evohome_http_event_clients", "Clients that follow the events.", Double(eventClients)),
        ]
    }
}
