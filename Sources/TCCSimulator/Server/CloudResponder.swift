import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// The edge between HTTP and the cloud: reads a request, applies faults, asks the cloud and writes its response.
struct CloudResponder: HTTPResponder {
    typealias Context = ConnectionContext

    /// IIS has a limit of this order.
    private static let largestBody = 1 << 20
    /// In every response, so that nobody takes it for the vendor's.
    static let simulatorHeader = HTTPField.Name("X-Simulator")

    let simulator: TCCSimulator

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let received = (wall: Date(), instant: ContinuousClock.now)
        guard let body = try? await request.body.collect(upTo: Self.largestBody) else {
            return Response(CannedResponse(status: 413, body: "The request is too large.", contentType: "text/plain"))
        }
        let cloudRequest = CloudRequest(request, body: Array(body.readableBytesView))
        let (entry, strike) = simulator.receive(
            RecordedRequest(
                method: cloudRequest.method,
                path: cloudRequest.path,
                query: request.uri.query ?? "",
                grantType: cloudRequest.grantType,
                body: cloudRequest.isSecret ? "" : String(decoding: cloudRequest.body.prefix(4_096), as: UTF8.self),
                receivedAt: received.wall,
                receivedInstant: received.instant
            )
        )
        let response = try await respond(to: cloudRequest, strike, context)
        simulator.complete(entry, status: Int(response.status.code))
        return response
    }

    private func respond(
        to request: CloudRequest,
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
        let response = simulator.respond(to: request)
        try await wait(strike.delay)
        if strike.effect == .loseResponse { return try await Self.disconnect(context) }
        return Response(response, spoiltBy: strike.effect)
    }

    private func wait(_ delay: ClosedRange<Duration>?) async throws {
        guard let delay else { return }
        try await cancelWhenGracefulShutdown { try await simulator.delay(in: delay) }
    }

    /// Waits until the client disconnects. The end of its stream closes the channel if half-closure is not allowed.
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
}

extension Response {
    init(_ canned: CannedResponse) {
        self.init(
            CloudResponse(
                status: canned.status,
                contentType: canned.contentType,
                body: Array(canned.body.utf8),
                headers: canned.headers
            ),
            spoiltBy: nil
        )
    }

    /// A response of the cloud, unchanged or as a fault leaves it.
    init(_ response: CloudResponse, spoiltBy effect: Fault.Effect?) {
        var headers = HTTPFields()
        headers[.contentType] = response.contentType
        if let name = CloudResponder.simulatorHeader { headers[name] = "evohome-mqtt" }
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        var body = ResponseBody(byteBuffer: ByteBuffer(bytes: response.body))
        switch effect {
        case .truncate:
            body = ResponseBody(byteBuffer: ByteBuffer(bytes: response.body.prefix(response.body.count / 2)))
        case .contentType(let type): headers[.contentType] = type
        case .cutBody: body = Self.cut(response.body)
        case .endlessBody: body = Self.endless(response.body)
        default: break
        }
        self.init(status: .init(code: response.status), headers: headers, body: body)
    }

    /// Announces the whole body and sends half; the error closes the connection.
    private static func cut(_ bytes: [UInt8]) -> ResponseBody {
        ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
            throw CancellationError()
        }
    }

    private static func endless(_ bytes: [UInt8]) -> ResponseBody {
        ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: bytes))
            let space = ByteBuffer(repeating: UInt8(ascii: " "), count: 4_096)
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                try await writer.write(space)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
