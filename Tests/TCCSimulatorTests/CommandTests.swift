import Foundation
import Testing

@testable import TCCSimulator

@Suite("Commands and communication tasks")
struct CommandTests {
    private static let zone = "2100004"
    private static let hotWater = "2100010"
    private static let system = "2100003"

    private func state(_ bench: inout CloudBench, _ task: String?) -> String? {
        bench.get("commTasks?commTaskId=\(task ?? "")")["state"]?.string
    }

    @Test("A task is created, runs and succeeds, and the status shows its effect a little later")
    func lifeOfATask() throws {
        var bench = CloudBench()
        let body = #"{"setpointMode":"TemporaryOverride","heatSetpointValue":23.5,"timeUntil":"2026-11-23T14:00:00Z"}"#
        let task = bench.put("temperatureZone/\(Self.zone)/heatSetpoint", body)
        #expect(task != nil)
        #expect(state(&bench, task) == "Created")
        bench.pass(1)
        #expect(state(&bench, task) == "Running")
        bench.pass(4)
        #expect(state(&bench, task) == "Succeeded")
        #expect(bench.zone()?["setpointStatus"]?["setpointMode"] == "FollowSchedule")
        bench.pass(2)
        #expect(
            bench.zone()?["setpointStatus"] == [
                "targetHeatTemperature": 23.5, "setpointMode": "TemporaryOverride", "until": "2026-11-23T14:00:00Z",
            ]
        )
        bench.pass(7_200)
        #expect(bench.zone()?["setpointStatus"]?["setpointMode"] == "FollowSchedule")
        #expect(bench.zone()?["setpointStatus"]?["until"] == nil)
    }

    @Test(
        "Every form of a setpoint command is accepted",
        arguments: [
            (#"{"setpointMode":"PermanentOverride","heatSetpointValue":20.5,"timeUntil":null}"#, "PermanentOverride"),
            (#"{"SetpointMode":"permanentoverride","HeatSetpointValue":20.5}"#, "PermanentOverride"),
            (#"{"SetpointMode":1,"HeatSetpointValue":"20.5"}"#, "PermanentOverride"),
            (#"{"setpointMode":"FollowSchedule","heatSetpointValue":0.0,"timeUntil":null}"#, "FollowSchedule"),
            (#"{"setpointMode":"FollowSchedule"}"#, "FollowSchedule"),
            (
                #"{"setpointMode":"TemporaryOverride","heatSetpointValue":20.5,"timeUntil":"2026-11-23T14:00:00.000Z"}"#,
                "TemporaryOverride"
            ),
        ]
    )
    func setpoints(_ body: String, _ mode: String) {
        var bench = CloudBench()
        #expect(bench.put("temperatureZone/\(Self.zone)/heatSetpoint", body) != nil)
        bench.pass(10)
        #expect(bench.zone()?["setpointStatus"]?["setpointMode"] == .string(mode))
        if mode != "FollowSchedule" {
            #expect(bench.zone()?["setpointStatus"]?["targetHeatTemperature"] == 20.5)
        }
    }

    @Test("The controller keeps a setpoint within the range of the zone")
    func clamping() {
        var bench = CloudBench()
        let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":99}"#
        #expect(bench.put("temperatureZone/\(Self.zone)/heatSetpoint", body) != nil)
        bench.pass(10)
        #expect(bench.zone()?["setpointStatus"]?["targetHeatTemperature"] == 35.0)
    }

    @Test(
        "Every form of a hot-water command is accepted",
        arguments: [
            (#"{"mode":"PermanentOverride","state":"On","untilTime":null}"#, "PermanentOverride", "On"),
            (#"{"Mode":"PermanentOverride","State":"Off"}"#, "PermanentOverride", "Off"),
            (#"{"mode":"FollowSchedule","state":"","untilTime":null}"#, "FollowSchedule", "Off"),
            (#"{"mode":"FollowSchedule","state":null}"#, "FollowSchedule", "Off"),
            (#"{"mode":"FollowSchedule"}"#, "FollowSchedule", "Off"),
            (#"{"Mode":2,"State":1,"UntilTime":"2026-11-23T13:00:00Z"}"#, "TemporaryOverride", "On"),
        ]
    )
    func hotWater(_ body: String, _ mode: String, _ expected: String) {
        var bench = CloudBench()
        #expect(bench.put("domesticHotWater/\(Self.hotWater)/state", body) != nil)
        bench.pass(10)
        #expect(bench.hotWater()?["stateStatus"]?["mode"] == .string(mode))
        #expect(bench.hotWater()?["stateStatus"]?["state"] == .string(expected))
    }

    @Test("A gateway carries out its tasks one at a time")
    func queue() {
        var bench = CloudBench()
        let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":20}"#
        let tasks = (0..<3).map { bench.put("temperatureZone/\(2_100_004 + $0)/heatSetpoint", body) }
        #expect(Set(tasks).count == 3)
        bench.pass(4.5)
        #expect(tasks.map { state(&bench, $0) } == ["Succeeded", "Running", "Created"])
        bench.pass(4)
        #expect(tasks.map { state(&bench, $0) } == ["Succeeded", "Succeeded", "Running"])
        bench.pass(4)
        #expect(tasks.map { state(&bench, $0) } == ["Succeeded", "Succeeded", "Succeeded"])
    }

    @Test("Writing a schedule takes longer than setting a value")
    func slowTask() throws {
        var bench = CloudBench()
        let schedule = HomeBuilder.zoneSchedule(day: 25, night: 12)
        let task = bench.put("temperatureZone/\(Self.zone)/schedule", String(decoding: schedule.text, as: UTF8.self))
        bench.pass(7)
        #expect(state(&bench, task) == "Running")
        bench.pass(5)
        #expect(bench.get("temperatureZone/\(Self.zone)/schedule") == schedule)
        #expect(bench.zone()?["setpointStatus"]?["targetHeatTemperature"] == 18.5)
    }

    @Test("A schedule in the old dialect is read, and shown in the current one")
    func oldDialect() {
        var bench = CloudBench()
        let days = (0..<7).map {
            #"{"DayOfWeek":\#($0),"Switchpoints":[{"heatSetpoint":16.5,"TimeOfDay":"06:00:00"}]}"#
        }
        let body = #"{"DailySchedules":[\#(days.joined(separator: ","))]}"#
        #expect(bench.put("temperatureZone/\(Self.zone)/schedule", body) != nil)
        bench.pass(20)
        let shown = bench.get("temperatureZone/\(Self.zone)/schedule")["dailySchedules"]?.array ?? []
        #expect(shown.count == 7)
        #expect(
            shown.first == [
                "dayOfWeek": "Monday", "switchpoints": [["heatSetpoint": 16.5, "timeOfDay": "06:00:00"]],
            ]
        )
    }

    @Test("A failed task changes nothing")
    func failure() {
        var bench = CloudBench()
        bench.cloud.tasks.expect(.fails, times: 1, subject: nil)
        let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":30}"#
        let task = bench.put("temperatureZone/\(Self.zone)/heatSetpoint", body)
        bench.pass(10)
        #expect(state(&bench, task) == "Failed")
        #expect(bench.zone()?["setpointStatus"]?["setpointMode"] == "FollowSchedule")
        let next = bench.put("temperatureZone/\(Self.zone)/heatSetpoint", body)
        bench.pass(10)
        #expect(state(&bench, next) == "Succeeded")
    }

    @Test("A task that never ends does not block others")
    func endless() {
        var bench = CloudBench()
        bench.cloud.tasks.expect(.neverEnds, times: 1, subject: "zone 2100004")
        let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":30}"#
        let other = bench.put("temperatureZone/2100005/heatSetpoint", body)
        let task = bench.put("temperatureZone/\(Self.zone)/heatSetpoint", body)
        let last = bench.put("temperatureZone/2100006/heatSetpoint", body)
        bench.pass(86_400)
        #expect(state(&bench, task) == "Running")
        #expect(state(&bench, other) == "Succeeded")
        #expect(state(&bench, last) == "Succeeded")
    }

    @Test("The client gets the id of an earlier task, and nothing is applied")
    func earlierTask() {
        var bench = CloudBench()
        let path = "temperatureZone/\(Self.zone)/heatSetpoint"
        let first = bench.put(path, #"{"setpointMode":"PermanentOverride","heatSetpointValue":18}"#)
        bench.pass(10)
        bench.cloud.tasks.expect(.earlierTask, times: 1, subject: nil)
        let second = bench.put(path, #"{"setpointMode":"PermanentOverride","heatSetpointValue":25}"#)
        #expect(second == first)
        bench.pass(10)
        #expect(bench.zone()?["setpointStatus"]?["targetHeatTemperature"] == 18.0)
    }

    @Test("A gateway that is away has a fault and finishes no task until it is back")
    func gatewayAway() throws {
        var bench = CloudBench()
        try bench.cloud.setGateway("2100002", isAway: true, at: bench.now)
        let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":30}"#
        let task = bench.put("temperatureZone/\(Self.zone)/heatSetpoint", body)
        bench.pass(86_400)
        #expect(state(&bench, task) == "Created")
        let fault = bench.get("gateway/2100002/status")["activeFaults"]?.array?.first
        #expect(fault == ["faultType": "GatewayCommunicationLost", "since": "2026-11-23T12:00:00.7727046"])
        try bench.cloud.setGateway("2100002", isAway: false, at: bench.now)
        bench.pass(5)
        #expect(state(&bench, task) == "Succeeded")
        #expect(bench.get("gateway/2100002/status")["activeFaults"] == [])
    }
}
