import Basics
public import BridgeCore
public import Observability
import Synchronization

/// Who asks, how often, and what that has saved.
public final class ShareCounts: Sendable {
    /// Clients that are counted by name.
    private static let mostClients = 32
    /// Requests that nobody was known to make, which are logged once each.
    private static let mostUnknownRequests = 64

    private struct State {
        var clients: Set<String> = []
        var requests = RequestCounts(methods: ["GET", "PUT", "POST", "DELETE"])
        var statistics = ShareStatistics()
        var unknown: Set<String> = []
    }

    private let answers: VendorAnswers
    private let state = Mutex(State())

    /// - Parameter answers: Those that are kept.
    public init(answers: VendorAnswers) {
        self.answers = answers
    }

    /// What a request has spared the cloud.
    enum Saving { case nothing, call, login }

    func count(_ method: String, from agent: String?, status: Int, saving: Saving) {
        state.withLock { state in
            var client = (agent ?? "").trimmed.excerpt(upTo: 64)
            if client.isEmpty { client = "unknown" }
            if !state.clients.contains(client) {
                if state.clients.count < Self.mostClients { state.clients.insert(client) } else { client = "other" }
            }
            state.requests.count(client, method: method, status: status)
            state.statistics.requests[client, default: 0] += 1
            if method == "PUT", status == 201 { state.statistics.writes += 1 }
            switch saving {
            case .nothing: break
            case .call: state.statistics.callsSaved += 1
            case .login: state.statistics.loginsSaved += 1
            }
        }
    }

    /// A request for something that is not served.
    ///
    /// - Returns: What to log of it; `nil` if that was done before.
    func countUnknown(_ method: String, _ path: String) -> String? {
        let shape = "\(method.excerpt(upTo: 16)) \(path.excerpt(upTo: 120).replacing(/[0-9]+/, with: "#"))"
        return state.withLock { state in
            state.statistics.unknownRequests += 1
            guard state.unknown.count < Self.mostUnknownRequests else { return nil }
            return state.unknown.insert(shape).inserted ? shape : nil
        }
    }

    public var statistics: ShareStatistics { state.withLock(\.statistics) }
}

extension ShareCounts: MetricSource {
    public var metrics: [MetricFamily] {
        let (requests, statistics) = state.withLock { ($0.requests, $0.statistics) }
        return [
            .counters(
                "evohome_share_requests_total",
                "Requests of other programs in the vendor's interface.",
                requests.samples(by: "client")
            ),
            .counter(
                "evohome_share_calls_saved_total",
                "Requests that would have been calls of the cloud.",
                statistics.callsSaved
            ),
            .counter(
                "evohome_share_logins_saved_total",
                "Logins of other programs that would have been logins at the cloud.",
                statistics.loginsSaved
            ),
            .counter(
                "evohome_share_unknown_requests_total",
                "Requests of other programs for what is not served here.",
                statistics.unknownRequests
            ),
            .gauge("evohome_share_kept_bytes", "The cloud's answers that are kept for sharing.", Double(answers.size)),
        ]
    }
}
