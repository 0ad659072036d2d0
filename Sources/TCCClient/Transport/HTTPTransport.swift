import Foundation
public import HTTPTypes

/// The one way out to the network. Everything above it is tested with scripted answers.
public protocol HTTPTransport: Sendable {
    /// Sends one request and collects its whole answer.
    ///
    /// - Parameters:
    ///   - request: Method, URL and header fields.
    ///   - body: The body, if there is one.
    ///   - limit: The most bytes that the answer's body may have.
    /// - Throws: ``TransportFailure`` when there is no whole answer; any status code is an answer.
    func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer
}

/// Why there was no whole answer.
public enum TransportFailure: Error, Equatable, Sendable {
    /// The request never left: no name, no route, no connection, no trusted certificate.
    case notSent(ConnectionProblem)
    /// The exchange took longer than allowed; the cloud may have acted on it.
    case timedOut
    /// The connection ended before the answer did; the cloud may have acted on it.
    case cut
    /// The answer's body was larger than allowed.
    case tooLarge
    /// The caller was cancelled.
    case cancelled
}

/// A whole answer, whatever its status.
public struct HTTPAnswer: Equatable, Sendable {
    public var status: Int
    public var headerFields: HTTPFields
    public var body: [UInt8]

    public init(status: Int, headerFields: HTTPFields = [:], body: some Sequence<UInt8> = EmptyCollection()) {
        self.status = status
        self.headerFields = headerFields
        self.body = Array(body)
    }
}

extension HTTPAnswer {
    /// The body as JSON; `nil` when it is not what was expected.
    ///
    /// - Parameter notes: Collects what is left out.
    func decoded<Value: WireReadable>(as type: Value.Type, noting notes: SurpriseNotes? = nil) -> Value? {
        WireDocument(body, noting: notes).flatMap { try? Value($0.value) }
    }

    /// What `Retry-After` asks for when it is a number of seconds; no capture of this cloud has another form.
    var retryAfter: Duration? {
        guard let text = headerFields[.retryAfter], let seconds = Int(text.trimmingCharacters(in: .whitespaces)) else {
            return nil
        }
        return .seconds(min(max(seconds, 0), 86_400))
    }

    /// The kind of body, for a sentence. Never the body itself: it may echo what was sent.
    var summary: String {
        switch body.first(where: { !Self.whiteSpace.contains($0) }) {
        case nil: "no body"
        case UInt8(ascii: "{")?, UInt8(ascii: "[")?: "JSON that was not understood"
        case UInt8(ascii: "<")?: "a web page, perhaps a proxy's"
        case UInt8(ascii: "\"")?: "a bare string"
        default: "text"
        }
    }

    /// Somebody else's answer: the cloud's own are JSON.
    var isWebPage: Bool { body.first { !Self.whiteSpace.contains($0) } == UInt8(ascii: "<") }

    private static let whiteSpace: Set<UInt8> = [9, 10, 13, 32]
}
