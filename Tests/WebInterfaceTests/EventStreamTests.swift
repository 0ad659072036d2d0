import Basics
import BridgeCore
import NIOHTTP1
import TestSupport
import Testing

@testable import WebInterface

@Suite("The stream of events over HTTP", .timeLimit(.minutes(2)))
struct EventStreamTests {
    @Test("All of the state comes first, then each change; a topic that is cleared is null")
    func state() async throws {
        let bridge = ScriptedBridge()
        try await RunningServer.serving(bridge) { server in
            try await server.events { reader in
                #expect(reader.headers.first(name: "content-type") == "text/event-stream")
                #expect(reader.headers.first(name: "cache-control") == "no-cache, no-transform")
                var seen: [String: JSONValue] = [:]
                for _ in ScriptedBridge.home {
                    let data = try #require(try await reader.next("state")?.json)
                    guard case .string(let topic)? = data["topic"] else { continue }
                    seen[topic] = data["payload"]
                }
                #expect(Set(seen.keys) == Set(ScriptedBridge.home.keys))
                #expect(seen["home/zone/kitchen/temperature"] == 20.5)
                bridge.show("21", on: "home/zone/kitchen/temperature")
                #expect(try await reader.next()?.json == ["topic": "home/zone/kitchen/temperature", "payload": 21])
                bridge.show(nil, on: "home/zone/kitchen/temperature")
                #expect(try await reader.next()?.json == ["topic": "home/zone/kitchen/temperature", "payload": nil])
            }
        }
    }

    @Test("A thousand changes in a row are few events, of which the last tells how it is now")
    func coalescing() async throws {
        let bridge = ScriptedBridge(topics: ["a": "0"])
        try await RunningServer.serving(bridge) { server in
            try await server.events { reader in
                _ = try await reader.next()
                for value in 1...1_000 { bridge.show("\(value)", on: "a") }
                var count = 0
                while let event = try await reader.next() {
                    count += 1
                    if event.json?["payload"] == 1_000 { break }
                }
                #expect(count < 100)
            }
        }
    }

    @Test("Events are new ones; a client that comes again is sent what it missed, and after a restart everything")
    func events() async throws {
        let bridge = ScriptedBridge(topics: [:])
        bridge.happen(#"{"n":1}"#)
        try await RunningServer.serving(bridge) { server in
            var first: String?
            try await server.events { reader in
                try await eventually { try await server.get("/metrics").text.contains("event_clients 1\n") }
                bridge.happen(#"{"n":2}"#)
                let event = try await reader.next("event")
                #expect(event?.json == ["n": 2])
                first = event?.id
            }
            bridge.happen(#"{"n":3}"#)
            let id = try #require(first)
            try await server.events("", ["Last-Event-ID": id]) { reader in
                let event = try await reader.next("event")
                #expect(event?.json == ["n": 3])
            }
            for query in ["?last_event_id=0", "?last_event_id=former-99"] {
                try await server.events(query) { reader in
                    for number in 1...3 {
                        let event = try await reader.next("event")
                        #expect(event?.json == ["n": .integer(number)])
                    }
                }
            }
        }
    }

    @Test("Log lines come when they are asked for, from a level that exists")
    func log() async throws {
        let bridge = ScriptedBridge(topics: ["a": "1"])
        try await RunningServer.serving(bridge) { server in
            try await server.events("?log=info") { reader in
                _ = try await reader.next("state")
                bridge.write(line: #"{"level":"info"}"#)
                #expect(try await reader.next("log")?.json == ["level": "info"])
            }
            let unknown = try await server.get("/api/events?log=loud")
            #expect(unknown.status == 400)
            #expect(unknown.error?.contains("loud") == true)
        }
    }

    @Test("A sign of life is sent while nothing happens")
    func pulse() async throws {
        let timing = EventStream.Timing(pulse: .milliseconds(30))
        try await RunningServer.serving(ScriptedBridge(topics: [:]), timing: timing) { server in
            try await server.events { reader in
                for _ in 1...3 {
                    let event = try await reader.next()
                    #expect(event?.comment == "still here")
                }
            }
        }
    }

    @Test("A stream ends with its session")
    func sessionEnds() async throws {
        let bridge = ScriptedBridge(topics: ["a": "1"])
        let timing = EventStream.Timing(pulse: .milliseconds(50))
        try await RunningServer.serving(bridge, AccessSettings(password: Secret("p")), timing: timing) { server in
            let opened = try await server.post("/api/session", #"{"password":"p"}"#)
            let cookie = String(try #require(opened.headers.first(name: "set-cookie")).prefix { $0 != ";" })
            try await server.events("", ["X-Forwarded-For": "192.0.2.7", "Cookie": cookie]) { reader in
                _ = try await reader.next()
                _ = try await server.request(.DELETE, "/api/session", nil, ["Cookie": cookie])
                bridge.show("secret", on: "a")
                while let event = try await reader.next() { #expect(event.json?["payload"] != "secret") }
            }
        }
    }

    @Test("When the bridge stops, streams and waiting commands end at once")
    func shutdown() async throws {
        let bridge = ScriptedBridge()
        bridge.holdCommands()
        try await RunningServer.serving(bridge) { server in
            try await server.events { reader in
                _ = try await reader.next()
                async let command = server.post("/api/topics/home/zone/kitchen/set", "{}")
                try await eventually { !bridge.commands.isEmpty }
                let began = ContinuousClock.now
                await server.stop()
                while try await reader.next() != nil {}
                #expect(try await command.status == 503)
                #expect(began.duration(to: .now) < .seconds(1))
            }
        }
    }

    @Test("A client that does not read is disconnected, and does not keep the bridge from stopping")
    func deafClient() async throws {
        let large = String(repeating: "x", count: 20_000)
        let bridge = ScriptedBridge(topics: ["a": large])
        let timing = EventStream.Timing(patience: .milliseconds(400), rest: .milliseconds(1))
        try await RunningServer.serving(bridge, timing: timing) { server in
            let socket = try await server.connect()
            socket.write(Array("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
            try await eventually { try await server.get("/metrics").text.contains("event_clients 1\n") }
            var number = 0
            try await eventually(timeout: .seconds(60)) {
                number += 1
                bridge.show("\(number)\(large)", on: "a")
                return try await server.get("/metrics").text.contains("event_clients 0\n")
            }
            socket.shutDown()
        }
    }

    @Test("A client that leaves is noticed at once")
    func leavingClient() async throws {
        try await RunningServer.serving(ScriptedBridge(topics: [:])) { server in
            let socket = try await server.connect()
            socket.write(Array("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
            try await eventually { try await server.get("/metrics").text.contains("event_clients 1\n") }
            socket.shutDown()
            try await eventually { try await server.get("/metrics").text.contains("event_clients 0\n") }
        }
    }
}
