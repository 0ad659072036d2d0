import BridgeCore
import Testing

@Suite("Requests to the bridge")
struct BridgeRequestTests {
    @Test("A poll interval is a duration with a unit", arguments: [("180s", 180), ("3m", 180), ("PT3M", 180)])
    func pollInterval(text: String, seconds: Int) throws {
        let request = try BridgeRequest(name: "poll_interval", ["value": .string(text)])
        #expect(request == .pollInterval(.seconds(seconds)))
    }

    @Test("Named schedules are asked for by name, and zones by any word for them")
    func namedSchedules() throws {
        let winter = try ScheduleLibrary.Name("winter")
        #expect(try BridgeRequest(name: "schedules_save", ["name": "winter"]) == .schedulesSave(winter))
        #expect(try BridgeRequest(name: "schedules_list", .null) == .schedulesList)
        #expect(try BridgeRequest(name: "schedules_delete", ["name": "winter"]) == .schedulesDelete(winter))
        #expect(try BridgeRequest(name: "schedules_show", ["name": "winter"]) == .schedulesShow(winter))
        let all = try BridgeRequest(name: "schedules_apply", ["name": "winter"])
        #expect(all == .schedulesApply(winter, zones: nil))
        let some = try BridgeRequest(name: "schedules_apply", ["name": "winter", "zones": ["kitchen", 2_100_005]])
        #expect(some == .schedulesApply(winter, zones: ["kitchen", "2100005"]))
        let one = try BridgeRequest(name: "schedules_apply", ["name": "winter", "zones": "kitchen"])
        #expect(one == .schedulesApply(winter, zones: ["kitchen"]))
    }

    @Test(
        "A request for named schedules that says too little or too much is refused",
        arguments: [
            ("schedules_save", "{}"), ("schedules_save", #"{"name":7}"#), ("schedules_save", #"{"name":" "}"#),
            ("schedules_save", #"{"name":"a","zones":["b"]}"#), ("schedules_list", #"{"name":"a"}"#),
            ("schedules_delete", "{}"), ("schedules_show", "{}"), ("schedules_apply", #"{"zones":["a"]}"#),
            ("schedules_apply", #"{"name":"a","zones":[]}"#), ("schedules_apply", #"{"name":"a","zones":null}"#),
            ("schedules_apply", #"{"name":"a","zones":[{}]}"#),
        ]
    )
    func badNamedSchedules(name: String, payload: String) throws {
        let payload = try JSONValue(parsing: payload)
        #expect(throws: Refusal.self) { try BridgeRequest(name: name, payload) }
    }

    @Test("What is no object is refused with an example of a request, not of a command")
    func noObject() throws {
        let message = IncomingMessage(topic: "evohome/bridge/request/refresh", payload: Array("[1]".utf8))
        let refusal = #expect(throws: Refusal.self) { try message.optionalObject() }
        #expect(refusal?.message == #"The payload is not a JSON object such as {"transaction":1}."#)
    }

    @Test("One without a unit is refused with a sentence that says so")
    func bareNumber() throws {
        let refusal = try #require(throws: Refusal.self) {
            try BridgeRequest(name: "poll_interval", ["value": .string("180")])
        }
        #expect(refusal.message == "'180' has no unit; write 45s, 90m, 1h30m or 3d.")
    }
}
