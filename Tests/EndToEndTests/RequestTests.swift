import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Requests to the bridge itself", .timeLimit(.minutes(2)))
struct RequestTests {
    @Test("A refresh reads the installation and every status, and not again right after")
    func refresh() async throws {
        try await World.inARunningHouse(flags: ["--cloud-poll-interval", "60s"]) { world in
            let before = (world.readings(), world.installations())
            let (status, answer) = try await world.ask("refresh", #"{"transaction":"r1"}"#)
            #expect(status == "ok")
            #expect(answer["transaction"] as? String == "r1")
            #expect((answer["data"] as? [String: Any])?["locations"] as? Int == 1)
            #expect((world.readings(), world.installations()) == (before.0 + 1, before.1 + 1))
            #expect(try await world.ask("refresh").status == "error")
            #expect(world.readings() == before.0 + 1)
        }
    }

    @Test("A refresh that the cloud does not answer says so")
    func refreshInVain() async throws {
        try await World.inARunningHouse(flags: ["--cloud-poll-interval", "60s"]) { world in
            world.cloud.inject(Fault(.respond(.html(503)), for: .any, times: nil))
            let (status, answer) = try await world.ask("refresh")
            #expect(status == "error")
            #expect((answer["error"] as? String)?.contains("503") == true)
        }
    }

    @Test("The interval and the level are told, and changed while it runs")
    func levers() async throws {
        try await World.inARunningHouse(flags: ["--cloud-poll-interval", "60s"]) { world in
            #expect(try await world.ask("poll_interval").answer["data"] as? [String: String] == ["value": "60s"])
            let before = world.readings()
            #expect(try await world.ask("poll_interval", #"{"value":"1s"}"#).status == "ok")
            try await eventually { world.readings() > before + 1 }
            #expect(try await world.ask("log_level", #"{"value":"warning"}"#).status == "ok")
            #expect(try await world.ask("log_level").answer["data"] as? [String: String] == ["value": "warning"])
        }
    }

    @Test("Health is told, with how the cloud is")
    func health() async throws {
        try await World.inARunningHouse { world in
            let data = try #require(try await world.ask("health").answer["data"] as? [String: Any])
            #expect(data["healthy"] as? Bool == true)
            #expect(data["cloud"] as? String == "ok")
        }
    }

    @Test("Schedules are backed up and restored, each as a command; those that are set already are left alone")
    func schedules() async throws {
        try await World.inARunningHouse(flags: ["--cloud-poll-interval", "60s"]) { world in
            let backup = try #require(try await world.ask("schedules_backup").answer["data"] as? [String: Any])
            let text = String(decoding: try JSONSerialization.data(withJSONObject: backup), as: UTF8.self)
            #expect(try await world.ask("schedules_restore", text).status == "ok")
            #expect(world.writtenSchedules().isEmpty)
            let changed = text.replacing(#""setpoint":15.5"#, with: #""setpoint":15"#)
            #expect(changed != text)
            world.cloud.inject(Fault(.respond(CannedResponse(status: 400, body: "[]")), for: .put("/schedule")))
            let (status, answer) = try await world.ask("schedules_restore", changed)
            #expect(status == "error")
            #expect((answer["error"] as? String)?.contains("1 of 7 schedules were not written") == true)
            let again = try await world.ask("schedules_restore", changed)
            #expect(again.status == "ok")
            // The one schedule that differs, once refused and once more.
            #expect(world.writtenSchedules().count == 2)
        }
    }

    @Test(
        "What cannot be done gets its reason",
        arguments: [
            ("poll_interval", #"{"value":"soon"}"#), ("poll_interval", #"{"value":60}"#),
            ("poll_interval", #"{"value":"60"}"#),
            ("log_level", #"{"value":"loud"}"#),
            ("refresh", "now"), ("refresh", #"{"please":true}"#), ("coffee", ""), ("schedules_restore", ""),
        ]
    )
    func refused(name: String, payload: String) async throws {
        try await World.inARunningHouse { world in
            let (status, answer) = try await world.ask(name, payload)
            #expect(status == "error")
            #expect((answer["error"] as? String)?.isEmpty == false)
        }
    }

    @Test("A retained request is not carried out, and is cleared", arguments: ["5", "3.1.1"])
    func retained(version: String) async throws {
        try await World.exists { world in
            let (topic, answer) = ("evohome/bridge/request/refresh", "evohome/bridge/response/refresh")
            try await world.watcher.say("{}", on: topic, retained: true)
            try await world.bridge(pollInterval: "60s", flags: ["--mqtt-protocol", version]) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await eventually { world.watcher.json(on: answer)?["status"] as? String == "error" }
                try await eventually { world.watcher.last(on: topic) == "" }
                // Over 3.1.1 the clearing comes back, before what is asked now; an empty payload is a request, too.
                #expect(try await world.ask("health").status == "ok")
                #expect(world.watcher.said(on: answer).count == 1)
                #expect(world.installations() == 1)
            }
        }
    }
}

extension World {
    fileprivate func writtenSchedules() -> [RecordedRequest] { cloud.requests(.put("/schedule")) }
    fileprivate func installations() -> Int { cloud.requests(RequestMatcher(path: "installationInfo")).count }
}

extension RequestMatcher {
    fileprivate static func put(_ path: String) -> RequestMatcher { RequestMatcher(method: "PUT", path: path) }
}
