import Basics
import HTTPServing
import NIOHTTP1
import TestSupport
import Testing

@testable import WebInterface

/// All requests come from loopback here. One that a proxy passes on counts as from elsewhere.
@Suite("Who may use the page, over HTTP", .timeLimit(.minutes(2)))
struct AdmissionTests {
    private static let protected = AccessSettings(password: Secret("open sesame"))
    private static let everywhere = [
        "/api/topics", "/api/topics/bridge/state", "/api/events", "/api/account", "/api/backup", "/api/openapi.json",
    ]

    @Test("From elsewhere nothing but the page is seen without the password, and all of it with it")
    func password() async throws {
        try await RunningServer.serving(ScriptedBridge(), Self.protected) { server in
            for path in Self.everywhere {
                let answer = try await server.get(path, ["X-Forwarded-For": "192.0.2.7"])
                #expect(answer.status == 401, "\(path)")
                #expect(answer.headers.first(name: "www-authenticate") == "Bearer")
            }
            let command = try await server.post(
                "/api/topics/home/zone/kitchen/set",
                "{}",
                ["X-Forwarded-For": "192.0.2.7"]
            )
            #expect(command.status == 401)
            #expect(try await server.get("/", ["X-Forwarded-For": "192.0.2.7"]).status == 200)
            let script = try await server.get(
                "/api/topics",
                ["X-Forwarded-For": "192.0.2.7", "Authorization": "Bearer open sesame"]
            )
            #expect(script.status == 200)
        }
    }

    @Test("From elsewhere nothing is seen where no password is set, and the setting is named")
    func noPassword() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            for path in Self.everywhere + ["/", "/index.html"] {
                let answer = try await server.get(path, ["X-Forwarded-For": "192.0.2.7"])
                #expect(answer.status == 403, "\(path)")
                #expect(answer.text.contains("http.password"), "\(path)")
            }
            #expect(try await server.get("/").status == 200)
            #expect(try await server.post("/api/session", #"{"password":""}"#).status == 403)
        }
    }

    @Test("A session begins with the password and ends when it is closed")
    func session() async throws {
        try await RunningServer.serving(ScriptedBridge(), Self.protected) { server in
            let wrong = try await server.post(
                "/api/session",
                #"{"password":"wrong"}"#,
                ["X-Forwarded-For": "192.0.2.7"]
            )
            #expect(wrong.status == 401)
            #expect(wrong.headers.first(name: "set-cookie") == nil)
            let right = try await server.post(
                "/api/session",
                #"{"password":"open sesame"}"#,
                ["X-Forwarded-For": "192.0.2.7"]
            )
            #expect(right.status == 204)
            let header = try #require(right.headers.first(name: "set-cookie"))
            let cookie = String(header.prefix { $0 != ";" })
            #expect(!cookie.contains("sesame"))
            let seen = try await server.get("/api/topics", ["X-Forwarded-For": "192.0.2.7", "Cookie": cookie])
            #expect(seen.status == 200)
            let closed = try await server.request(
                .DELETE,
                "/api/session",
                nil,
                ["X-Forwarded-For": "192.0.2.7", "Cookie": cookie]
            )
            #expect(closed.status == 204)
            #expect(closed.headers.first(name: "set-cookie")?.contains("Max-Age=0") == true)
            let after = try await server.get("/api/topics", ["X-Forwarded-For": "192.0.2.7", "Cookie": cookie])
            #expect(after.status == 401)
        }
    }

    @Test("Guessing ends after five tries, by either way in")
    func guessing() async throws {
        try await RunningServer.serving(ScriptedBridge(), Self.protected, clock: ManualClock()) { server in
            for _ in 1...3 {
                #expect(try await server.post("/api/session", #"{"password":"x"}"#).status == 401)
            }
            for status in [401, 401, 429] {
                let answer = try await server.get(
                    "/api/topics",
                    ["X-Forwarded-For": "192.0.2.7", "Authorization": "Bearer x"]
                )
                #expect(answer.status == status)
            }
            let blocked = try await server.post("/api/session", #"{"password":"open sesame"}"#)
            #expect(blocked.status == 429)
            #expect(blocked.headers.first(name: "retry-after") == "60")
        }
    }

    @Test("A page that got a name of its own resolved to this machine is not answered")
    func rebinding() async throws {
        try await RunningServer.serving(ScriptedBridge()) { server in
            for path in ["/", "/api/topics", "/api/account"] {
                #expect(try await server.get(path, ["Host": "attacker.example"]).status == 421, "\(path)")
            }
            let own = AccessSettings(hosts: ["heating.example"])
            try await RunningServer.serving(ScriptedBridge(), own) { server in
                let answer = try await server.get("/api/topics", ["Host": "heating.example:8080"])
                #expect(answer.status == 200)
            }
        }
    }

    @Test("A page from elsewhere cannot change anything with the user's browser")
    func crossSite() async throws {
        let bridge = ScriptedBridge()
        try await RunningServer.serving(bridge) { server in
            let path = "/api/topics/home/zone/kitchen/set"
            #expect(try await server.post(path, "{}", ["Origin": "https://attacker.example"]).status == 403)
            #expect(try await server.post(path, "{}", ["Origin": "null"]).status == 403)
            #expect(try await server.post(path, "{}", ["Content-Type": "text/plain"]).status == 415)
            #expect(bridge.commands.isEmpty)
            let own = try await server.post(path, "{}", ["Origin": "http://127.0.0.1:\(server.port)"])
            #expect(own.status == 200)
            let reading = try await server.get("/api/topics", ["Origin": "https://attacker.example"])
            #expect(!reading.headers.contains { $0.name.lowercased().hasPrefix("access-control") })
        }
    }

    @Test("Browsers are told to run and show nothing but the page itself, in frames only within an ingress")
    func headers() async throws {
        let proxied = AccessSettings(trustedProxies: [NetworkAddress("127.0.0.1")].compactMap(\.self))
        try await RunningServer.serving(ScriptedBridge(), proxied) { server in
            for path in ["/", "/nothing", "/api/topics", "/api/nothing"] {
                let answer = try await server.get(path)
                let policy = try #require(answer.headers.first(name: "content-security-policy"))
                #expect(policy.hasPrefix("default-src 'none'"), "\(path)")
                #expect(policy.hasSuffix("frame-ancestors 'none'"), "\(path)")
                #expect(!policy.contains("unsafe"), "\(path)")
                #expect(answer.headers.first(name: "x-content-type-options") == "nosniff", "\(path)")
                #expect(answer.headers.first(name: "referrer-policy") == "same-origin", "\(path)")
            }
            let framed = try await server.get("/", ["X-Ingress-Path": "/api/hassio_ingress/x", "Host": "anything"])
            #expect(framed.status == 200)
            #expect(framed.headers.first(name: "content-security-policy")?.hasSuffix("frame-ancestors 'self'") == true)
        }
        try await RunningServer.serving(ScriptedBridge(), Self.protected) { server in
            let lie = try await server.get("/", ["X-Ingress-Path": "/x", "X-Forwarded-For": "192.0.2.7"])
            #expect(lie.headers.first(name: "content-security-policy")?.hasSuffix("frame-ancestors 'none'") == true)
        }
    }

    @Test("A trusted proxy's requests are signed in, whoever it passes them on for")
    func trustedProxy() async throws {
        let proxied = AccessSettings(trustedProxies: [NetworkAddress("127.0.0.1")].compactMap(\.self))
        try await RunningServer.serving(ScriptedBridge(), proxied) { server in
            let answer = try await server.get("/api/topics", ["X-Forwarded-For": "192.0.2.7", "Host": "ha.example"])
            #expect(answer.status == 200)
        }
    }
}
