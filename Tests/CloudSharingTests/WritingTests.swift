import Basics
import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import CloudSharing

@Suite("Changing through the share")
struct WritingTests {
    /// `ManualClock` begins on 24 November 2026.
    private static let until = Instant("2026-11-24T20:00:00Z") ?? .latest

    @Test(
        "A PUT becomes the call that it asks for, in any spelling that clients have",
        arguments: [
            (
                "temperatureZone/103/heatSetpoint",
                #"{"setpointMode":"PermanentOverride","heatSetpointValue":20.25,"timeUntil":null}"#,
                .zone(Lodge.zone, .hold(20.25, until: nil))
            ),
            (
                "temperatureZone/103/heatSetpoint",
                #"{"SetpointMode":2,"HeatSetpointValue":"21","TimeUntil":"2026-11-24T20:00:00Z"}"#,
                .zone(Lodge.zone, .hold(21, until: until))
            ),
            (
                "temperatureZone/103/heatSetpoint", #"{"setpointMode":"FollowSchedule"}"#,
                .zone(Lodge.zone, .followSchedule)
            ),
            (
                "domesticHotWater/104/state",
                #"{"mode":"TemporaryOverride","state":"On","untilTime":"2026-11-24T20:00:00"}"#,
                .hotWater(Lodge.hotWater, .hold(.on, until: until))
            ),
            (
                "domesticHotWater/104/state", #"{"Mode":0,"State":"","UntilTime":null}"#,
                .hotWater(Lodge.hotWater, .followSchedule)
            ),
            (
                "temperatureControlSystem/102/mode", #"{"systemMode":"Away","permanent":true}"#,
                .system(Lodge.system, mode: .away, until: nil)
            ),
            (
                "temperatureControlSystem/102/mode",
                #"{"SystemMode":3,"Permanent":"False","TimeUntil":"2026-11-24T20:00:00Z"}"#,
                .system(Lodge.system, mode: .away, until: until)
            ),
        ] as [(String, String, CloudCall)]
    )
    func calls(path: String, body: String, call: CloudCall) async {
        let client = Client()
        let answer = await client.call("PUT", path, body, token: await client.logIn())
        #expect(answer.status == 201)
        #expect(answer.text == #"{"id":"900"}"#)
        #expect(client.bridge.calls == [call])
        #expect(client.counts.statistics.writes == 1)
    }

    @Test(
        "A PUT that cannot be is refused in the cloud's words, without a call",
        arguments: [
            ("temperatureZone/103/heatSetpoint", "", 400, "ParameterIsMissing"),
            ("temperatureZone/103/heatSetpoint", "[]", 400, "InvalidInput"),
            ("temperatureZone/103/heatSetpoint", "{", 400, "InvalidInput"),
            ("temperatureZone/103/heatSetpoint", "{}", 400, "ParameterIsMissing"),
            (
                "temperatureZone/103/heatSetpoint", #"{"setpointMode":"PermanentOverride"}"#, 400,
                "HeatSetpointChangeTargetTemperatureNotSet"
            ),
            (
                "temperatureZone/103/heatSetpoint", #"{"setpointMode":"TemporaryOverride","heatSetpointValue":20}"#,
                400,
                "HeatSetpointChangeTimeUntilNotSet"
            ),
            (
                "temperatureZone/103/heatSetpoint", #"{"setpointMode":"PermanentOverride","heatSetpointValue":99}"#,
                400,
                "InvalidInput"
            ),
            (
                "temperatureZone/103/heatSetpoint",
                #"{"setpointMode":"TemporaryOverride","heatSetpointValue":20,"timeUntil":"2020-01-01T00:00:00Z"}"#, 400,
                "InvalidInput"
            ),
            ("temperatureZone/9/heatSetpoint", #"{"setpointMode":"FollowSchedule"}"#, 401, "Unauthorized"),
            ("domesticHotWater/104/state", #"{"mode":"PermanentOverride"}"#, 400, "DHWStateNotSet"),
            (
                "domesticHotWater/104/state", #"{"mode":"TemporaryOverride","state":"On"}"#, 400, "DHWUntilTimeNotSet"
            ),
            ("temperatureControlSystem/102/mode", "{}", 400, "ParameterIsMissing"),
            (
                "temperatureControlSystem/102/mode", #"{"systemMode":"Away","permanent":false}"#, 400,
                "SystemModeChangeTimeUntilNotSet"
            ),
            ("temperatureControlSystem/102/mode", #"{"systemMode":"Cool","permanent":true}"#, 500, nil),
            ("temperatureZone/103/schedule", "null", 400, "ParameterIsMissing"),
            ("temperatureZone/103/schedule", "{}", 400, "DayOfWeekMissing"),
        ] as [(String, String, Int, String?)]
    )
    func refused(path: String, body: String, status: Int, code: String?) async {
        let client = Client()
        let answer = await client.call("PUT", path, body, token: await client.logIn())
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(client.bridge.calls.isEmpty)
    }

    @Test("A word that nobody knows is refused with its place")
    func place() async {
        let client = Client()
        let body = #"{"mode":"PermanentOverride","state":"xxxxx"}"#
        let answer = await client.call("PUT", "domesticHotWater/104/state", body, token: await client.logIn())
        let message =
            #"Error converting value \"xxxxx\" to type 'DomesticHotWater.Enums.EMEADomesticHotWaterState'. "#
            + "Path 'state', line 1, position 43."
        #expect(answer.text == #"[{"code":"InvalidInput","message":"\#(message)"}]"#)
    }

    @Test("A whole schedule is written, with days by name or number")
    func schedule() async {
        let client = Client()
        let days = (0..<7).map {
            #"{"DayOfWeek":\#($0),"Switchpoints":[{"heatSetpoint":18.1,"TimeOfDay":"07:00:00"}]}"#
        }
        let body = #"{"DailySchedules":[\#(days.joined(separator: ","))]}"#
        #expect(
            await client.call("PUT", "temperatureZone/103/schedule", body, token: await client.logIn()).status == 201
        )
        guard case .zoneSchedule(Lodge.zone, let schedule)? = client.bridge.calls.first else {
            Issue.record("No schedule was written.")
            return
        }
        #expect(schedule.isComplete)
        #expect(schedule.days[.sunday]?.first?.value == 18.1)
    }

    @Test(
        "What comes of a call is told as the cloud tells it",
        arguments: [
            (.accepted(nil), 201, nil), (.ended(.superseded), 409, nil), (.ended(.expired("It waited.")), 503, "30"),
            (.failed(CloudFailure(.rateLimited, "Limited.")), 429, nil),
            (.failed(CloudFailure(.refused, "No.", code: "DeviceIsLost")), 400, nil),
            (.failed(CloudFailure(.unauthorised, "No.")), 503, "30"),
        ] as [(CallAnswer, Int, String?)]
    )
    func answers(answer: CallAnswer, status: Int, retryAfter: String?) async {
        let client = Client()
        client.bridge.set { $0.answer = answer }
        let body = #"{"setpointMode":"FollowSchedule"}"#
        let reply = await client.call("PUT", "temperatureZone/103/heatSetpoint", body, token: await client.logIn())
        #expect(reply.status == status)
        #expect(reply.headers["Retry-After"] == retryAfter)
    }

    @Test("Nothing can be changed where it is not allowed, or before the first status")
    func closed() async {
        let body = #"{"setpointMode":"FollowSchedule"}"#
        let client = Client(isWritable: false)
        let token = await client.logIn()
        #expect(await client.call("PUT", "temperatureZone/103/heatSetpoint", body, token: token).status == 403)
        #expect(await client.call("GET", "userAccount", token: token).status == 200)
        #expect(client.bridge.calls.isEmpty)
        let early = Client()
        early.bridge.set { $0.status = nil }
        let answer = await early.call("PUT", "temperatureZone/103/heatSetpoint", body, token: await early.logIn())
        #expect(answer.status == 503)
        #expect(early.bridge.calls.isEmpty)
    }

    @Test("A task is as far as its command is")
    func tasks() async {
        let client = Client()
        client.bridge.set { $0.tasks = ["900": CommunicationTaskState(rawValue: "running"), "901": .succeeded] }
        let token = await client.logIn()
        #expect(
            await client.call("GET", "commTasks?commTaskId=900", token: token).text
                == #"{"commtaskId":"900","state":"Running"}"#
        )
        let session = await client.openSession()
        let task = await client.callV1("GET", "commTasks?commTaskId=901", session: session)
        #expect(task.text("state") == "Succeeded")
    }

    @Test(
        "PUTs of API v1 become calls of API v2; times are the location's own",
        arguments: [
            (
                "devices/103/thermostat/changeableValues/heatSetpoint",
                #"{"Value":20,"Status":"Hold","NextTime":null}"#,
                .zone(Lodge.zone, .hold(20, until: nil))
            ),
            (
                "devices/103/thermostat/changeableValues/heatSetpoint",
                #"{"Value":20,"Status":"Temporary","NextTime":"2026-11-24T21:00:00Z"}"#,
                .zone(Lodge.zone, .hold(20, until: until))
            ),
            (
                "devices/103/thermostat/changeableValues",
                #"{"mode":"Heat","heatSetpoint":{"value":0,"status":"Scheduled"}}"#, .zone(Lodge.zone, .followSchedule)
            ),
            (
                "devices/104/thermostat/changeableValues", #"{"Mode":"DHWOn"}"#,
                .hotWater(Lodge.hotWater, .hold(.on, until: nil))
            ),
            (
                "evoTouchSystems?locationId=100", #"{"QuickAction":"Away","QuickActionNextTime":null}"#,
                .system(Lodge.system, mode: .away, until: nil)
            ),
        ] as [(String, String, CloudCall)]
    )
    func older(path: String, body: String, call: CloudCall) async {
        let client = Client()
        let answer = await client.callV1("PUT", path, body, session: await client.openSession())
        #expect(answer.status == 201)
        #expect(answer.text == #"{"id":900}"#)
        #expect(client.bridge.calls == [call])
    }
}
