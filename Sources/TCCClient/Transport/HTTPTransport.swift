public import HTTPTypes

/// The one way out to the network. Everything above it is tested with scripted answers.
public protocol HTTPTransport: Sendable {
    /// Sends one request and collects its whole answer.
    ///
    /// - Parameters:
    ///   - request: Method, URL and header fields.
    ///   - body: What is sent after them, if anything.
    ///   - limit: The most bytes that the answer's body may have.
    /// - Throws: ``TransportFailure`` when there is no whole answer; any status code is an answer.
    func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer
}

/// A whole answer, whatever its status.
public struct HTTPAnswer: Equatable, Sendable {
    public var status: Int
    public var headerFields: HTTPFields
    public var body: [UInt8]

    public init(status: Int, headerFields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
    }
}

/// Why there was no whole answer.
public enum TransportFailure: Error, Equatable, Sendable {
    /// The request never left: no name, no route, no connection, no trusted certificate.
    case notSent(String)
    /// The exchange took longer than allowed; the cloud may have acted on it.
    case timedOut
    /// The connection ended before the answer did; the cloud may have acted on it.
    case cut(String)
    /// The answer's body was larger than allowed.
    case tooLarge
    /// The caller was cancelled.
    case cancelled
}
