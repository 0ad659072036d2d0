import Basics
public import HTTPTypes
public import HeatingModel
public import Observability
import Synchronization

/// A transport that counts and times every request that goes through it.
public final class CountingTransport<Timer: Clock<Duration>>: HTTPTransport {
    private let transport: any HTTPTransport
    private let timer: Timer
    private let counted = Mutex(CallCounts())

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - timer: Measures how long they take, in elapsed time.
    public init(_ transport: any HTTPTransport, timer: Timer = ContinuousClock()) {
        self.transport = transport
        self.timer = timer
    }

    public var counts: CallCounts { counted.withLock { $0 } }

    public func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer {
        let start = timer.now
        do throws(TransportFailure) {
            let answer = try await transport.send(request, body: body, limit: limit)
            count(request, since: start, status: "\(answer.status)")
            return answer
        } catch {
            count(request, since: start, status: error.word)
            throw error
        }
    }

    private func count(_ request: HTTPRequest, since start: Timer.Instant, status: String) {
        let kind = CallCounts.Kind(
            method: request.method.rawValue,
            endpoint: CloudEndpoint(path: request.path ?? ""),
            status: status
        )
        let duration = start.duration(to: timer.now)
        counted.withLock { $0.count(kind, duration: duration) }
    }
}

extension CountingTransport: MetricSource {
    public var metrics: [MetricFamily] { counts.metrics }
}

/// Requests to the cloud since the process started.
public struct CallCounts: Equatable, Sendable {
    /// Requests of one kind are counted together.
    struct Kind: Hashable, Sendable {
        var method: String
        var endpoint: CloudEndpoint
        /// The answer's status, or why there was none.
        var status: String
    }

    private var counts: [Kind: Int] = [:]
    private var durations: [CloudEndpoint: Histogram] = [:]

    public init() {}

    /// - Parameter duration: Until the whole answer had arrived or the request had failed.
    mutating func count(_ kind: Kind, duration: Duration) {
        counts[kind, default: 0] += 1
        durations[kind.endpoint, default: Histogram(bounds: Self.bounds)].record(duration)
    }

    /// From an answer near by to the longest that a request may take.
    private static let bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    /// Calls by endpoint, of every method and with any result.
    public var byEndpoint: [String: Int] {
        counts.reduce(into: [:]) { $0[$1.key.endpoint.rawValue, default: 0] += $1.value }
    }

    var metrics: [MetricFamily] {
        [
            .counters(
                "evohome_cloud_calls_total",
                "Requests to the cloud, by the answer's status or the reason why there was none.",
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

/// What a request is for: the last word of its path, such as `status` or `heat_setpoint`.
///
/// It never holds an id, so there are no more of them than kinds of requests.
public struct CloudEndpoint: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// - Parameter path: With or without a query.
    public init(path: String) {
        // The vendor's words are ASCII, and every request is counted.
        let levels = path.utf8.prefix { $0 != UInt8(ascii: "?") }.split(separator: UInt8(ascii: "/"))
        self.init(vendorText: levels.last(where: Self.isWord).flatMap { String($0) } ?? "other")
    }

    private static func isWord(_ level: Substring.UTF8View) -> Bool {
        level.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
    }
}

extension TransportFailure {
    fileprivate var word: String {
        switch self {
        case .notSent: "not_sent"
        case .timedOut: "timed_out"
        case .cut: "cut"
        case .tooLarge: "too_large"
        case .cancelled: "cancelled"
        }
    }
}
