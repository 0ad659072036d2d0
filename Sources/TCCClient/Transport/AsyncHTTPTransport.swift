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
        guard let url = request.url, let address = request.address else { throw .notSent(.other) }
        var outgoing = HTTPClientRequest(url: url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headerFields {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        if let body { outgoing.body = .bytes(body) }
        let evidence = connections.evidence
        do throws(TransportFailure) {
            return try await withinTimeout { [client, outgoing] () async throws(TransportFailure) -> HTTPAnswer in
                try await Self.exchange(outgoing, with: address.endpoint.host, limit: limit, over: client)
            }
        } catch .notSent(.certificateNotTrusted) {
            throw .notSent(await certificates?.reason(for: address, at: clock.now) ?? .certificateNotTrusted)
        } catch .cut where connections.noneWasReady(since: evidence) {
            throw .notSent(.closed)
        }
    }

    private static func exchange(
        _ request: HTTPClientRequest,
        with host: String,
        limit: Int,
        over client: HTTPClient
    ) async throws(TransportFailure) -> HTTPAnswer {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw TransportFailure(beforeAnswer: error, host: host)
        }
        do {
            let body = try await response.body.collect(upTo: limit)
            return HTTPAnswer(
                status: Int(response.status.code),
                headerFields: HTTPFields(response.headers),
                body: body.readableBytesView
            )
        } catch is NIOTooManyBytesError {
            throw .tooLarge
        } catch {
            throw Task.isCancelled ? .cancelled : .cut
        }
    }

    /// Ends an exchange that takes too long, also while the body of the answer comes, which the client's own deadline does
    /// not cover. A timer of the event loop leaves nothing behind; a task that sleeps would be kept until it is due.
    private func withinTimeout(
        _ exchange: @escaping @Sendable () async throws(TransportFailure) -> HTTPAnswer
    ) async throws(TransportFailure) -> HTTPAnswer {
        let task = Task { () async -> Result<HTTPAnswer, TransportFailure> in
            do throws(TransportFailure) {
                return .success(try await exchange())
            } catch {
                return .failure(error)
            }
        }
        let timer = client.eventLoopGroup.any().scheduleTask(in: TimeAmount(timeout)) { task.cancel() }
        defer { timer.cancel() }
        let outcome = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        if case .failure(.cancelled) = outcome, !Task.isCancelled { throw .timedOut }
        return try outcome.get()
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
    /// An error from before the head of the answer. The request may have been sent unless no connection was made.
    fileprivate init(beforeAnswer error: any Error, host: String) {
        if error is CancellationError || Task.isCancelled {
            self = .cancelled
            return
        }
        switch error as? HTTPClientError {
        case .cancelled?: self = .cancelled
        case .readTimeout?, .writeTimeout?, .deadlineExceeded?: self = .timedOut
        default: self = ConnectionProblem(error, host: host).map(TransportFailure.notSent) ?? .cut
        }
    }
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

extension HTTPRequest {
    fileprivate var url: String? {
        guard let scheme, let authority, let path else { return nil }
        return "\(scheme)://\(authority)\(path)"
    }

    fileprivate var address: CloudAddress? {
        guard let scheme, let authority else { return nil }
        return CloudAddress(scheme: scheme, authority: authority)
    }
}
