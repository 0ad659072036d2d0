import HTTPTypes
import Observability
import Synchronization

/// What is counted of the page and its interface.
final class WebMetrics: Sendable {
    private struct Kind: Hashable, Comparable {
        /// `other` for what is no route.
        let route: String
        let method: String
        let status: Int

        static func < (one: Kind, other: Kind) -> Bool {
            (one.route, one.method, one.status) < (other.route, other.method, other.status)
        }
    }

    private struct Counts {
        var requests: [Kind: Int] = [:]
        var eventClients = 0
    }

    /// Methods that have series of their own; a client may send any other word.
    private static let knownMethods: Set<HTTPRequest.Method> = [.get, .head, .post, .delete]

    private let counts = Mutex(Counts())

    func count(_ route: Route?, _ method: HTTPRequest.Method, _ status: HTTPResponse.Status) {
        let kind = Kind(
            route: route?.rawValue ?? "other",
            method: Self.knownMethods.contains(method) ? method.rawValue : "other",
            status: status.code
        )
        counts.withLock { $0.requests[kind, default: 0] += 1 }
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
                requests.sorted { $0.key < $1.key }.map { kind, count in
                    MetricSample(
                        ["route": kind.route, "method": kind.method, "status": "\(kind.status)"],
                        Double(count)
                    )
                }
            ),
            .gauge("evohome_http_event_clients", "Clients that follow the events.", Double(eventClients)),
        ]
    }
}
