import Basics
import BridgeCore
import NIOHTTP1
import TestSupport
import Testing

@testable import WebInterface

@Suite("The interface over HTTP", .timeLimit(.minutes(2)))
struct InterfaceTests {
    @Test("Topics are shown all at once and one at a time")
    func topics() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            let all = try await server.get("/api/topics")
            #expect(all.status == 200)
            #expect(all.headers.first(name: "content-type") == "application/json")
            #expect(all.headers.first(name: "cache-control") == "no-store")
            #expect(all.json?["home/zone/kitchen/temperature"] == 20.5)
            #expect(all.json?["home/zone/kitchen/id"] == "3432522")
            #expect(all.json?["home/zone/kitchen"]?["name"] == "Kitchen")
            #expect(try await server.get("/api/topics/home/zone/kitchen/available").text == "true")
            #expect(try await server.get("/api/topics/home%2Fzone%2Fkitchen").json?["name"] == "Kitchen")
            let none = try await server.get("/api/topics/home/zone/attic")
            #expect(none.status == 404)
            #expect(none.error?.contains("home/zone/attic") == true)
        }
    }

    @Test(
        "The status tells how a command ended",
        arguments: zip(Outcome.Kind.allCases, [200, 502, 422, 409, 504])
    )
    func outcomes(kind: Outcome.Kind, status: Int) async throws {
        let bridge = ScriptedBridge()
        bridge.answerCommands(with: CommandAnswer(kind: kind, json: ["outcome": .string(kind.rawValue)]))
        try await RunningServer.serving(bridge) { server in
            let answer = try await server.post("/api/topics/home/zone/kitchen/set", #"{"setpoint":21.5}"#)
            #expect(answer.status == status)
            #expect(answer.json?["outcome"] == .string(kind.rawValue))
            #expect(bridge.commands.map(\.topic) == ["home/zone/kitchen/set"])
            #expect(bridge.commands.map(\.payload) == [["setpoint": 21.5]])
        }
    }

    @Test("A client that prefers not to wait is told the command's id at once, one of its own or a made one")
    func unawaited() async throws {
        let bridge = ScriptedBridge()
        bridge.holdCommands()
        try await RunningServer.serving(bridge) { server in
            for (body, id) in [(#"{"setpoint":21,"id":7}"#, JSONValue.integer(7)), (#"{"transaction":"t"}"#, "t")] {
                let answer = try await server.post(
                    "/api/topics/home/zone/kitchen/set",
                    body,
                    ["Prefer": "wait=5, Respond-Async"]
                )
                #expect(answer.status == 202)
                #expect(answer.headers.first(name: "preference-applied") == "respond-async")
                #expect(answer.json?["id"] == id)
            }
            let answer = try await server.post(
                "/api/topics/home/zone/kitchen/set",
                #"{"setpoint":21,"id":null}"#,
                ["Prefer": "respond-async"]
            )
            let id = try #require(answer.json?["id"])
            #expect(id != .null)
            try await eventually { bridge.commands.contains { $0.payload["id"] == id } }
            // The bound: three are held already.
            for _ in 4...64 {
                _ = try await server.post(
                    "/api/topics/home/zone/kitchen/set",
                    "{}",
                    ["Prefer": "respond-async"]
                )
            }
            let tooMany = try await server.post(
                "/api/topics/home/zone/kitchen/set",
                "{}",
                ["Prefer": "respond-async"]
            )
            #expect(tooMany.status == 503)
            #expect(tooMany.headers.first(name: "retry-after") != nil)
        }
    }

    @Test("A command for what does not exist is not found, waited for or not")
    func unknownTarget() async throws {
        let bridge = ScriptedBridge()
        try await RunningServer.serving(bridge) { server in
            #expect(try await server.post("/api/topics/home/zone/attic/set", "{}").status == 404)
            let unawaited = try await server.post(
                "/api/topics/home/zone/attic/set",
                "{}",
                ["Prefer": "respond-async"]
            )
            #expect(unawaited.status == 404)
            #expect(bridge.commands.isEmpty)
            bridge.answerCommands(with: nil)
            #expect(try await server.post("/api/topics/home/zone/kitchen/set", "{}").status == 404)
        }
    }

    @Test(
        "What cannot be read is refused with a sentence, and reaches nobody",
        arguments: [
            ("", 400), ("[]", 400), ("21.5", 400), ("null", 400), ("{", 400), (#"{"a":1,"a":2}"#, 400), ("\u{0}", 400),
            (String(repeating: "[", count: 1_000), 400),
            ("{\"a\":\"" + String(repeating: "x", count: 66_000) + "\"}", 413),
        ]
    )
    func bodies(body: String, status: Int) async throws {
        let bridge = ScriptedBridge()
        try await RunningServer.serving(bridge, AccessSettings(password: Secret("p"))) { server in
            for path in ["/api/topics/home/zone/kitchen/set", "/api/account", "/api/session"] {
                let answer = try await server.post(path, body)
                #expect(answer.status == status, "\(path)")
                #expect(answer.error?.isEmpty == false)
            }
            #expect(bridge.commands.isEmpty && bridge.signIns.isEmpty)
        }
    }

    @Test("Another method is refused, and which ones are possible is said")
    func methods() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            for (method, path, allowed) in [
                (HTTPMethod.DELETE, "/api/topics", "GET, HEAD"), (.POST, "/api/topics/home/zone/kitchen", "GET, HEAD"),
                (.GET, "/api/topics/home/zone/kitchen/set", "POST"),
                (.PUT, "/api/topics/home/zone/kitchen/set", "POST"),
                (.GET, "/api/requests/health", "POST"), (.PUT, "/api/session", "POST, DELETE"),
                (.POST, "/", "GET, HEAD"),
                (.OPTIONS, "/api/account", "GET, HEAD, POST"), (.POST, "/health", "GET, HEAD"),
            ] {
                let answer = try await server.request(method, path)
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(answer.headers.first(name: "allow") == allowed, "\(method) \(path)")
            }
        }
    }

    @Test("HEAD is answered as GET, without the body")
    func head() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            for path in ["/", "/api/topics", "/api/openapi.json", "/health"] {
                let whole = try await server.get(path, ["Accept-Encoding": "identity"])
                let head = try await server.request(.HEAD, path, nil, ["Accept-Encoding": "identity"])
                #expect(head.status == 200 && head.body.isEmpty, "\(path)")
                #expect(head.headers.first(name: "content-length") == "\(whole.body.count)", "\(path)")
            }
        }
    }

    @Test("Requests are answered as on MQTT; one that fails is 422")
    func requests() async throws {
        let bridge = ScriptedBridge()
        try await RunningServer.serving(bridge) { server in
            let health = try await server.post("/api/requests/health", #"{"transaction":5}"#)
            #expect(health.status == 200)
            #expect(health.text == #"{"status":"ok","data":{"healthy":true},"error":null,"transaction":5}"#)
            #expect(try await server.post("/api/requests/health", "").status == 200)
            #expect(bridge.requests.map(\.body) == [["transaction": 5], .null])
            let failed = try await server.post("/api/requests/poll_interval", #"{"value":"1s"}"#)
            #expect(failed.status == 422)
            #expect(failed.json?["status"] == "error")
            let unknown = try await server.post("/api/requests/reboot", "{}")
            #expect(unknown.status == 404)
            #expect(unknown.error?.contains("refresh") == true)
        }
    }

    @Test(
        "A sign-in to the account is answered with what the cloud said",
        arguments: [
            (SignIn.signedIn(["locations": 1]), 200), (.refused("No."), 401), (.failed("No."), 502),
            (.held("No.", retryAfter: .milliseconds(1_500)), 429),
        ]
    )
    func signIn(result: SignIn, status: Int) async throws {
        let bridge = ScriptedBridge()
        bridge.answerSignIns(with: result)
        try await RunningServer.serving(bridge) { server in
            let answer = try await server.post("/api/account", #"{"username":"u","password":"p"}"#)
            #expect(answer.status == status)
            #expect(answer.headers.first(name: "retry-after") == (status == 429 ? "2" : nil))
            if status != 200 { #expect(answer.error == "No.") }
            #expect(bridge.signIns.map(\.username) == ["u"])
            #expect(bridge.signIns.map(\.password) == ["p"])
        }
    }

    @Test(
        "A sign-in without a user name or a password makes no login",
        arguments: [
            "{}", #"{"username":"u"}"#, #"{"username":"","password":"p"}"#, #"{"username":1,"password":"p"}"#,
            #"{"username":"u","password":"p","x":1}"#,
        ]
    )
    func incompleteSignIn(body: String) async throws {
        let bridge = ScriptedBridge()
        try await RunningServer.serving(bridge) { server in
            let answer = try await server.post("/api/account", body)
            #expect(answer.status == 400)
            #expect(bridge.signIns.isEmpty)
        }
    }

    @Test("A backup is a file, and why there is none is said")
    func backup() async throws {
        let bridge = ScriptedBridge()
        let day = try #require(CivilDate("2026-11-28"))
        try await RunningServer.serving(bridge) { server in
            let failed = try await server.get("/api/backup")
            #expect(failed.status == 502)
            #expect(failed.error == "The cloud cannot be reached.")
            bridge.answerBackups(with: .success(Backup(schedules: ["a": 1], home: "Home", day: day)))
            let backup = try await server.get("/api/backup")
            #expect(backup.json == ["a": 1])
            #expect(
                backup.headers.first(name: "content-disposition")?
                    .hasPrefix("attachment; filename=\"evohome-home-2026-11-28.json\"") == true
            )
        }
    }

    @Test("Requests and clients of events are counted by route and status")
    func metrics() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            for path in ["/api/topics/x", "/api/topics/y", "/nowhere", "/api/nowhere"] {
                _ = try await server.get(path)
            }
            try await server.events { reader in
                _ = try await reader.next()
                let lines = try await server.get("/metrics").text.split(separator: "\n").map(String.init)
                for line in [
                    #"evohome_http_requests_total{route="/api/topics/{topic}",method="GET",status="404"} 2"#,
                    #"evohome_http_requests_total{route="/",method="GET",status="404"} 1"#,
                    #"evohome_http_requests_total{route="other",method="GET",status="404"} 1"#,
                    "evohome_http_event_clients 1",
                ] { #expect(lines.contains(line), "\(line)") }
            }
            try await eventually {
                try await server.get("/metrics").text.contains("evohome_http_event_clients 0\n")
            }
        }
    }

    @Test("Without a bridge only probes are answered")
    func probesOnly() async throws {
        try await RunningServer.serving(nil) { server in
            for path in ["/", "/api/topics", "/api/openapi.json"] {
                let answer = try await server.get(path)
                #expect(answer.status == 404, "\(path)")
            }
            let health = try await server.get("/health")
            #expect(health.text == "ok\n")
            let metrics = try await server.get("/metrics", ["Host": "example.com"])
            #expect(metrics.status == 200)
        }
    }
}
