import AsyncHTTPClient
import Basics
import BridgeCore
import Logging
import NIOCore
import NIOHTTP1
import Observability
import ServiceLifecycle
import TestSupport
import Testing

@testable import WebInterface

/// A real server on a port of loopback.
struct RunningServer: Sendable {
    let port: Int
    private let group: ServiceGroup

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue? { try? JSONValue(parsing: body) }
        var error: String? {
            if case .string(let sentence)? = json?["error"] { sentence } else { nil }
        }
    }

    /// Runs it for as long as `body` runs.
    static func serving(
        _ bridge: (any WebBridge)?,
        _ access: AccessSettings = AccessSettings(),
        timing: EventStream.Timing = EventStream.Timing(),
        clock: any WallClock = SystemClock(),
        _ body: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let monitor = HealthMonitor(pulses: []) { .connected }
        let server = WebServer(
            host: "127.0.0.1",
            port: 0,
            probes: (monitor, { Readiness(hasReachedBroker: true, hasPublishedState: true) }, []),
            bridge: bridge,
            access: access,
            timing: timing,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: { port.yield($0) }
        )
        let group = ServiceGroup(services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let listening = try #require(await ports.first { _ in true })
            do {
                try await body(RunningServer(port: listening, group: group))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func stop() async { await group.triggerGracefulShutdown() }

    func request(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        _ headers: KeyValuePairs<String, String> = [:]
    ) async throws -> Answer {
        let response = try await execute(method, path, body, headers)
        let bytes = try await response.body.collect(upTo: 1 << 24)
        return Answer(status: Int(response.status.code), headers: response.headers, body: Array(buffer: bytes))
    }

    func get(_ path: String, _ headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await request(.GET, path, nil, headers)
    }

    /// Sends JSON.
    func post(_ path: String, _ body: String, _ headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await request(.POST, path, body, headers)
    }

    private func execute(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String?,
        _ headers: KeyValuePairs<String, String>
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.body = .bytes(ByteBuffer(string: body))
            if !request.headers.contains(name: "content-type") {
                request.headers.add(name: "content-type", value: "application/json")
            }
        }
        return try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    }

    /// Follows the events until `body` has seen enough.
    func events(
        _ query: String = "",
        _ headers: KeyValuePairs<String, String> = [:],
        _ body: (inout EventReader) async throws -> Void
    ) async throws {
        let response = try await execute(.GET, "/api/events\(query)", nil, headers)
        try #require(response.status == .ok)
        var reader = EventReader(response)
        try await body(&reader)
    }

    /// Connecting waits for the server when it has many to accept, and the server for a thread of Swift's pool.
    func connect() async throws -> TCPSocket {
        try await onThread { [port] in Result { try TCPSocket.connected(to: port) } }.get()
    }

    /// Says exactly this, and reads until the server closes the connection or has sent nothing for a while.
    func say(_ text: String) async throws -> String {
        let socket = try await connect()
        return await onThread {
            socket.write(Array(text.utf8))
            var answer: [UInt8] = []
            while true {
                let bytes = socket.read()
                if bytes.isEmpty { break }
                answer += bytes
            }
            return String(decoding: answer, as: UTF8.self)
        }
    }
}

/// Server-sent events, one after another.
struct EventReader {
    struct Event: Equatable {
        var kind = ""
        var id: String?
        var data = ""
        var comment: String?

        var json: JSONValue? { try? JSONValue(parsing: data) }
    }

    let headers: HTTPHeaders
    private var chunks: AsyncThrowingStream<ByteBuffer, any Error>.Iterator
    private var text = ""

    init(_ response: HTTPClientResponse) {
        headers = response.headers
        let body = response.body
        chunks = AsyncThrowingStream { continuation in
            let pump = Task {
                do {
                    for try await chunk in body { continuation.yield(chunk) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in pump.cancel() }
        }.makeAsyncIterator()
    }

    /// - Returns: `nil` at the end of the stream.
    mutating func next() async throws -> Event? {
        while true {
            if let end = text.firstRange(of: "\n\n") {
                let block = text[..<end.lowerBound]
                text = String(text[end.upperBound...])
                if block.hasPrefix("retry: ") { continue }
                return Self.event(block)
            }
            guard let chunk = try await chunks.next(isolation: #isolation) else { return nil }
            text += String(buffer: chunk)
        }
    }

    /// The next of a kind.
    mutating func next(_ kind: String) async throws -> Event? {
        while let event = try await next() {
            if event.kind == kind { return event }
        }
        return nil
    }

    private static func event(_ block: Substring) -> Event {
        var event = Event()
        for line in block.split(separator: "\n") {
            if line.hasPrefix("event: ") { event.kind = String(line.dropFirst(7)) }
            if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
            if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
            if line.hasPrefix(": ") { event.comment = String(line.dropFirst(2)) }
        }
        return event
    }
}
