import Basics
import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import CloudSharing

@Suite("Reading through the share")
struct ReadingTests {
    private static let full = "?includeTemperatureControlSystems=True"

    @Test("The cloud's own bytes are handed on, unknown keys and spelling and all")
    func bytes() async {
        let client = Client()
        let token = await client.logIn()
        let installation = "location/installationInfo\(Self.full)&userId=7"
        #expect(await client.call("GET", installation, token: token).text == Lodge.configuration)
        #expect(await client.call("GET", "location/100/status\(Self.full)", token: token).text == Lodge.status)
        let zone = await client.call("GET", "TemperatureZone/103/Status", token: token).text
        #expect(zone.hasPrefix(#"{"zoneId":"103","temperatureStatus":{"temperature":19.50,"#))
        #expect(zone.hasSuffix(#""name":"Hall"}"#))
        let without = await client.call("GET", "location/100/status", token: token).text
        #expect(without == #"{"locationId":"100","gateways":[{"gatewayId":"101","activeFaults":[]}]}"#)
    }

    @Test("The age of a status is told")
    func age() async {
        let client = Client()
        let token = await client.logIn()
        client.clock.advance(by: .seconds(42))
        #expect(await client.call("GET", "location/100/status", token: token).headers["Age"] == "42")
    }

    @Test("Before the first reading the service is unavailable, and tokens are given all the same")
    func early() async {
        let client = Client(hasRead: false)
        let token = await client.logIn()
        for path in [
            "userAccount", "location/100/status", "location/installationInfo?userId=7", "temperatureZone/103/status",
        ] {
            let answer = await client.call("GET", path, token: token)
            #expect(answer.status == 503, "\(path)")
            #expect(answer.headers["Retry-After"] != nil)
        }
        #expect(await client.callV1("POST", "session", #"{"applicationId":"a"}"#).status == 503)
    }

    @Test(
        "What is not there is refused as the cloud refuses it",
        arguments: [
            ("location/999/status", 401, "Unauthorized"), ("temperatureZone/abc/status", 400, "InvalidInput"),
            ("commTasks?commTaskId=5", 404, "CommTaskNotFound"), ("commTasks?commTaskId=x", 400, "InvalidInput"),
            ("location/installationInfo?userId=8", 401, "Unauthorized"),
        ]
    )
    func refused(path: String, status: Int, code: String) async {
        let client = Client()
        let answer = await client.call("GET", path, token: await client.logIn())
        #expect(answer.status == status)
        #expect(answer.code == code)
    }

    @Test("A request that no client makes is not found, and counted")
    func unknown() async {
        let client = Client()
        let token = await client.logIn()
        for number in 0..<3 {
            let answer = await client.call("GET", "weather/\(number)", token: token)
            #expect(answer.status == 404)
            #expect(answer.text.hasPrefix("<!DOCTYPE html PUBLIC"))
        }
        #expect(await client.call("DELETE", "userAccount", token: token).status == 405)
        #expect(client.counts.statistics.unknownRequests == 4)
        #expect(client.counts.countUnknown("GET", "/WebAPI/emea/api/v1/weather/7") == nil)
        #expect(client.counts.countUnknown("GET", "/WebAPI/emea/api/v1/wind/7") != nil)
    }

    @Test("Only the fields that were written are laid over what was read")
    func overlay() async {
        let client = Client()
        let token = await client.logIn()
        let until = Instant("2026-11-28T22:00:00Z") ?? .latest
        client.bridge.set { state in
            state.expectations = [
                Lodge.zoneTarget: .zone(Lodge.zone, .hold(21.5, until: until)),
                Lodge.hotWaterTarget: .hotWater(Lodge.hotWater, .hold(.on, until: nil)),
                Lodge.systemTarget: .system(Lodge.system, mode: .dayOff, until: until),
            ]
        }
        let laid = Lodge.status
            .replacing(
                #""mode":"Auto","isPermanent":true"#,
                with: #""mode":"DayOff","isPermanent":false,"timeUntil":"2026-11-28T22:00:00Z""#
            )
            .replacing(#""state":"Off","mode":"FollowSchedule""#, with: #""state":"On","mode":"PermanentOverride""#)
            .replacing(
                #""targetHeatTemperature":18.0,"setpointMode":"FollowSchedule""#,
                with: #""targetHeatTemperature":21.5,"setpointMode":"TemporaryOverride","until":"2026-11-28T22:00:00Z""#
            )
        #expect(await client.call("GET", "location/100/status\(Self.full)", token: token).text == laid)
        let devices = await client.callV1("GET", "devices?locationId=100", session: await client.openSession()).text
        #expect(devices.contains(#"{"value":21.5,"status":"Temporary","nextTime":"2026-11-28T23:00:00"}"#))
        #expect(devices.contains(#"{"mode":"DHWOn","status":"Hold"}"#))
        #expect(devices.contains(#""indoorTemperature":19.47"#))
    }

    @Test("A schedule that was never read is read, once; a written one is shown before it is read")
    func schedules() async throws {
        let bridge = ScriptedBridge()
        let client = Client(bridge)
        let token = await client.logIn()
        #expect(await client.call("GET", "temperatureZone/103/schedule", token: token).status == 503)
        #expect(bridge.scheduleReadings == 1)
        client.keep(Lodge.schedule, "/WebAPI/emea/api/v1/temperatureZone/103/schedule")
        for _ in 0..<3 {
            #expect(await client.call("GET", "temperatureZone/103/schedule", token: token).text == Lodge.schedule)
        }
        #expect(bridge.scheduleReadings == 1)
        let time = try #require(TimeOfDay("06:30"))
        let written = Schedule<Temperature>(days: [.monday: [Switchpoint(time: time, value: 20.5)]])
        bridge.set { $0.expectedSchedules = [Lodge.zoneTarget: .zoneSchedule(Lodge.zone, written)] }
        #expect(
            await client.call("GET", "temperatureZone/103/schedule", token: token).text
                == #"{"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[{"heatSetpoint":20.5,"timeOfDay":"06:30:00"}]}]}"#
        )
        bridge.set { $0.schedules.keep(nil, of: Lodge.hotWaterTarget, at: client.clock.now) }
        let absent = await client.call("GET", "domesticHotWater/104/schedule", token: token)
        #expect(absent.text == #"[{"code":"ScheduleNotFound","message":"Schedule not found."}]"#)
        #expect(bridge.scheduleReadings == 1)
    }

    @Test("A limit of the cloud is told to the client as the cloud tells it")
    func limited() async {
        let client = Client()
        let now = client.clock.now
        client.bridge.set {
            $0.scheduleFailure = CloudFailure(.rateLimited, "The cloud limits requests.", retryAt: now + .seconds(59))
        }
        let answer = await client.call("GET", "temperatureZone/103/schedule", token: await client.logIn())
        #expect(answer.status == 429)
        #expect(answer.code == "TooManyRequests")
        #expect(answer.headers["Retry-After"] == "60")
    }

    @Test("The older dialect has other names for the same bytes")
    func older() async {
        let client = Client()
        let token = await client.logIn(as: Client.olderApplication)
        let zone = await client.call("GET", "temperatureZone/103/status", token: token).text
        #expect(zone.contains(#""heatSetpointStatus":{"targetTemperature":18.0,"mode":"FollowSchedule"}"#))
        #expect(zone.contains(#""temperatureStatus":{"temperature":19.50,"isAvailable":true}"#))
        let installation = await client.call("GET", "location/100/installationInfo\(Self.full)", token: token).text
        #expect(installation.contains(#""heatSetpointCapabilities":{"maxHeatSetpoint":35.0}"#))
        #expect(installation.contains(#""novelty":{"a":[1,2]}"#))
    }

    @Test("API v1 hands on its own bytes, in whole and in part, and is unavailable where it is not read")
    func older_interface() async {
        let client = Client()
        let session = await client.openSession()
        #expect(
            await client.callV1("GET", "locations?userId=7&allData=True", session: session).text == Lodge.locationsV1
        )
        #expect(
            await client.callV1("GET", "locations?userId=7", session: session).text
                == #"[{"locationID":100,"name":"Lodge"}]"#
        )
        #expect(
            await client.callV1("GET", "devices/103/thermostat/changeableValues/heatSetpoint", session: session).text
                == #"{"value":18.0,"status":"Scheduled"}"#
        )
        #expect(await client.callV1("GET", "devices/9", session: session).status == 401)
        #expect(await Client(hasAPIv1: false).callV1("GET", "accountInfo").status == 503)
    }

    @Test("Locations that are not served are not shared")
    func served() async {
        let client = Client()
        let two = "[{\"locationInfo\":{\"locationId\":\"99\"},\"gateways\":[]}," + Lodge.configuration.dropFirst()
        client.keep(two, "/WebAPI/emea/api/v1/location/installationInfo?userId=7")
        let token = await client.logIn()
        let path = "location/installationInfo\(Self.full)&userId=7"
        #expect(await client.call("GET", path, token: token).text == Lodge.configuration)
        #expect(await client.call("GET", "location/99/installationInfo", token: token).status == 401)
    }

    @Test("Who asks is counted by name, thirty-two of them, and what it saves")
    func counts() async {
        let client = Client()
        let token = await client.logIn()
        for number in 0..<40 {
            let request = VendorRequest(
                method: "GET",
                path: "/WebAPI/emea/api/v1/userAccount",
                authorization: "bearer \(token)"
            )
            _ = await client.send(request, agent: "agent/\(number)")
        }
        let statistics = client.counts.statistics
        #expect(statistics.requests.count == 33)
        #expect(statistics.requests["other"] == 9)
        #expect(statistics.callsSaved == 40)
        #expect(statistics.loginsSaved == 1)
    }
}
