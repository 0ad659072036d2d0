public import AsyncHTTPClient
import Basics
public import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The transport for production: async-http-client, which keeps connections open between polls.
public struct AsyncHTTPTransport: HTTPTransport {
    private let client: HTTPClient
    private let timeout: Duration

    /// - Parameters:
    ///   - client: Owned by the caller, who shuts it down.
    ///   - timeout: The limit for the whole exchange, including the answer's body.
    public init(client: HTTPClient, timeout: Duration) {
        self.client = client
        self.timeout = timeout
    }

    public func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer {
        guard let url = request.url else { throw .notSent("the request has no URL") }
        var outgoing = HTTPClientRequest(url: url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headerFields {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        if let body { outgoing.body = .bytes(body) }
        return try await withinTimeout { [client, outgoing] () async throws(TransportFailure) -> HTTPAnswer in
            try await Self.exchange(outgoing, limit: limit, over: client)
        }
    }

    private static func exchange(
        _ request: HTTPClientRequest,
        limit: Int,
        over client: HTTPClient
    ) async throws(TransportFailure) -> HTTPAnswer {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw TransportFailure(beforeAnswer: error)
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
            throw Task.isCancelled ? .cancelled : .cut("\(error)")
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
    /// An error from before the head of the answer: the request was sent unless no connection was ever made.
    fileprivate init(beforeAnswer error: any Error) {
        if error is CancellationError || Task.isCancelled {
            self = .cancelled
            return
        }
        switch error as? HTTPClientError {
        case .connectTimeout?, .getConnectionFromPoolTimeout?, .tlsHandshakeTimeout?:
            self = .notSent("no connection was made in time")
        case .remoteConnectionClosed?:
            self = .cut("the cloud closed the connection without an answer")
        case .cancelled?:
            self = .cancelled
        case .readTimeout?, .deadlineExceeded?:
            self = .timedOut
        case let failure?:
            self = .cut("\(failure)")
        case nil:
            // Nothing was sent where sockets or TLS could not make a connection.
            let isConnecting = error is NIOConnectionError || error is NIOSSLError || error is NIOSSLExtraError
            self = isConnecting ? .notSent("\(error)") : .cut("\(error)")
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
}
