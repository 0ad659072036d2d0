public import Basics
import Foundation
import HTTPTypes
import HeatingModel
public import Logging
import Observability

/// The one authenticated client of the cloud in a process.
///
/// Its calls differ only in path, body and what they make of the answer; tokens, the one retry after a 401 and the
/// reading of errors are here.
public final class TCCClient: Sendable {
    private let cloud: CloudAddress
    private let transport: any HTTPTransport
    private let tokens: TokenProvider
    private let clock: any WallClock
    private let logger: Logger

    public init(
        cloud: CloudAddress,
        transport: any HTTPTransport,
        tokens: TokenProvider,
        clock: any WallClock,
        logger: Logger
    ) {
        self.cloud = cloud
        self.transport = transport
        self.tokens = tokens
        self.clock = clock
        self.logger = logger
    }

    /// Why tokens cannot be saved, in one sentence; `nil` while they can.
    public var storeProblem: String? { tokens.storeFailure?.sentence }

    /// One call, its answer decoded.
    ///
    /// - Parameter limit: The most bytes that the answer may have.
    func call<Answer: Decodable>(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: (any Encodable & Sendable)? = nil,
        limit: Int = 1 << 20,
        as type: Answer.Type
    ) async throws(CloudFailure) -> Answer {
        let answer = try await authorised(method, path, body: body, limit: limit)
        guard (200..<300).contains(answer.status) else { throw CloudFailure(answer, at: clock.now) }
        if let decoded = try? JSONDecoder().decode(Answer.self, from: Data(answer.body)) { return decoded }
        throw CloudFailure(.unreachable, "The cloud answered \(answer.status) with \(answer.summary).")
    }

    /// Sends with an access token, and once more with another when the first is refused.
    private func authorised(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: (any Encodable & Sendable)?,
        limit: Int
    ) async throws(CloudFailure) -> HTTPAnswer {
        let bytes = try body.map(Self.encode)
        let first = try await tokens.accessToken()
        let answer = try await send(method, path, body: bytes, limit: limit, token: first)
        guard answer.isRefusedToken else {
            tokens.proved(first)
            return answer
        }
        let second = try await tokens.accessToken(insteadOf: first)
        let retried = try await send(method, path, body: bytes, limit: limit, token: second)
        if !retried.isRefusedToken { tokens.proved(second) }
        return retried
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: [UInt8]?,
        limit: Int,
        token: AccessToken
    ) async throws(CloudFailure) -> HTTPAnswer {
        var fields: HTTPFields = [.accept: "application/json", .authorization: "bearer " + token.value.revealed]
        if body != nil { fields[.contentType] = "application/json" }
        do throws(TransportFailure) {
            let request = cloud.request(method, "/WebAPI/emea/api/v1" + path, headerFields: fields)
            let answer = try await transport.send(request, body: body, limit: limit)
            logger.debug(
                "Called the cloud",
                metadata: ["method": "\(method)", "path": "\(path)", "status": "\(answer.status)"]
            )
            return answer
        } catch {
            logger.debug(
                "Called the cloud in vain",
                metadata: ["method": "\(method)", "path": "\(path)", "reason": "\(error)"]
            )
            throw CloudFailure(error)
        }
    }

    private static func encode(_ body: any Encodable & Sendable) throws(CloudFailure) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(body))
        } catch {
            throw CloudFailure(.refused, "A request could not be written as JSON.")
        }
    }
}

extension HTTPAnswer {
    /// A 401 that a new token may cure. The cloud also answers 401 for ids of other people's, which none will.
    fileprivate var isRefusedToken: Bool {
        status == 401 && !errors.contains { $0.message?.contains("not allowed") ?? false }
    }
}
