import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("Commands for schedules")
struct ScheduleCommandTests {
    private let now: Instant

    init() throws {
        now = try moment("2026-11-24T17:30:00Z")
    }

    private static let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// A schedule whose days are all alike but one.
    private static func schedule(
        _ day: String = #"[{"time":"07:00","setpoint":21},{"time":"22:30","setpoint":16}]"#,
        tuesday: String? = nil
    ) -> String {
        "{" + days.map { "\"\($0)\":\($0 == "tuesday" ? tuesday ?? day : day)" }.joined(separator: ",") + "}"
    }

    private func decision(
        _ payload: String,
        at topic: String = "zone/kitchen/schedule",
        known: KnownSchedule<Temperature> = .unread
    ) throws -> Decision {
        let parser = CommandParser(layout: try MillHouse.layout())
        let command = try parser.parse(payload, on: "evohome/mill_house/\(topic)/set")
        var site = try MillHouse.site()
        site.schedules = try KnownSchedules(known, of: MillHouse.kitchenID)
        return try command.action.decision(for: command.target, in: site, received: now, now: now)
    }

    private func refusal(_ payload: String, at topic: String = "zone/kitchen/schedule") -> Refusal? {
        do {
            _ = try decision(payload, at: topic)
            return nil
        } catch {
            return (error as? CommandParser.Rejection)?.refusal ?? error as? Refusal
        }
    }

    @Test("The form that the topic shows is the form that it takes")
    func roundTrip() throws {
        let schedule = try MillHouse.schedule()
        let kitchen = try decision(schedule.json.text)
        #expect(kitchen == .send(PlannedCall(.zoneSchedule(MillHouse.kitchenID, schedule))))
        let hotWater = try MillHouse.hotWaterSchedule()
        let tank = try decision(hotWater.json.text, at: "hot_water/schedule")
        #expect(tank == .send(PlannedCall(.hotWaterSchedule(MillHouse.hotWaterID, hotWater))))
    }

    @Test("A schedule that is in force already needs no call")
    func alreadySo() throws {
        let schedule = try MillHouse.schedule()
        let call = PlannedCall(.zoneSchedule(MillHouse.kitchenID, schedule), notes: [.alreadySo])
        #expect(try decision(schedule.json.text, known: .known(schedule)) == .nothingToDo(call))
    }

    private static let bad: [(schedule: String, code: Refusal.Code, words: String)] = [
        (schedule(tuesday: "[]"), .outOfRange, "Tuesday has no switchpoints"),
        (schedule(tuesday: #"[{"time":"07:05","setpoint":21}]"#), .outOfRange, "Tuesday, switchpoint 1 (07:05)"),
        (
            schedule(tuesday: #"[{"time":"07:00","setpoint":21},{"time":"06:00","setpoint":21}]"#), .outOfRange,
            "Tuesday, switchpoint 2 (06:00)"
        ),
        (schedule(tuesday: #"[{"time":"07:00","setpoint":99}]"#), .outOfRange, "Tuesday, switchpoint 1 (07:00): 99.0"),
        (schedule(tuesday: #"[{"time":"25:00","setpoint":21}]"#), .malformed, "Tuesday, switchpoint 1: It has no time"),
        (schedule(tuesday: #"[{"time":"07:00"}]"#), .incomplete, "Tuesday, switchpoint 1: It has no setpoint"),
        (schedule(tuesday: #"[{"time":"07:00","setpoint":"21"}]"#), .malformed, "Tuesday, switchpoint 1"),
        (schedule(tuesday: #"[{"time":"07:00","state":"on"}]"#), .unknownKey, "Tuesday, switchpoint 1"),
        (schedule(tuesday: #"["07:00"]"#), .malformed, "Tuesday, switchpoint 1"),
        (schedule(tuesday: #"{"time":"07:00"}"#), .malformed, "Tuesday is not a list"),
        (#"{"monday":[{"time":"07:00","setpoint":21}]}"#, .outOfRange, "Tuesday is missing"),
        (#"{"montag":[]}"#, .unknownKey, "montag"), ("{}", .outOfRange, "Monday is missing"),
        ("[]", .malformed, "object"),
        (
            schedule("[" + (0..<7).map { #"{"time":"0\#($0):00","setpoint":20}"# }.joined(separator: ",") + "]"),
            .outOfRange, "Monday has 7 switchpoints"
        ),
    ]

    @Test("What is wrong is named by day and switchpoint", arguments: bad)
    func refused(schedule: String, code: Refusal.Code, words: String) {
        let refusal = self.refusal(schedule)
        #expect(refusal?.code == code)
        #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "taken")")
    }

    @Test("A system has no schedule")
    func nowhere() {
        #expect(refusal(Self.schedule(), at: "system/schedule")?.code == .unknownTarget)
    }

    @Test("A zone that is called Schedule takes commands as a zone")
    func zoneCalledSchedule() throws {
        var installation = try MillHouse.installation()
        installation.locations[0].systems[0].zones[0].name = "Schedule"
        let layout = TopicLayout(base: "evohome", naming: .name, installation: installation)
        let topic = "evohome/mill_house/zone/schedule/set"
        let command = try CommandParser(layout: layout).parse(#"{"setpoint":20}"#, on: topic)
        #expect(command.action == .zone(.hold(20, .asRunning)))
    }

    @Test("A schedule and a setpoint for one zone do not stand in each other's way")
    func subjects() throws {
        let parser = CommandParser(layout: try MillHouse.layout())
        let topic = "evohome/mill_house/zone/kitchen"
        let schedule = try parser.parse(Self.schedule(), on: "\(topic)/schedule/set")
        let setpoint = try parser.parse(#"{"setpoint":20}"#, on: "\(topic)/set")
        #expect(schedule.target == setpoint.target)
        #expect(schedule.subject != setpoint.subject)
        #expect(schedule.sender.resultTopic == "\(topic)/schedule/result")
    }
}
