public import AsyncHTTPClient
public import Basics
public import HTTPTypes
import NIOCore
import NIOHTTP1
import Synchronization

/// The transport for production: async-http-client, which keeps connections open between polls. There is one for each
/// address of the cloud.
public struct AsyncHTTPTransport: HTTPTransport {
    private let client: HTTPClient
    private let connections = OpenConnections()
    private let timeout: Duration
    private let certificates: CertificateInspector?
    private let clock: any WallClock

    /// - Parameters:
    ///   - configuration: Of a client that lives until ``shutDown()``.
    ///   - timeout: The limit for the whole exchange, including the answer's body.
    ///   - certificates: Looks again at a certificate that was not accepted, to say why. `nil` where it cannot reach the
    ///     host: behind a proxy.
    ///   - clock: The wall clock that certificates are valid by.
    public init(
        configuration: HTTPClient.Configuration,
        timeout: Duration,
        certificates: CertificateInspector? = CertificateInspector(),
        clock: any WallClock = SystemClock()
    ) {
        var configuration = configuration
        configuration.http1_1ConnectionDebugInitializer = connections.note
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.timeout = timeout
        self.certificates = certificates
        self.clock = clock
    }

    /// Closes all connections. No request may be under way.
    public func shutDown() async {
        try? await client.shutdown()
    }

    public func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer {
        guard let address = request.address, let outgoing = HTTPClient.Request(request, body: body) else {
            throw .notSent(.other)
        }
        let evidence = connections.evidence
        do throws(TransportFailure) {
            return try await exchange(outgoing, with: address, limit: limit)
        } catch .notSent(.certificateNotTrusted) {
            throw .notSent(await certificates?.reason(for: address, at: clock.now) ?? .certificateNotTrusted)
        } catch .cut where connections.noneWasReady(since: evidence) {
            throw .notSent(.closed)
        }
    }

    /// The client calls back on its event loop: its own `async` functions go from task to task with each part of an answer,
    /// which makes a request cost a third more.
    private func exchange(
        _ request: HTTPClient.Request,
        with address: CloudAddress,
        limit: Int
    ) async throws(TransportFailure) -> HTTPAnswer {
        let collector = AnswerCollector(limit: limit)
        let task = client.execute(request: request, delegate: collector, deadline: .now() + TimeAmount(timeout))
        do {
            return try await withTaskCancellationHandler {
                try await task.futureResult.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            throw TransportFailure(error, host: address.endpoint.host, answerHadBegun: collector.hasBegun)
        }
    }
}

/// Collects one answer. The client calls it on its event loop, one call at a time.
private final class AnswerCollector: HTTPClientResponseDelegate {
    private let limit: Int
    private let answer = Mutex<HTTPAnswer?>(nil)

    /// - Parameter limit: The most bytes that the body may have.
    init(limit: Int) {
        self.limit = limit
    }

    var hasBegun: Bool { answer.withLock { $0 != nil } }

    func didReceiveHead(task: HTTPClient.Task<HTTPAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        var begun = HTTPAnswer(status: Int(head.status.code), headerFields: HTTPFields(head.headers))
        let length = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        guard length <= limit else { return task.eventLoop.makeFailedFuture(TransportFailure.tooLarge) }
        begun.body.reserveCapacity(max(0, length))
        answer.withLock { $0 = begun }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<HTTPAnswer>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = answer.withLock { answer in
            guard part.readableBytes <= limit - (answer?.body.count ?? 0) else { return false }
            answer?.body.append(contentsOf: part.readableBytesView)
            return true
        }
        guard fits else { return task.eventLoop.makeFailedFuture(TransportFailure.tooLarge) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPAnswer>) throws -> HTTPAnswer {
        guard let answer = answer.withLock({ $0.take() }) else { throw TransportFailure.cut }
        return answer
    }
}

/// Which connections are ready for requests.
///
/// A connection that is reset gives the same error during the TLS handshake and after a request. If none has been ready
/// all along, then nothing was sent.
private final class OpenConnections: Sendable {
    struct Evidence: Sendable {
        fileprivate var ready = 0
        fileprivate var made = 0
    }

    private let state = Mutex(Evidence())

    var evidence: Evidence { state.withLock { $0 } }

    func noneWasReady(since start: Evidence) -> Bool {
        start.ready == 0 && evidence.made == start.made
    }

    /// Called with each connection once it is ready: after TCP, a proxy and TLS.
    @Sendable func note(_ channel: any Channel) -> EventLoopFuture<Void> {
        state.withLock { state in
            state.ready += 1
            state.made += 1
        }
        channel.closeFuture.whenComplete { [self] _ in state.withLock { $0.ready -= 1 } }
        return channel.eventLoop.makeSucceededVoidFuture()
    }
}

extension TransportFailure {
    /// Before the head of the answer the request may have been sent unless no connection was made.
    fileprivate init(_ error: any Error, host: String, answerHadBegun: Bool) {
        switch error {
        case _ where Task.isCancelled: self = .cancelled
        case let failure as TransportFailure: self = failure
        case let error as HTTPClientError where error.isTimeout: self = .timedOut
        case _ where answerHadBegun: self = .cut
        default: self = ConnectionProblem(error, host: host).map(TransportFailure.notSent) ?? .cut
        }
    }
}

extension HTTPClientError {
    fileprivate var isTimeout: Bool { [.readTimeout, .writeTimeout, .deadlineExceeded].contains(self) }
}

extension HTTPFields {
    fileprivate init(_ headers: HTTPHeaders) {
        self.init()
        for (name, value) in headers {
            guard let name = HTTPField.Name(name) else { continue }
            append(HTTPField(name: name, value: value))
        }
    }
}

extension HTTPClient.Request {
    /// `nil` for a request without a whole address.
    fileprivate init?(_ request: HTTPRequest, body: [UInt8]?) {
        guard let scheme = request.scheme, let authority = request.authority, let path = request.path else {
            return nil
        }
        var headers = HTTPHeaders()
        for field in request.headerFields { headers.add(name: field.name.rawName, value: field.value) }
        try? self.init(
            url: "\(scheme)://\(authority)\(path)",
            method: HTTPMethod(rawValue: request.method.rawValue),
            headers: headers,
            body: body.map { .byteBuffer(ByteBuffer(bytes: $0)) }
        )
    }
}

extension HTTPRequest {
    fileprivate var address: CloudAddress? {
        guard let scheme, let authority else { return nil }
        return CloudAddress(scheme: scheme, authority: authority)
    }
}
