import Basics
import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Commands for hot water, systems and schedules", .timeLimit(.minutes(3)))
struct SystemCommandTests {
    private let hotWater = "evohome/home/hot_water"
    private let system = "evohome/home/system"
    private let kitchen = "evohome/home/zone/kitchen"

    @Test("Hot water is boosted, and goes back to its schedule")
    func hotWater() async throws {
        try await World.inARunningHouse { world in
            try await world.order(#"{"state":"on","duration":"1h"}"#, on: "\(hotWater)/set", "succeeded")
            // Outcomes and states are published by two loops, so either may come first.
            try await eventually {
                world.watcher.json(on: hotWater)?["mode"] as? String == "temporary_override"
                    && world.watcher.json(on: hotWater)?["state"] as? String == "on"
            }
            try await world.order("auto", on: "\(hotWater)/set/state", "succeeded")
            try await eventually { world.watcher.json(on: hotWater)?["mode"] as? String == "follow_schedule" }
            #expect(world.cloud.requests(RequestMatcher(method: "PUT", path: "domesticHotWater")).count == 2)
        }
    }

    @Test("Every mode of a controller can be set, and shows")
    func modes() async throws {
        try await World.inARunningHouse { world in
            for (payload, mode) in [
                (#"{"mode":"auto_with_eco","duration":"2h"}"#, "auto_with_eco"),
                (#"{"mode":"away","duration":"3d"}"#, "away"), (#"{"mode":"DayOff","duration":"1d"}"#, "day_off"),
                (#"{"mode":"custom"}"#, "custom"), (#"{"mode":"heating_off"}"#, "heating_off"),
                (#"{"mode":"auto_with_reset"}"#, "auto"),
            ] {
                try await world.order(payload, on: "\(system)/set", "succeeded")
                try await eventually { world.watcher.json(on: system)?["mode"] as? String == mode }
            }
            #expect(world.cloud.requests(RequestMatcher(method: "PUT", path: "/mode")).count == 6)
        }
    }

    @Test("A mode that the system does not take costs no call")
    func refusedMode() async throws {
        try await World.inARunningHouse { world in
            try await world.order("cool", on: "\(system)/set/mode", "rejected")
            #expect(world.cloud.requests(RequestMatcher(method: "PUT")).isEmpty)
        }
    }

    @Test("A schedule or a day of it is written, shown, and read back; a bad one is refused with the day's name")
    func week() async throws {
        try await World.inARunningHouse { world in
            try await eventually(timeout: .seconds(20)) { world.watcher.last(on: "\(kitchen)/schedule") != nil }
            let week = try #require(world.watcher.last(on: "\(kitchen)/schedule"))
            let changed = week.replacing(#""setpoint":15.5"#, with: #""setpoint":15.0"#)
            #expect(changed != week)
            try await world.order(changed, on: "\(kitchen)/schedule/set", "succeeded")
            try await eventually { world.watcher.last(on: "\(kitchen)/schedule") == changed }
            try await world.order(week.replacing("monday", with: "montag"), on: "\(kitchen)/schedule/set", "rejected")
            #expect(world.watcher.json(on: "\(kitchen)/schedule/result")?["code"] as? String == "unknown_key")
            #expect(world.cloud.requests(RequestMatcher(method: "PUT", path: "/schedule")).count == 1)
            // A day alone, in the vendor's form, puts that day and nothing else.
            let day = """
                {"DailySchedules":[{"DayOfWeek":0,"Switchpoints":[{"TargetTemperature":19.5,"TimeOfDay":"08:10:00"}]}]}
                """
            try await world.order(day, on: "\(kitchen)/schedule/set", "succeeded")
            let mondays = #/"monday":\[[^\]]*\]/#
            let expected = changed.replacing(mondays, with: #""monday":[{"time":"08:10","setpoint":19.5}]"#)
            try await eventually { world.watcher.last(on: "\(kitchen)/schedule") == expected }
            try await world.order(day, on: "\(kitchen)/schedule/set", "succeeded")
            #expect(world.watcher.json(on: "\(kitchen)/schedule/result")?["code"] as? String == "already_so")
            #expect(world.cloud.requests(RequestMatcher(method: "PUT", path: "/schedule")).count == 2)
        }
    }

    @Test("What was sent while the bridge was away is carried out once when it is back, if it has not expired")
    func whileAway() async throws {
        try await World.exists { world in
            try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
            }
            world.watcher.forget()
            try await world.watcher.say("19.5", on: "\(kitchen)/set/setpoint")
            try await world.bridge { _ in
                try await eventually(timeout: .seconds(20)) {
                    world.watcher.json(on: "\(kitchen)/result")?["outcome"] as? String == "succeeded"
                }
                #expect(world.setpointCalls().count == 1)
            }
        }
    }

    @Test("The broker keeps no command for longer than commands may take")
    func expiredWhileAway() async throws {
        try await World.exists { world in
            let flags = ["--commands-expiry", "1s"]
            try await world.bridge(flags: flags) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
            }
            try await world.watcher.say("19.5", on: "\(kitchen)/set/setpoint")
            try await Task.sleep(for: .seconds(3))
            try await world.bridge(flags: flags) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await Task.sleep(for: .seconds(1))
                #expect(world.setpointCalls().isEmpty)
            }
        }
    }
}
