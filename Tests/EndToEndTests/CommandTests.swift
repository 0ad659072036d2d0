import Basics
import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Commands from the broker to the cloud and back", .timeLimit(.minutes(2)))
struct CommandTests {
    private let kitchen = "evohome/home/zone/kitchen"

    @Test("A setpoint becomes one call and one outcome, and the state follows")
    func setpoint() async throws {
        try await World.inARunningHouse { world in
            try await world.watcher.say(#"{"setpoint":21.5,"until":"forever","id":"tea"}"#, on: "\(kitchen)/set")
            try await eventually { world.watcher.last(on: "\(kitchen)/result") != nil }
            let result = try #require(world.watcher.json(on: "\(kitchen)/result"))
            #expect(result["outcome"] as? String == "succeeded")
            #expect(result["id"] as? String == "tea")
            #expect(result["code"] is NSNull)
            let call = try #require(world.setpointCalls().first)
            #expect(call.body.contains("PermanentOverride"))
            #expect(call.body.contains("21.5"))
            try await eventually { world.watcher.json(on: kitchen)?["setpoint"] as? Double == 21.5 }
            #expect(world.watcher.json(on: kitchen)?["mode"] as? String == "permanent_override")
            try await Task.sleep(for: .milliseconds(1200))
            #expect(world.setpointCalls().count == 1)
            #expect(world.watcher.said(on: "\(kitchen)/result").count == 1)
        }
    }

    @Test(
        "A bad command makes no call and gets its reason",
        arguments: [
            (#"{"setpoint":99}"#, "out_of_range"), (#"{"setp"#, "malformed"), ("", "malformed"),
            (#"{"setpoint":20,"colour":1}"#, "unknown_key"), (#"{"setpoint":NaN}"#, "malformed"),
            (#"{"setpoint":20,"until":"2020-01-01T00:00:00Z"}"#, "in_the_past"),
        ]
    )
    func refused(payload: String, code: String) async throws {
        try await World.inARunningHouse { world in
            try await world.watcher.say(payload, on: "\(kitchen)/set", answerOn: "me/answers")
            try await eventually { world.watcher.last(on: "\(kitchen)/result") != nil }
            let result = try #require(world.watcher.json(on: "\(kitchen)/result"))
            #expect(result["outcome"] as? String == "rejected")
            #expect(result["code"] as? String == code)
            try await eventually { world.watcher.last(on: "me/answers") != nil }
            #expect(world.setpointCalls().isEmpty)
        }
    }

    @Test("A retained command is ignored, reported and cleared, once")
    func retained() async throws {
        try await World.inARunningHouse { world in
            try await world.watcher.say(#"{"setpoint":20}"#, on: "\(kitchen)/set", retained: true)
            try await eventually { world.watcher.json(on: "\(kitchen)/result")?["code"] as? String == "retained" }
            try await eventually { world.watcher.last(on: "\(kitchen)/set") == "" }
            try await Task.sleep(for: .milliseconds(300))
            #expect(world.watcher.said(on: "\(kitchen)/result").count == 1)
            #expect(world.setpointCalls().isEmpty)
        }
    }

    @Test("A slider that is dragged makes two calls, and the last value wins")
    func slider() async throws {
        try await World.inARunningHouse({ $0.taskDuration = .seconds(4)...(.seconds(4)) }) { world in
            let setpoints = (0..<40).map { "\(10 + Double($0) / 2)" }
            await world.watcher.say(setpoints, on: "\(kitchen)/set/setpoint")
            try await eventually(timeout: .seconds(40)) { world.watcher.said(on: "\(kitchen)/result").count == 40 }
            let outcomes = world.watcher.said(on: "\(kitchen)/result")
            #expect(outcomes.count { $0.contains(#""outcome":"succeeded""#) } == 2)
            #expect(outcomes.count { $0.contains(#""outcome":"superseded""#) } == 38)
            #expect(world.setpointCalls().count == 2)
            #expect(world.watcher.json(on: kitchen)?["setpoint"] as? Double == 29.5)
        }
    }

    @Test("Adjustments that follow one another quickly add up, in two calls")
    func adjustments() async throws {
        try await World.inARunningHouse({ $0.taskDuration = .seconds(3)...(.seconds(3)) }) { world in
            try await world.order(#"{"setpoint":18,"until":"forever"}"#, on: "\(kitchen)/set", "succeeded")
            await world.watcher.say(["+0.5", "+0.5", "+0.5", "-1", "+0.5"], on: "\(kitchen)/set/adjust")
            try await eventually(timeout: .seconds(30)) { world.watcher.said(on: "\(kitchen)/result").count == 6 }
            let outcomes = world.watcher.said(on: "\(kitchen)/result").dropFirst()
            #expect(outcomes.count { $0.contains(#""outcome":"succeeded""#) } == 2)
            #expect(outcomes.count { $0.contains(#""outcome":"superseded""#) } == 3)
            #expect(world.setpointCalls().map(\.body).map { $0.contains("PermanentOverride") } == [true, true, true])
            try await eventually { world.watcher.json(on: kitchen)?["setpoint"] as? Double == 19 }
            #expect(world.watcher.json(on: kitchen)?["mode"] as? String == "permanent_override")
        }
    }

    @Test("What a state and an outcome say can be sent back, and an override is never shorter than asked")
    func sentBack() async throws {
        try await World.inARunningHouse { world in
            let asked = Date()
            try await world.order(#"{"setpoint":"21.5","duration":"01:30:00"}"#, on: "\(kitchen)/set", "succeeded")
            let applied = try #require(world.watcher.json(on: "\(kitchen)/result")?["applied"] as? [String: Any])
            let until = try #require(applied["until"] as? String)
            #expect((5400...6001).contains(try Date(until, strategy: .iso8601).timeIntervalSince(asked)))
            try await eventually { world.watcher.json(on: kitchen)?["until"] as? String == until }
            let state = try #require(world.watcher.json(on: kitchen)).filter {
                ["setpoint", "mode", "until"].contains($0.key)
            }
            try await world.order(
                #"{"setpoint":12,"mode":"permanent_override","until":null}"#,
                on: "\(kitchen)/set",
                "succeeded"
            )
            try await eventually { world.watcher.json(on: kitchen)?["until"] is NSNull }
            try await world.order(Self.text(state), on: "\(kitchen)/set", "succeeded")
            try await eventually { world.watcher.json(on: kitchen)?["until"] as? String == until }
            try await world.order(Self.text(applied), on: "\(kitchen)/set", "succeeded")
            #expect(world.watcher.json(on: "\(kitchen)/result")?["code"] as? String == "already_so")
            #expect(world.setpointCalls().count == 3)
        }
    }

    @Test("A scene of twelve zones goes out in order, one call at a time, and none is lost")
    func scene() async throws {
        try await World.inARunningHouse({ $0.homes = [.builtIn("villa")] }) { world in
            let zones = world.watcher.retainedTopics().filter { topic in
                topic.hasPrefix("evohome/home/zone/") && topic.split(separator: "/").count == 4
            }.sorted()
            #expect(zones.count == 12)
            for zone in zones {
                try await world.watcher.say(#"{"setpoint":12.5,"until":"forever"}"#, on: "\(zone)/set")
            }
            try await eventually(timeout: .seconds(40)) {
                zones.allSatisfy { world.watcher.json(on: "\($0)/result")?["outcome"] as? String == "succeeded" }
            }
            let ids = zones.compactMap { world.watcher.json(on: $0)?["id"] as? String }
            #expect(
                world.setpointCalls().map(\.path)
                    == ids.map { "/WebAPI/emea/api/v1/temperatureZone/\($0)/heatSetpoint" }
            )
        }
    }

    @Test("A scene of twelve zones whose tasks take four seconds each makes twelve calls and at most sixteen readings")
    func callsOfAScene() async throws {
        let isSlow = { (configuration: inout SimulatorConfiguration) in
            configuration.homes = [.builtIn("villa")]
            configuration.taskDuration = .seconds(4)...(.seconds(4))
        }
        try await World.exists(isSlow) { world in
            try await world.bridge(pollInterval: "5m") { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await eventually(timeout: .seconds(20)) {
                    world.cloud.requests(RequestMatcher(path: "/schedule")).count == 12
                }
                let zones = world.watcher.retainedTopics().filter { topic in
                    topic.hasPrefix("evohome/home/zone/") && topic.split(separator: "/").count == 4
                }
                let before = world.cloud.requests().count
                for zone in zones { try await world.watcher.say(#"{"setpoint":12.5}"#, on: "\(zone)/set") }
                try await eventually(timeout: .seconds(70)) {
                    zones.allSatisfy { world.watcher.json(on: "\($0)/result")?["outcome"] as? String == "succeeded" }
                }
                #expect(world.setpointCalls().count == 12)
                #expect(world.cloud.requests().count - before - 12 <= 16)
            }
        }
    }

    @Test("One message sets all twelve zones, with one outcome, twelve calls and at most sixteen readings")
    func group() async throws {
        let isSlow = { (configuration: inout SimulatorConfiguration) in
            configuration.homes = [.builtIn("villa")]
            configuration.taskDuration = .seconds(4)...(.seconds(4))
        }
        try await World.exists(isSlow) { world in
            try await world.bridge(pollInterval: "5m") { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await eventually(timeout: .seconds(20)) {
                    world.cloud.requests(RequestMatcher(path: "/schedule")).count == 12
                }
                let before = world.cloud.requests().count
                try await world.watcher.say(
                    #"{"setpoint":12.5,"id":"night"}"#,
                    on: "evohome/home/zones/set",
                    answerOn: "me/answers"
                )
                let results = "evohome/home/zones/result"
                try await eventually(timeout: .seconds(70)) { world.watcher.last(on: results) != nil }
                try await eventually { world.watcher.last(on: "me/answers") != nil }
                let outcome = try #require(world.watcher.json(on: results))
                #expect(outcome["outcome"] as? String == "succeeded")
                #expect(outcome["id"] as? String == "night")
                let zones = try #require(outcome["zones"] as? [String: [String: Any]])
                #expect(zones.count == 12)
                #expect(zones.values.allSatisfy { $0["outcome"] as? String == "succeeded" })
                #expect(zones.keys.allSatisfy { world.watcher.last(on: "evohome/home/zone/\($0)/result") == nil })
                #expect(world.setpointCalls().count == 12)
                #expect(world.cloud.requests().count - before - 12 <= 16)
                #expect(world.watcher.said(on: results).count == 1 && world.watcher.said(on: "me/answers").count == 1)
            }
        }
    }

    @Test("One message ends all overrides, and leaves the system in its mode")
    func followSchedules() async throws {
        try await World.inARunningHouse({ $0.homes = [.builtIn("villa")] }) { world in
            let zones = "evohome/home/zones"
            let mode = try #require(world.watcher.json(on: "evohome/home/system")?["mode"] as? String)
            for payload in [#"{"setpoint":12.5,"until":"forever"}"#, #"{"mode":"follow_schedule"}"#] {
                try await world.order(payload, on: "\(zones)/set", "succeeded", timeout: .seconds(40))
            }
            let ended = try #require(world.watcher.json(on: "\(zones)/result")?["zones"] as? [String: Any])
            #expect(world.setpointCalls().count == 24)
            for zone in ended.keys {
                try await eventually {
                    world.watcher.json(on: "evohome/home/zone/\(zone)")?["mode"] as? String == "follow_schedule"
                }
            }
            #expect(world.watcher.json(on: "evohome/home/system")?["mode"] as? String == mode)
            let changes = RequestMatcher(method: "PUT", path: "/temperatureControlSystem")
            #expect(world.cloud.requests(changes).isEmpty)
        }
    }

    @Test("A task that the gateway fails ends as failed, and the true state is published again")
    func failedTask() async throws {
        try await World.inARunningHouse { world in
            let before = world.watcher.json(on: kitchen)?["setpoint"] as? Double
            world.cloud.expectTasks(.fails)
            try await world.watcher.say(#"{"setpoint":27,"until":"forever"}"#, on: "\(kitchen)/set")
            try await eventually { world.watcher.json(on: "\(kitchen)/result")?["outcome"] as? String == "failed" }
            try await eventually { world.watcher.json(on: kitchen)?["setpoint"] as? Double == before }
        }
    }

    @Test("A command waits while the cloud is away, and goes out when it is back")
    func cloudAway() async throws {
        try await World.inARunningHouse { world in
            world.cloud.inject(Fault(.respond(.html(503)), for: .any, times: nil))
            try await world.watcher.say(#"{"setpoint":22,"until":"forever"}"#, on: "\(kitchen)/set")
            try await eventually { !world.setpointCalls().isEmpty }
            world.cloud.removeFaults()
            try await eventually(timeout: .seconds(30)) { world.watcher.last(on: "\(kitchen)/result") != nil }
            #expect(world.watcher.json(on: "\(kitchen)/result")?["outcome"] as? String == "succeeded")
        }
    }

    private static func text(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
}
