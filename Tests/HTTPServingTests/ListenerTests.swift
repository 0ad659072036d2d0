import HTTPServing
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport
import Testing

@Suite("One socket that answers HTTP", .timeLimit(.minutes(1)))
struct ListenerTests {
    @Test(
        "A body arrives whole up to its bound, and what is larger or stops in the middle is told apart",
        arguments: [
            ("Content-Length: 3\r\n\r\nabc", "3 from 127.0.0.1"),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", "4 from 127.0.0.1"),
            ("\r\n", "0 from 127.0.0.1"),
            ("Content-Length: 101\r\n\r\n", "tooLarge"),
            ("Transfer-Encoding: chunked\r\n\r\n65\r\n\(String(repeating: "x", count: 101))\r\n", "tooLarge"),
        ]
    )
    func bodies(request: String, answer: String) async throws {
        try await Listening.serving { port in
            let answered = try await say("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(request)", to: port)
            #expect(answered.hasSuffix("\r\n\r\n\(answer)"), "\(answered)")
        }
    }

    @Test("A header that is too large, or one of too many, ends the connection")
    func headers() async throws {
        try await Listening.serving { port in
            let long = "X: \(String(repeating: "x", count: 100_000))\r\n"
            let many = (1...2_000).map { "X-\($0): x\r\n" }.joined()
            for headers in [long, many] {
                let answer = try await say("GET / HTTP/1.1\r\nHost: a\r\n\(headers)\r\n", to: port)
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(100))")
            }
            let next = try await say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", to: port)
            #expect(next.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test(
        "What is not HTTP is refused",
        arguments: ["\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\nx\r\n\r\n"]
    )
    func noHTTP(text: String) async throws {
        try await Listening.serving { port in
            let answer = try await say(text, to: port)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
        }
    }

    @Test("Beyond the bound the longest idle connection is closed, and one that is being answered is not")
    func bound() async throws {
        try await Listening.serving(connections: 4) { port in
            let busy = try await connect(to: port)
            busy.write(Array("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            let unfinished = try await connect(to: port)
            unfinished.write(Array("GET / HTTP/1.1\r\nHos".utf8))
            var idle: [TCPSocket] = []
            for _ in 1...3 { idle.append(try await connect(to: port)) }
            #expect(await onThread { unfinished.read() }.isEmpty)
            let answer = await onThread { String(decoding: busy.read(), as: UTF8.self) }
            #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
            let last = idle[2]
            last.write(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            #expect(await onThread { !last.read().isEmpty })
            for socket in idle + [busy] { socket.shutDown() }
        }
    }

    @Test("Why it cannot listen is said with what to do")
    func failures() async throws {
        let taken = try TCPSocket.listening(on: 0)
        for (host, port, reason) in [
            ("127.0.0.1", taken.port, "another program is listening there"),
            ("192.0.2.1", 0, "this machine has no such address"),
        ] {
            let failure = await #expect(throws: ListeningFailure.self) {
                try await Listening(host: host, port: port, connections: 1) { _ in }.run()
            }
            #expect(failure?.description.contains(reason) == true)
            #expect(failure?.address == "\(host):\(port)")
        }
    }

    private func connect(to port: Int) async throws -> TCPSocket {
        try await onThread { Result { try TCPSocket.connected(to: port) } }.get()
    }

    /// Says exactly this, and reads until the other side has said everything.
    private func say(_ text: String, to port: Int) async throws -> String {
        let socket = try await connect(to: port)
        return await onThread {
            socket.write(Array(text.utf8))
            var answer: [UInt8] = []
            while case let bytes = socket.read(), !bytes.isEmpty { answer += bytes }
            return String(decoding: answer, as: UTF8.self)
        }
    }
}

/// A listener that runs as a service.
private struct Listening: Service {
    private let listener: HTTPListener<Scales>

    init(host: String, port: Int, connections: Int, onListening: @escaping @Sendable (Int) -> Void) {
        listener = HTTPListener(
            host: host,
            port: port,
            maximumConnections: connections,
            responder: Scales(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: onListening
        )
    }

    func run() async throws { try await listener.run() }

    /// Listens on a port of loopback for as long as `body` runs.
    static func serving(
        connections: Int = 16,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let service = Listening(host: "127.0.0.1", port: 0, connections: connections) { port.yield($0) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(services: [service], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let listening = try #require(await ports.first { _ in true })
            let outcome = await Result { try await body(listening) }
            await group.triggerGracefulShutdown()
            try outcome.get()
            try await tasks.waitForAll()
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Answers with the size of the body and where it comes from, or with what is wrong with it.
private struct Scales: HTTPResponder {
    func respond(to request: Request, context: ConnectedContext) async throws -> Response {
        if request.uri.path == "/slow" { try await Task.sleep(for: .milliseconds(500)) }
        let text: String
        do throws(BodyProblem) {
            let size = try await request.wholeBody(upTo: 100, on: context.channel).count
            text = "\(size) from \(context.peer?.description ?? "nowhere")"
        } catch {
            text = "\(error)"
        }
        return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
