import Foundation
import Testing

@testable import TCCSimulator

@Suite("Refusals have the vendor's status, code, message and content type")
struct RefusalTests {
    static let zone = "temperatureZone/2100004"
    static let hotWater = "domesticHotWater/2100010"
    static let system = "temperatureControlSystem/2100003"
    static let notAllowed: JSON = [Refusal.error("Unauthorized", "You are not allowed to perform this action.")]
    static let invalid: JSON = [Refusal.error("InvalidInput", "Invalid Input.")]
    static let internalError: JSON = ["message": "An error has occurred."]

    static func method(_ name: String) -> JSON {
        ["message": .string("The requested resource does not support http method '\(name)'.")]
    }

    static func conversion(_ value: String, _ type: String, _ path: String, _ position: Int) -> JSON {
        let message =
            "Error converting value \"\(value)\" to type '\(type)'. Path '\(path)', line 1, position \(position)."
        return Refusal.error("InvalidInput", message)
    }

    static let state = "DomesticHotWater.Enums.EMEADomesticHotWaterState"
    static let mode = "DomesticHotWater.Enums.EMEADomesticHotWaterSetpointMode"

    static let addresses: [Refusal] = [
        .init(method: "GET", path: "location/1230000/status", status: 401, json: notAllowed),
        .init(method: "GET", path: "location/installationInfo?userId=1230000", status: 401, json: notAllowed),
        .init(method: "PUT", path: "temperatureControlSystem/1234567/mode", body: "{}", status: 401, json: notAllowed),
        .init(method: "PUT", path: "domesticHotWater/1234567/state", body: "{}", status: 401, json: notAllowed),
        .init(method: "GET", path: "location/xxxxxxx/status", status: 400, json: invalid),
        .init(method: "GET", path: "location/installationInfo?userId=xxxxxxx", status: 400, json: invalid),
        .init(method: "GET", path: "commTasks?commTaskId=ABC", status: 400, json: invalid),
        .init(method: "GET", path: "location/installationInfo", status: 404),
        .init(method: "GET", path: "location/installationInfo?xxxxXx=xxxxxxx", status: 404),
        .init(method: "GET", path: "commTasks", status: 404),
        .init(
            method: "GET",
            path: "commTasks?commTaskId=12345678",
            status: 404,
            json: [Refusal.error("CommTaskNotFound", "Communication task not found.")]
        ),
        .init(method: "GET", path: "userXxxxxxx", status: 404, html: true),
        .init(method: "GET", path: "location/2100001", status: 404, html: true),
        .init(method: "GET", path: "location/2100001/xxxxxxx", status: 404, html: true),
        .init(method: "PUT", path: system + "/systemMode", body: "{}", status: 404, html: true),
        .init(method: "PUT", path: hotWater + "/mode", body: "{}", status: 404, html: true),
        .init(method: "GET", path: zone + "/heatSetpoint", status: 404, html: true),
        .init(method: "GET", path: "", status: 404, html: true),
        .init(method: "GET", path: "//", status: 404, html: true),
        .init(method: "PUT", path: "userAccount", status: 405, json: method("PUT")),
        .init(method: "PUT", path: "location/2100001/status", status: 405, json: method("PUT")),
        .init(method: "PUT", path: hotWater + "/status", status: 405, json: method("PUT")),
        .init(method: "GET", path: system + "/mode", status: 405, json: method("GET")),
        .init(method: "GET", path: hotWater + "/state", status: 405, json: method("GET")),
        .init(method: "DELETE", path: zone + "/schedule", status: 405, json: method("DELETE")),
    ]

    static let modes: [Refusal] = [
        .init(
            method: "PUT",
            path: system + "/mode",
            body: "{}",
            status: 400,
            json: Refusal.missing("SystemMode", "Permanent")
        ),
        .init(
            method: "PUT",
            path: system + "/mode",
            body: #"{"systemMode": "xxxxx", "permanent": true}"#,
            status: 400,
            json: [conversion("xxxxx", "TemperatureControlSystem.Enums.EMEASystemMode", "systemMode", 22)]
        ),
        .init(
            method: "PUT",
            path: system + "/mode",
            body: #"{"systemMode":"Cool","permanent":true}"#,
            status: 500,
            json: internalError
        ),
        .init(
            method: "PUT",
            path: system + "/mode",
            body: #"{"systemMode":"Away","permanent":false,"untilTime":"x"}"#,
            status: 400,
            json: [
                Refusal.error("SystemModeChangeTimeUntilNotSet", "Time until not specified when required")
            ]
        ),
    ]

    static let zones: [Refusal] = [
        .init(
            method: "PUT",
            path: zone + "/heatSetpoint",
            body: #"{"setpointMode":"PermanentOverride"}"#,
            status: 400,
            json: [
                Refusal.error(
                    "HeatSetpointChangeTargetTemperatureNotSet",
                    "Target temperature not specified when required"
                )
            ]
        ),
        .init(
            method: "PUT",
            path: zone + "/heatSetpoint",
            body: #"{"setpointMode":"TemporaryOverride","heatSetpointValue":20.5,"untilTime":"2030-01-01T00:00:00Z"}"#,
            status: 400,
            json: [Refusal.error("HeatSetpointChangeTimeUntilNotSet", "Time until not specified when required")]
        ),
        .init(
            method: "PUT",
            path: zone + "/heatSetpoint",
            body: #"{"setpointMode": "xxxxx"}"#,
            status: 400,
            json: [conversion("xxxxx", "TemperatureZone.Enums.EMEASetpointMode", "setpointMode", 24)]
        ),
        .init(
            method: "PUT",
            path: zone + "/heatSetpoint",
            body: "{}",
            status: 400,
            json: Refusal.missing("SetpointMode")
        ),
        .init(method: "PUT", path: zone + "/heatSetpoint", body: "", status: 400, json: Refusal.missing("request")),
        .init(method: "PUT", path: zone + "/heatSetpoint", body: "{nonsense", status: 400, json: invalid),
        .init(method: "PUT", path: zone + "/heatSetpoint", body: "[]", status: 400, json: invalid),
        .init(
            method: "PUT",
            path: zone + "/heatSetpoint",
            body: #"{"setpointMode":"VacationHold"}"#,
            status: 500,
            json: internalError
        ),
    ]

    static let hotWaters: [Refusal] = [
        .init(method: "PUT", path: hotWater + "/state", body: "{}", status: 400, json: Refusal.missing("Mode")),
        .init(
            method: "PUT",
            path: hotWater + "/state",
            body: #"{"mode":"PermanentOverride"}"#,
            status: 400,
            json: [Refusal.error("DHWStateNotSet", "Domestic hot water state is not set when required")]
        ),
        .init(
            method: "PUT",
            path: hotWater + "/state",
            body: #"{"mode":"TemporaryOverride","state":"On"}"#,
            status: 400,
            json: [Refusal.error("DHWUntilTimeNotSet", "Domestic hot water until time is not set when required")]
        ),
        .init(
            method: "PUT",
            path: hotWater + "/state",
            body: #"{"state": "TemporaryOverride", "mode": "Off", "untilTime": null}"#,
            status: 400,
            json: [conversion("TemporaryOverride", state, "state", 29), conversion("Off", mode, "mode", 44)]
        ),
    ]

    static let schedules: [Refusal] = [
        .init(method: "PUT", path: zone + "/schedule", body: "null", status: 400, json: Refusal.missing("request")),
        .init(
            method: "PUT",
            path: zone + "/schedule",
            body: "{}",
            status: 400,
            json: [Refusal.error("DayOfWeekMissing", "One or more days missing.")]
        ),
        .init(
            method: "PUT",
            path: hotWater + "/schedule",
            body: #"{"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[]}]}"#,
            status: 400,
            json: [Refusal.error("DayOfWeekMissing", "One or more days missing.")]
        ),
        .init(
            method: "PUT",
            path: zone + "/schedule",
            body: #"{"dailySchedules":[{"dayOfWeek":9,"switchpoints":[]}]}"#,
            status: 400,
            json: invalid
        ),
        .init(
            method: "PUT",
            path: zone + "/schedule",
            body: #"{"dailySchedules":[{"dayOfWeek":1,"switchpoints":[{"heatSetpoint":20,"timeOfDay":"25:00"}]}]}"#,
            status: 400,
            json: invalid
        ),
    ]

    @Test("A request is refused", arguments: addresses + modes + zones + hotWaters + schedules)
    func refusal(_ refusal: Refusal) {
        var bench = CloudBench()
        let answer = bench.call(refusal.method, refusal.path, refusal.body)
        #expect(answer.status == refusal.status)
        #expect(answer.contentType == (refusal.html ? "text/html" : "application/json; charset=utf-8"))
        if refusal.html { #expect(answer.text.hasPrefix("<!DOCTYPE html PUBLIC")) }
        if let json = refusal.json { #expect(answer.json == json) }
        if refusal.json == nil, !refusal.html { #expect(answer.json["message"] != nil) }
    }

    @Test("Requests without a valid token are refused", arguments: ["", "bearer", "bearer nonsense", "Basic x"])
    func unauthorised(_ authorization: String) {
        var bench = CloudBench()
        let answer = bench.send(
            CloudRequest(
                method: "GET",
                path: "/WebAPI/emea/api/v1/userAccount",
                headers: ["authorization": authorization]
            )
        )
        #expect(answer.status == 401)
        #expect(answer.json == [Refusal.error("Unauthorized", "Unauthorized.")])
    }

    @Test("A zone without a schedule answers with an error")
    func noSchedule() {
        var home = HomeDocuments.house
        home.schedules = [:]
        var bench = CloudBench(home)
        let answer = bench.call("GET", Self.zone + "/schedule")
        #expect(answer.status == 400)
        #expect(answer.json == [Refusal.error("ScheduleNotFound", "Schedule not found.")])
    }

    @Test("Canned responses for too many requests and outages match captures")
    func canned() {
        let refusal = CannedResponse.tooManyRequests(retryAfter: 60)
        #expect(refusal.status == 429 && refusal.headers == ["Retry-After": "60"])
        #expect(refusal.body.contains("Request count limitation exceeded, please try again later."))
        #expect(CannedResponse.html(503).body.contains("The service is unavailable."))
    }
}
