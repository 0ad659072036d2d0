import Basics
import BridgeCore
import NIOHTTP1
import TestSupport
import Testing

@testable import WebInterface

@Suite("Clients that mean no good", .timeLimit(.minutes(3)))
struct HostileClientTests {
    @Test(
        "Nothing outside the page is served",
        arguments: [
            "/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/./index.html",
            "/index.html/", "/index.html%00.js", "/index.html\\..", "/Sources/WebInterface/openapi.json",
            "/api/../index.html", "/api/topics/../../etc/passwd",
        ]
    )
    func outside(path: String) async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            let answer = try await server.say("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 404"), "\(answer.prefix(200))")
        }
    }

    @Test("A body that never ends is refused and not kept", arguments: [true, false])
    func endlessBody(isAnnounced: Bool) async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            let socket = try await server.connect()
            let head =
                "POST /api/account HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + (isAnnounced ? "Content-Length: 10000000000\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n")
            let answer = await onThread {
                socket.write(Array(head.utf8))
                let part = [UInt8](repeating: UInt8(ascii: " "), count: 0x8000)
                // More than the limit, and as long as somebody takes it.
                for _ in 1...64 {
                    socket.write(isAnnounced ? part : Array("8000\r\n".utf8) + part + Array("\r\n".utf8))
                }
                return String(decoding: socket.read(), as: UTF8.self)
            }
            #expect(answer.hasPrefix("HTTP/1.1 413"), "\(answer)")
            #expect(await onThread { socket.read().isEmpty })
        }
    }

    @Test("A request with two hosts or with none is not answered")
    func hosts() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            let two = try await server.say(
                "GET /api/topics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
            )
            #expect(two.hasPrefix("HTTP/1.1 400"), "\(two.prefix(100))")
            let none = try await server.say("GET /api/topics HTTP/1.0\r\nConnection: close\r\n\r\n")
            #expect(none.hasPrefix("HTTP/1.1 421") || none.hasPrefix("HTTP/1.0 421"), "\(none.prefix(100))")
        }
    }

    @Test("A thousand connections that say nothing, or stop in the middle, shut nobody out")
    func manyConnections() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            var sockets: [TCPSocket] = []
            for number in 1...600 {
                let socket = try await server.connect()
                if number.isMultiple(of: 2) { socket.write(Array("POST /api/account HTTP/1.1\r\nHost: lo".utf8)) }
                sockets.append(socket)
            }
            #expect(try await server.get("/health").status == 200)
            #expect(try await server.get("/api/topics").status == 200)
            try await server.events { reader in
                let event = try await reader.next()
                #expect(event != nil)
            }
            for socket in sockets { socket.shutDown() }
        }
    }

    @Test("A connection in use outlives a thousand that are not")
    func busyConnection() async throws {
        let bridge = ScriptedBridge(topics: ["a": "1"])
        try await RunningServer.serving(bridge) { server in
            try await server.events { reader in
                _ = try await reader.next()
                for _ in 1...600 { try await server.connect().shutDown() }
                var idle: [TCPSocket] = []
                for _ in 1...520 { idle.append(try await server.connect()) }
                bridge.show("2", on: "a")
                #expect(try await reader.next()?.json?["payload"] == 2)
                for socket in idle { socket.shutDown() }
            }
        }
    }

    @Test("Requests that were sent at once are answered in their order")
    func pipelining() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            let answer = try await server.say(
                "GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /api/topics/bridge/state HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\n\r\n"
            )
            #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 2)
            #expect(answer.hasSuffix("\"online\""))
        }
    }
}
