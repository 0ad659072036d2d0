import Foundation
import Testing

@testable import TCCSimulator

@Suite("System modes")
struct ModeTests {
    private static let path = "temperatureControlSystem/2100003/mode"

    private func target(_ bench: inout CloudBench, _ index: Int = 0) -> Double? {
        bench.zone(index)?["setpointStatus"]?["targetHeatTemperature"]?.double
    }

    private func setpointMode(_ bench: inout CloudBench, _ index: Int = 0) -> String? {
        bench.zone(index)?["setpointStatus"]?["setpointMode"]?.string
    }

    private func enter(_ bench: inout CloudBench, _ body: String) {
        #expect(bench.put(Self.path, body) != nil)
        bench.pass(8)
    }

    private func override(_ bench: inout CloudBench, _ id: Int, _ mode: String) {
        let until = mode == "TemporaryOverride" ? #","timeUntil":"2026-11-24T12:00:00Z""# : ""
        let body = #"{"setpointMode":"\#(mode)","heatSetpointValue":25\#(until)}"#
        #expect(bench.put("temperatureZone/\(id)/heatSetpoint", body) != nil)
        bench.pass(8)
    }

    @Test("Every allowed mode is shown as it was set, except AutoWithReset, which is momentary")
    func permanent() {
        for mode in ["Auto", "AutoWithEco", "Away", "DayOff", "HeatingOff", "Custom", "AutoWithReset"] {
            var bench = CloudBench()
            enter(&bench, #"{"systemMode":"\#(mode)","permanent":true,"timeUntil":null}"#)
            let shown = mode == "AutoWithReset" ? "Auto" : mode
            #expect(bench.system()?["systemModeStatus"] == ["mode": .string(shown), "isPermanent": true])
        }
    }

    @Test("A temporary mode returns to Auto at its end")
    func temporary() {
        var bench = CloudBench()
        enter(&bench, #"{"systemMode":"AutoWithEco","permanent":false,"timeUntil":"2026-11-23T18:00:00Z"}"#)
        #expect(
            bench.system()?["systemModeStatus"]
                == ["mode": "AutoWithEco", "timeUntil": "2026-11-23T18:00:00Z", "isPermanent": false]
        )
        bench.pass(6 * 3_600)
        #expect(bench.system()?["systemModeStatus"] == ["mode": "Auto", "isPermanent": true])
    }

    @Test("Away gives every room the same setpoint, overrides or not, and turns hot water off")
    func away() {
        var bench = CloudBench(at: Timestamp.date("2026-11-23T07:00:00Z") ?? .distantPast)
        override(&bench, 2_100_004, "PermanentOverride")
        #expect(bench.hotWater()?["stateStatus"]?["state"] == "On")
        enter(&bench, #"{"systemMode":"Away","permanent":true}"#)
        #expect((0..<6).map { target(&bench, $0) } == Array(repeating: 12.0, count: 6))
        #expect(setpointMode(&bench, 1) == "FollowSchedule")
        #expect(bench.hotWater()?["stateStatus"]?["state"] == "Off")
        enter(&bench, #"{"systemMode":"Auto","permanent":true}"#)
        #expect(target(&bench) == 25.0)
    }

    @Test("HeatingOff gives every room its lowest setpoint and leaves hot water on")
    func heatingOff() {
        var bench = CloudBench(at: Timestamp.date("2026-11-23T07:00:00Z") ?? .distantPast)
        enter(&bench, #"{"systemMode":"HeatingOff","permanent":true}"#)
        #expect((0..<6).map { target(&bench, $0) } == Array(repeating: 5.0, count: 6))
        #expect(bench.hotWater()?["stateStatus"]?["state"] == "On")
    }

    @Test("AutoWithEco lowers a setpoint by 3 °C unless that is below the setpoint of Away")
    func eco() {
        var bench = CloudBench(at: Timestamp.date("2026-11-23T02:00:00Z") ?? .distantPast)
        #expect([0, 2].map { target(&bench, $0) } == [16.5, 14.0])
        enter(&bench, #"{"systemMode":"AutoWithEco","permanent":true}"#)
        #expect([0, 2].map { target(&bench, $0) } == [13.5, 14.0])
    }

    @Test("DayOff uses the schedule of Saturday every day")
    func dayOff() {
        var bench = CloudBench(at: Timestamp.date("2026-11-23T10:00:00Z") ?? .distantPast)
        #expect(target(&bench) == 18.75)
        enter(&bench, #"{"systemMode":"DayOff","permanent":true}"#)
        #expect(target(&bench) == 21.0)
    }

    @Test("Auto ends temporary overrides and keeps permanent ones")
    func auto() {
        var bench = CloudBench()
        override(&bench, 2_100_004, "TemporaryOverride")
        override(&bench, 2_100_005, "PermanentOverride")
        enter(&bench, #"{"systemMode":"Auto","permanent":true}"#)
        #expect((0..<2).map { setpointMode(&bench, $0) } == ["FollowSchedule", "PermanentOverride"])
    }

    @Test("AutoWithReset ends all overrides, including that of hot water")
    func reset() {
        var bench = CloudBench()
        override(&bench, 2_100_004, "TemporaryOverride")
        override(&bench, 2_100_005, "PermanentOverride")
        #expect(bench.put("domesticHotWater/2100010/state", #"{"mode":"PermanentOverride","state":"On"}"#) != nil)
        bench.pass(8)
        enter(&bench, #"{"systemMode":"AutoWithReset","permanent":true}"#)
        #expect((0..<2).map { setpointMode(&bench, $0) } == ["FollowSchedule", "FollowSchedule"])
        #expect(bench.hotWater()?["stateStatus"]?["mode"] == "FollowSchedule")
    }

    @Test("A thermostat has its lowest setpoint when off, and follows its schedule when heating")
    func thermostat() {
        var bench = CloudBench(.vision)
        let warm = target(&bench)
        #expect(bench.put("temperatureControlSystem/2920003/mode", #"{"systemMode":"Off","permanent":true}"#) != nil)
        bench.pass(8)
        #expect(target(&bench) == 4.5)
        #expect(bench.put("temperatureControlSystem/2920003/mode", #"{"systemMode":"Heat","permanent":true}"#) != nil)
        bench.pass(8)
        #expect(target(&bench) == warm)
    }
}
