import Basics
import TCCSimulator
import TestSupport
import Testing

@Suite("What the bridge serves over HTTP", .timeLimit(.minutes(2)))
struct WebServerTests {
    private let page: AdminPage

    init() throws { page = try AdminPage() }

    @Test("A scrape tells of calls, tokens, commands, the broker and every zone")
    func scrape() async throws {
        try await World.exists { world in
            try await world.bridge(flags: page.flags) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await world.watcher.say("21.5", on: "evohome/home/zone/kitchen/set/setpoint")
                try await eventually { world.watcher.last(on: "evohome/home/zone/kitchen/result") != nil }
                let answer = try #require(await page.get("/metrics"))
                #expect(answer.status == 200)
                #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
                let lines = answer.text.split(separator: "\n")
                #expect(lines.count { $0.hasPrefix(#"evohome_zone_setpoint_celsius{site="home","#) } == 6)
                for expected in [
                    "evohome_logins_total 1", "evohome_token_refreshes_total 0", "evohome_mqtt_connected 1",
                    "evohome_mqtt_connections_total 1", #"evohome_commands_total{outcome="succeeded"} 1"#,
                    #"evohome_cloud_calls_total{endpoint="heat_setpoint",method="PUT",status="201"} 1"#,
                    #"evohome_cloud_calls_total{endpoint="token",method="POST",status="200"} 1"#,
                    #"evohome_cloud_state{state="ok"} 1"#, #"evohome_site_available{site="home"} 1"#,
                    #"evohome_zone_setpoint_celsius{site="home",zone="kitchen",name="Kitchen"} 21.5"#,
                ] {
                    #expect(lines.contains { $0 == expected }, "\(expected) is not in:\n\(answer.text)")
                }
                #expect(try await Promtool.complaints(of: answer.text) == "")
            }
        }
    }

    @Test("It is ready when the broker was reached and has the first state, and stays so")
    func readiness() async throws {
        try await World.exists { world in
            await world.broker.kill()
            try await world.bridge(flags: page.flags) { _ in
                try await eventually { await page.get("/ready")?.status == 503 }
                #expect(await page.get("/ready")?.text == "The MQTT broker has not been reached yet.\n")
                try await world.broker.start()
                try await eventually { await page.get("/ready")?.status == 200 }
                await world.broker.kill()
                try await eventually { await page.get("/health")?.status == 503 }
                #expect(await page.get("/ready")?.text == "ok\n")
            }
        }
    }

    @Test("It is healthy while the broker answers, whatever the cloud does, and else says what is wrong")
    func health() async throws {
        try await World.exists { world in
            try await world.bridge(flags: page.flags) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                world.cloud.inject(Fault(.refuse, for: .any, times: nil))
                try await eventually {
                    world.watcher.json(on: "evohome/bridge/cloud")?["state"] as? String == "unreachable"
                }
                #expect(await page.get("/health")?.text == "ok\n")
                await world.broker.kill()
                try await eventually {
                    await page.get("/health")?.text.hasPrefix("There has been no MQTT connection") == true
                }
                try await world.broker.start()
                try await eventually { await page.get("/health")?.status == 200 }
            }
        }
    }

    @Test("What is not served is not found")
    func unknown() async throws {
        try await World.exists { world in
            try await world.bridge(flags: page.flags) { _ in
                try await eventually { await page.get("/metrics") != nil }
                for path in ["/healthz", "/..%2f..%2fetc/passwd"] {
                    #expect(await page.get(path)?.status == 404, "\(path)")
                }
            }
        }
    }

    @Test("An address that is taken ends the program with 78 and a sentence that names the key")
    func taken() async throws {
        let other = try TCPSocket.listening(on: page.port)
        defer { other.shutDown() }
        let ending = try await BridgeProcess.run(
            ["run", "--state-file", "/nonexistent/state.json", "--account-username", "user@example.com"] + page.flags,
            environment: ["EVOHOME_ACCOUNT_PASSWORD": "password", "EVOHOME_CLOUD_URL": "http://127.0.0.1:9"]
        )
        #expect(ending.exitCode == 78)
        #expect(ending.log.contains("http.listen: Cannot listen at 127.0.0.1:\(page.port): another program"))
    }

    @Test("Whoever leaves a request unfinished does not keep the bridge from leaving")
    func unfinishedRequest() async throws {
        try await World.exists { world in
            try await world.bridge(flags: page.flags) { process in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let socket = try TCPSocket.connected(to: page.port)
                socket.write(Array("GET /metrics HTTP/1.1\r\nHost: ".utf8))
                let began = ContinuousClock.now
                let ending = try await process.stop()
                #expect(ContinuousClock.now - began < .seconds(6))
                #expect(ending.exitCode == 0)
                #expect(world.watcher.last(on: "evohome/bridge/state") == "offline")
                socket.shutDown()
            }
        }
    }
}
