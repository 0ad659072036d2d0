public import HTTPTypes
import Synchronization
public import TCCClient

/// A transport that answers by a script, and remembers what it was asked.
public final class ScriptedTransport: HTTPTransport {
    /// What was sent.
    public struct Exchange: Equatable, Sendable {
        public var request: HTTPRequest
        public var body: String
    }

    /// Answers a request; its number begins at 0.
    public typealias Script = @Sendable (Exchange, _ number: Int) async throws(TransportFailure) -> HTTPAnswer

    private let script: Script
    private let log = Mutex<[Exchange]>([])

    public init(_ script: @escaping Script) {
        self.script = script
    }

    /// One answer after the other; whatever is asked beyond the last is not sent.
    public convenience init(_ answers: [Result<HTTPAnswer, TransportFailure>]) {
        self.init { (_, number) throws(TransportFailure) in
            guard number < answers.count else { throw .notSent(.other) }
            return try answers[number].get()
        }
    }

    /// All that was asked, in order.
    public var exchanges: [Exchange] { log.withLock { $0 } }

    public func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer {
        let exchange = Exchange(request: request, body: String(decoding: body ?? [], as: UTF8.self))
        let number = log.withLock { log in
            log.append(exchange)
            return log.count - 1
        }
        let answer = try await script(exchange, number)
        guard answer.body.count <= limit else { throw .tooLarge }
        return answer
    }
}
