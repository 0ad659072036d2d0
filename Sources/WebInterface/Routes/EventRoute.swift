import Basics
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// The event stream: `/api/events`.
struct EventRoute: Sendable {
    /// Of clients at one time. Connections remain for everything else.
    private static let maximumClients = 256

    private let bridge: any WebBridge
    private let metrics: WebMetrics
    private let timing: EventStream.Timing
    private let clock: any WallClock
    private let run = String(UInt32.random(in: .min ... .max), radix: 36)

    init(bridge: any WebBridge, metrics: WebMetrics, timing: EventStream.Timing, clock: any WallClock) {
        self.bridge = bridge
        self.metrics = metrics
        self.timing = timing
        self.clock = clock
    }

    /// - Parameter isAdmitted: Whether the client may still see all this.
    func stream(
        to request: Request,
        on channel: any Channel,
        isAdmitted: @escaping @Sendable () -> Bool
    ) throws(HTTPFailure) -> Response {
        let query = request.uri.queryParameters
        let level = query["log"].map(String.init)
        let log = try level.map { level throws(HTTPFailure) in
            guard let log = bridge.log(from: level) else {
                throw HTTPFailure(.badRequest, "\"\(level.excerpt)\" is not a level of the log, such as info.")
            }
            return log
        }
        guard metrics.addEventClient(upTo: Self.maximumClients) else {
            throw HTTPFailure(
                .serviceUnavailable,
                "\(Self.maximumClients) clients follow the events already.",
                retryAfter: .seconds(10)
            )
        }
        let lastID = request.headers[.lastEventID] ?? query["last_event_id"].map(String.init)
        let stream = EventStream(
            bridge: bridge,
            events: bridge.events(after: EventID.last(in: lastID, run: run)),
            log: log,
            run: run,
            timing: timing,
            clock: clock,
            isAdmitted: isAdmitted
        )
        let isOver = EventClientEnd(metrics)
        let body = ResponseBody { writer in
            defer { isOver.report() }
            // What the system keeps for a client that does not read is bounded too.
            try? await channel.setOption(.socketOption(.so_sndbuf), value: 128 << 10).get()
            try await stream.write(to: &writer, for: request, on: channel)
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-cache, no-transform", .xAccelBuffering: "no",
            ],
            body: body
        )
    }
}

/// Counts a client out once, even if its stream is never begun.
private final class EventClientEnd: Sendable {
    private let metrics: WebMetrics
    private let isReported = Mutex(false)

    init(_ metrics: WebMetrics) {
        self.metrics = metrics
    }

    func report() {
        let isFirst = isReported.withLock { isReported in
            defer { isReported = true }
            return !isReported
        }
        if isFirst { metrics.removeEventClient() }
    }

    deinit { report() }
}
