import Foundation
import Testing

@testable import TCCSimulator

@Suite("API v1")
struct APIV1Tests {
    private static let login =
        #"{"applicationId":"91db1612-73fd-4500-91b2-e63b069b185c","username":"user@example.com","password":"password"}"#

    /// Makes a call with or without a session.
    private func call(
        _ bench: inout CloudBench,
        _ method: String,
        _ path: String,
        _ body: String = "",
        session: String? = nil
    ) -> CloudResponse {
        let parts = path.split(separator: "?", maxSplits: 1)
        return bench.send(
            CloudRequest(
                method: method,
                path: "/WebAPI/api/\(parts[0])",
                query: parts.count > 1 ? FormEncoding.fields(parts[1]) : [],
                headers: session.map { ["sessionid": $0] } ?? [:],
                body: Array(body.utf8)
            )
        )
    }

    private func open(_ bench: inout CloudBench) -> String {
        call(&bench, "POST", "Session", Self.login).json["sessionId"]?.string ?? ""
    }

    private func device(_ bench: inout CloudBench, _ id: Int, _ session: String) -> JSON {
        call(&bench, "GET", "devices/\(id)", session: session).json
    }

    @Test("A session is opened with JSON or a form and shows the account")
    func opening() {
        var bench = CloudBench()
        let form = "applicationId=x&username=user%40example.com&password=password"
        for body in [Self.login, form] {
            let answer = call(&bench, "POST", "Session", body)
            #expect(answer.status == 200)
            #expect(answer.json["userInfo"]?["userID"] == 1_100_001)
            let session = answer.json["sessionId"]?.string ?? ""
            #expect(call(&bench, "GET", "accountInfo", session: session).json == answer.json["userInfo"])
        }
    }

    @Test("A wrong password, an invalid session and too many logins have different errors")
    func refusals() {
        var bench = CloudBench(loginLimit: LoginLimit(attempts: 2, window: .seconds(900)))
        let wrong = call(
            &bench,
            "POST",
            "Session",
            Self.login.replacing("password\":\"password", with: "password\":\"x")
        )
        #expect(wrong.status == 401 && wrong.text.contains("EmailOrPasswordIncorrect"))
        let invalid = call(&bench, "GET", "accountInfo", session: "no-such-session")
        #expect(invalid.status == 401 && invalid.json == [Refusal.error("Unauthorized", "Unauthorized")])
        #expect(bench.login().status == 200)
        let refused = call(&bench, "POST", "Session", Self.login)
        #expect(refused.status == 429 && refused.text.contains("Request count limitation exceeded"))
        #expect(bench.login().status == 429, "the budget is shared")
    }

    @Test("A session expires a quarter of an hour after its last use, or when it is closed")
    func lifetime() {
        var bench = CloudBench()
        let session = open(&bench)
        for _ in 0..<4 {
            bench.pass(899)
            #expect(call(&bench, "PUT", "Session", session: session).status == 200)
        }
        bench.pass(900)
        #expect(call(&bench, "GET", "accountInfo", session: session).status == 401)
        let second = open(&bench)
        #expect(call(&bench, "DELETE", "Session", session: second).status == 200)
        #expect(call(&bench, "GET", "accountInfo", session: second).status == 401)
    }

    @Test("Locations have every zone and the hot water by id, with high-precision temperatures")
    func locations() throws {
        var home = HomeDocuments.house
        home.schedules = [:]
        var bench = CloudBench(home)
        bench.cloud.installation.zones["2100004"]?.temperature = 19.784
        let session = open(&bench)
        let locations = call(&bench, "GET", "locations?userId=1100001&allData=True", session: session).json
        let devices = locations.array?.first?["devices"]?.array ?? []
        #expect(devices.compactMap { $0["deviceID"]?.int }.sorted() == Array(2_100_004...2_100_010))
        let hotWater = devices.first
        #expect(hotWater?["thermostatModelType"] == "DOMESTIC_HOT_WATER" && hotWater?["instance"] == 250)
        let room = devices.first { $0["deviceID"] == 2_100_004 }
        #expect(room?["thermostat"]?["indoorTemperature"] == 19.78)
        #expect(bench.zone()?["temperatureStatus"]?["temperature"] == 20.0)
        #expect(call(&bench, "GET", "locations?userId=1", session: session).status == 401)
        #expect(call(&bench, "GET", "locations?userId='1'", session: session).status == 400)
        #expect(call(&bench, "PUT", "locations?userId=1", session: session).status == 404)
    }

    @Test("A lost sensor shows 128, and its device accepts no commands")
    func lostSensor() throws {
        var bench = CloudBench()
        try bench.cloud.setSensor(of: .zone("2100004"), isLost: true, at: bench.now)
        let session = open(&bench)
        let room = device(&bench, 2_100_004, session)
        #expect(room["thermostat"]?["indoorTemperature"] == 128.0)
        #expect(room["thermostat"]?["indoorTemperatureStatus"] == "NotAvailable")
        #expect(room["isAlive"] == false)
        let path = "devices/2100004/thermostat/changeableValues/heatSetpoint"
        let answer = call(&bench, "PUT", path, #"{"Status":"Scheduled"}"#, session: session)
        #expect(answer.status == 400 && answer.text.contains("DeviceIsLost"))
    }

    @Test("The end of an override is in the location's wall-clock time")
    func setpoint() {
        var bench = CloudBench(at: Timestamp.date("2026-07-01T12:00:00Z") ?? .distantPast)
        let session = open(&bench)
        let path = "devices/2100004/thermostat/changeableValues/heatSetpoint"
        let body = #"{"Value":20.0,"Status":"Temporary","NextTime":"2026-07-01T15:00:00Z"}"#
        let answer = call(&bench, "PUT", path, body, session: session)
        #expect(answer.status == 201)
        let id = answer.json["id"]?.int ?? 0
        bench.pass(10)
        let task = call(&bench, "GET", "commTasks?commTaskId=\(id)", session: session).json
        #expect(task["state"] == "Succeeded" && task["deviceId"] == 2_100_004)
        let setpoint = device(&bench, 2_100_004, session)["thermostat"]?["changeableValues"]?["heatSetpoint"]
        #expect(setpoint == ["value": 20.0, "status": "Temporary", "nextTime": "2026-07-01T15:00:00"])
        #expect(bench.zone()?["setpointStatus"]?["until"] == "2026-07-01T14:00:00Z")
        _ = call(&bench, "PUT", path, #"{"value":null,"status":"Scheduled","nextTime":null}"#, session: session)
        bench.pass(10)
        #expect(bench.zone()?["setpointStatus"]?["setpointMode"] == "FollowSchedule")
    }

    @Test(
        "Hot water accepts a mode and nothing else",
        arguments: [
            ("{}", "ParameterIsMissing"), (#"{"Mode":null}"#, "ParameterIsMissing"),
            (#"{"Mode":"DHWOn","Status":"Hold"}"#, "ForbiddenParameter"),
            (#"{"Mode":"DHWOn","NextTime":"2026-01-01T00:00:00"}"#, "ForbiddenParameter"),
            (#"{"Mode":"Off"}"#, "ThermostatModeNotAllowed"), (#"{"Mode":"Auto"}"#, "InvalidInput"),
        ]
    )
    func hotWater(_ body: String, _ code: String) {
        var bench = CloudBench()
        let session = open(&bench)
        let path = "devices/2100010/thermostat/changeableValues"
        let answer = call(&bench, "PUT", path, body, session: session)
        #expect(answer.status == 400)
        #expect(answer.json.array?.first?["code"] == .string(code))
        #expect(call(&bench, "PUT", path, #"{"mode":"DHWOn","NextTime":null}"#, session: session).status == 201)
    }

    @Test("It has no system modes")
    func systemModes() {
        var bench = CloudBench()
        let session = open(&bench)
        let answer = call(&bench, "PUT", "evoTouchSystems?locationId=2100001", "{}", session: session)
        #expect(answer.status == 404 && answer.contentType == "text/html")
    }
}
