import Basics
import BridgeCore
import HTTPTypes
import Hummingbird
import ServiceLifecycle
import Synchronization

/// What is shown, and commands: `/api/topics`.
struct TopicRoutes: Sendable {
    private let bridge: any WebBridge
    private let unawaited = UnawaitedCommands()

    init(bridge: any WebBridge) {
        self.bridge = bridge
    }

    func all() -> Response {
        Response(jsonText: ShownTopics(bridge.topics).json)
    }

    /// What each site accepts.
    func homes() -> Response { Response(json: bridge.homes) }

    func one(_ topic: String) throws(HTTPFailure) -> Response {
        guard let json = ShownTopics(bridge.topics).json(of: topic) else {
            if bridge.takesCommands(on: topic) { throw .methodNotAllowed([.post]) }
            throw .unknown(topic)
        }
        return Response(jsonText: json)
    }

    /// Carries out a command, and answers when it has ended; or at once if the client prefers that.
    func carryOut(_ payload: JSONValue, on topic: String, prefer: [String]) async throws(HTTPFailure) -> Response {
        guard bridge.takesCommands(on: topic) else { throw .unknown(topic) }
        if Self.prefersNotToWait(prefer) { return try begin(payload, on: topic) }
        let (answer, isStopping) = await cancelWhenGracefulShutdown {
            (await bridge.carryOut(payload, on: topic), Task.isCancelled)
        }
        guard let answer else { throw isStopping ? .stopping : .unknown(topic) }
        return Response(json: answer.json, answer.kind.status)
    }

    private func begin(_ payload: JSONValue, on topic: String) throws(HTTPFailure) -> Response {
        let (payload, id) = payload.identified
        try unawaited.begin { [bridge] in _ = await bridge.carryOut(payload, on: topic) }
        var response = Response(json: ["id": id], .accepted)
        response.headers[.preferenceApplied] = "respond-async"
        return response
    }

    /// - Parameter prefer: The headers `Prefer`, such as `respond-async, wait=10`.
    private static func prefersNotToWait(_ prefer: [String]) -> Bool {
        prefer.flatMap { $0.split(separator: ",") }
            .contains { $0.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased() == "respond-async" }
    }
}

extension HTTPFailure {
    fileprivate static func unknown(_ topic: String) -> HTTPFailure {
        .notFound("There is no topic \"\(topic.excerpt)\"; GET /api/topics lists all.")
    }
}

extension Outcome.Kind {
    /// What a client that only looks at the status learns of a command.
    var status: HTTPResponse.Status {
        switch self {
        case .succeeded: .ok
        case .superseded: .conflict
        case .rejected: .unprocessableContent
        case .failed: .badGateway
        case .expired: .gatewayTimeout
        }
    }
}

extension JSONValue {
    /// The payload with an `id`, by which its outcome is known; one is made if it has none.
    fileprivate var identified: (payload: JSONValue, id: JSONValue) {
        guard case .object(let members) = self else { return (self, .null) }
        if let id = self["id"] ?? self["transaction"], id != .null { return (self, id) }
        let id = JSONValue.string("http-" + String(UInt64.random(in: .min ... .max), radix: 36))
        return (.object(members.filter { $0.key != "id" } + [Member("id", id)]), id)
    }
}

/// Commands whose clients do not wait for them. They are bounded, since such a client does not notice when it is too fast.
private final class UnawaitedCommands: Sendable {
    private static let limit = 64

    private let count = Mutex(0)

    func begin(_ work: @escaping @Sendable () async -> Void) throws(HTTPFailure) {
        let isFull = count.withLock { count in
            guard count < Self.limit else { return true }
            count += 1
            return false
        }
        if isFull {
            throw HTTPFailure(
                .serviceUnavailable,
                "\(Self.limit) commands are under way already; wait for some of them.",
                retryAfter: .seconds(5)
            )
        }
        Task {
            await work()
            count.withLock { $0 -= 1 }
        }
    }
}
