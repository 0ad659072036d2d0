import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// The edge between HTTP and the cloud: it reads a request, lets faults strike, asks the cloud and writes its answer.
struct CloudResponder: HTTPResponder {
    typealias Context = ConnectionContext

    /// IIS takes bodies up to some limit of this order.
    private static let largestBody = 1 << 20
    /// Said in every answer, so that nobody takes it for the vendor's.
    static let simulatorHeader = HTTPField.Name("X-Simulator")

    let simulator: TCCSimulator

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let received = (wall: Date(), instant: ContinuousClock.now)
        guard let body = try? await request.body.collect(upTo: Self.largestBody) else {
            return Response(CannedResponse(status: 413, body: "The request is too large.", contentType: "text/plain"))
        }
        let cloudRequest = CloudRequest(request, body: Array(body.readableBytesView))
        let grantType = cloudRequest.grantType
        let (entry, strike) = simulator.state.withLock { state in
            let entry = state.log.add(
                RecordedRequest(cloudRequest, request, grantType, at: received.wall, received.instant)
            )
            let strike = state.faults.strike(
                method: cloudRequest.method,
                target: request.head.path ?? "",
                grantType: grantType,
                using: &state.generator
            )
            return (entry, strike)
        }
        let answer = try await answer(cloudRequest, strike, context)
        simulator.state.withLock { $0.log.complete(entry, status: Int(answer.status.code)) }
        return answer
    }

    private func answer(
        _ cloudRequest: CloudRequest,
        _ strike: FaultList.Strike,
        _ context: ConnectionContext
    ) async throws -> Response {
        switch strike.effect {
        case .refuse: return try await Self.disconnect(context)
        case .hang: return try await Self.hang(context)
        case .respond(let canned):
            try await wait(strike.delay)
            return Response(canned)
        default: break
        }
        let cloudResponse = simulator.state.withLock { state in
            let moment = simulator.moment(state)
            return state.cloud.respond(to: cloudRequest, at: moment)
        }
        try await wait(strike.delay)
        if strike.effect == .loseResponse { return try await Self.disconnect(context) }
        return Response(cloudResponse, spoiltBy: strike.effect)
    }

    private func wait(_ range: ClosedRange<Duration>?) async throws {
        guard let range else { return }
        let share = simulator.state.withLock { Double.random(in: 0...1, using: &$0.generator) }
        let delay = range.lowerBound + (range.upperBound - range.lowerBound) * share
        try await cancelWhenGracefulShutdown { try await simulator.clock.sleep(delay) }
    }

    /// Waits until the client goes away. Without half-closed connections its end of stream closes the channel.
    private static func hang(_ context: ConnectionContext) async throws -> Response {
        try? await context.channel.setOption(.allowRemoteHalfClosure, value: false).get()
        let (closed, continuation) = AsyncStream<Void>.makeStream()
        context.channel.closeFuture.whenComplete { _ in continuation.finish() }
        await cancelWhenGracefulShutdown { for await _ in closed {} }
        return try await disconnect(context)
    }

    private static func disconnect(_ context: ConnectionContext) async throws -> Response {
        try? await context.channel.close().get()
        throw CancellationError()
    }
}

extension CloudRequest {
    init(_ request: Request, body: [UInt8]) {
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: request.method.rawValue,
            path: FormEncoding.decoded(parts[0], plusIsSpace: false),
            query: parts.count > 1 ? FormEncoding.fields(parts[1]) : [],
            headers: request.headers.reduce(into: [:]) { $0[$1.name.canonicalName] = $1.value },
            body: body
        )
    }

    var isSecret: Bool {
        let path = path.lowercased()
        return path.hasPrefix("/auth/") || path.hasSuffix("/session")
    }

    var grantType: String? {
        guard path.lowercased().hasPrefix("/auth/") else { return nil }
        return form.first { $0.name == "grant_type" }?.value
    }
}

extension RecordedRequest {
    fileprivate init(
        _ cloudRequest: CloudRequest,
        _ request: Request,
        _ grantType: String?,
        at wall: Date,
        _ instant: ContinuousClock.Instant
    ) {
        self.init(
            method: cloudRequest.method,
            path: cloudRequest.path,
            query: request.uri.query ?? "",
            grantType: grantType,
            body: cloudRequest.isSecret ? "" : String(decoding: cloudRequest.body.prefix(4_096), as: UTF8.self),
            receivedAt: wall,
            receivedInstant: instant,
            status: nil
        )
    }
}
