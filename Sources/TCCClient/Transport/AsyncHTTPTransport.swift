public import AsyncHTTPClient
public import Basics
public import HTTPTypes
import NIOCore
import NIOHTTP1

/// The transport for production: async-http-client, which keeps connections open between polls.
public struct AsyncHTTPTransport: HTTPTransport {
    private let client: HTTPClient
    private let timeout: Duration
    private let certificates: CertificateInspector?
    private let clock: any WallClock

    /// - Parameters:
    ///   - client: Owned by the caller, who shuts it down.
    ///   - timeout: The limit for the whole exchange, including the answer's body.
    ///   - certificates: Looks again at a certificate that was not accepted, to say why. `nil` where it cannot reach the
    ///     host: behind a proxy.
    ///   - clock: The wall clock that certificates are valid by.
    public init(
        client: HTTPClient,
        timeout: Duration,
        certificates: CertificateInspector? = CertificateInspector(),
        clock: any WallClock = SystemClock()
    ) {
        self.client = client
        self.timeout = timeout
        self.certificates = certificates
        self.clock = clock
    }

    public func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer {
        guard let url = request.url, let address = request.address else { throw .notSent(.other) }
        var outgoing = HTTPClientRequest(url: url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headerFields {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        if let body { outgoing.body = .bytes(body) }
        do throws(TransportFailure) {
            return try await withinTimeout { [client, outgoing] () async throws(TransportFailure) -> HTTPAnswer in
                try await Self.exchange(outgoing, with: address.endpoint.host, limit: limit, over: client)
            }
        } catch .notSent(.certificateNotTrusted) {
            throw .notSent(await certificates?.reason(for: address, at: clock.now) ?? .certificateNotTrusted)
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

    /// Races the exchange against a timer, because the client's own deadline ends with the head of an answer.
    private func withinTimeout(
        _ exchange: @escaping @Sendable () async throws(TransportFailure) -> HTTPAnswer
    ) async throws(TransportFailure) -> HTTPAnswer {
        let timeout = timeout
        let outcome = await withTaskGroup(of: Result<HTTPAnswer, TransportFailure>.self) { group in
            group.addTask {
                do throws(TransportFailure) {
                    return .success(try await exchange())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                do {
                    try await Task.sleep(for: timeout)
                    return .failure(.timedOut)
                } catch {
                    return .failure(.cancelled)
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(.cancelled)
        }
        return try outcome.get()
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
