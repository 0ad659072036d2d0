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

    @Test(
        "What cannot be done gets its reason",
        arguments: [
            ("poll_interval", #"{"value":"soon"}"#), ("poll_interval", #"{"value":60}"#),
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

    @Test("A retained request is not carried out, and is cleared")
    func retained() async throws {
        try await World.inARunningHouse { world in
            let topic = "evohome/bridge/request/refresh"
            try await world.watcher.say("{}", on: topic, retained: true)
            try await eventually { world.watcher.last(on: topic) == "" }
            #expect(world.watcher.json(on: "evohome/bridge/response/refresh")?["status"] as? String == "error")
        }
    }
}

extension World {
    fileprivate func installations() -> Int { cloud.requests(RequestMatcher(path: "installationInfo")).count }
}
