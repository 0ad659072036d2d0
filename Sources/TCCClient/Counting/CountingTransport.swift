import Basics
public import HTTPTypes
public import Observability
import Synchronization

/// A transport that counts and times all that goes through it, whoever sends it.
public final class CountingTransport<Timer: Clock<Duration>>: HTTPTransport {
    private let transport: any HTTPTransport
    private let timer: Timer
    private let counted = Mutex(CallCounts())

    /// - Parameters:
    ///   - transport: Does the work.
    ///   - timer: Measures how long it takes; what is on the wall does not matter.
    public init(_ transport: any HTTPTransport, timer: Timer = ContinuousClock()) {
        self.transport = transport
        self.timer = timer
    }

    /// What has gone through it.
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
