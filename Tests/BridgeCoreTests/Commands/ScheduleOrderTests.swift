import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("Ordering schedules")
struct ScheduleCommandTests {
    private let now: Instant

    init() throws {
        now = try moment("2026-11-24T17:30:00Z")
    }

    private static let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// A week of days that are all alike but one.
    private static func week(
        _ day: String = #"[{"time":"07:00","setpoint":21},{"time":"22:30","setpoint":16}]"#,
        tuesday: String? = nil
    ) -> String {
        "{" + days.map { "\"\($0)\":\($0 == "tuesday" ? tuesday ?? day : day)" }.joined(separator: ",") + "}"
    }

    private func plan(
        _ payload: String,
        at topic: String = "zone/kitchen/schedule",
        known: KnownSchedule<Temperature> = .unread
    ) throws -> Decision {
        let parser = CommandParser(layout: try MillHouse.layout())
        let message = IncomingMessage(topic: "evohome/mill_house/\(topic)/set", payload: Array(payload.utf8))
        let parsed = try #require(parser.parse(message)).get()
        var site = try MillHouse.site()
        site.schedules = try KnownSchedules(known, of: MillHouse.kitchenID)
        return try parsed.order.plan(for: parsed.target, in: site, received: now, now: now)
    }

    private func refusal(_ payload: String, at topic: String = "zone/kitchen/schedule") -> Refusal? {
        do {
            _ = try plan(payload, at: topic)
            return nil
        } catch {
            return (error as? CommandParser.Rejected)?.refusal ?? error as? Refusal
        }
    }

    @Test("The form that the topic shows is the form that it takes")
    func roundTrip() throws {
        let week = try MillHouse.week()
        let planning = try plan(week.json.text)
        #expect(planning == .send(PlannedCall(change: .zoneSchedule(MillHouse.kitchenID, week))))
        let hotWater = try MillHouse.hotWaterWeek()
        let told = try plan(hotWater.json.text, at: "hot_water/schedule")
        #expect(told == .send(PlannedCall(change: .hotWaterSchedule(MillHouse.hotWaterID, hotWater))))
    }

    @Test("A week that is so already needs no call")
    func alreadySo() throws {
        let week = try MillHouse.week()
        let plan = PlannedCall(change: .zoneSchedule(MillHouse.kitchenID, week), notes: [.alreadySo])
        #expect(try self.plan(week.json.text, known: .week(week)) == .alreadySo(plan))
    }

    private static let bad: [(week: String, code: Refusal.Code, words: String)] = [
        (week(tuesday: "[]"), .outOfRange, "Tuesday has no switchpoints"),
        (week(tuesday: #"[{"time":"07:05","setpoint":21}]"#), .outOfRange, "Tuesday, switchpoint 1 (07:05)"),
        (
            week(tuesday: #"[{"time":"07:00","setpoint":21},{"time":"06:00","setpoint":21}]"#), .outOfRange,
            "Tuesday, switchpoint 2 (06:00)"
        ),
        (week(tuesday: #"[{"time":"07:00","setpoint":99}]"#), .outOfRange, "Tuesday, switchpoint 1 (07:00): 99.0"),
        (week(tuesday: #"[{"time":"25:00","setpoint":21}]"#), .malformed, "Tuesday, switchpoint 1: It has no time"),
        (week(tuesday: #"[{"time":"07:00"}]"#), .incomplete, "Tuesday, switchpoint 1: It has no setpoint"),
        (week(tuesday: #"[{"time":"07:00","setpoint":"21"}]"#), .malformed, "Tuesday, switchpoint 1"),
        (week(tuesday: #"[{"time":"07:00","state":"on"}]"#), .unknownKey, "Tuesday, switchpoint 1"),
        (week(tuesday: #"["07:00"]"#), .malformed, "Tuesday, switchpoint 1"),
        (week(tuesday: #"{"time":"07:00"}"#), .malformed, "Tuesday is not a list"),
        (#"{"monday":[{"time":"07:00","setpoint":21}]}"#, .outOfRange, "Tuesday is missing"),
        (#"{"montag":[]}"#, .unknownKey, "montag"), ("{}", .outOfRange, "Monday is missing"),
        ("[]", .malformed, "object"),
        (
            week("[" + (0..<7).map { #"{"time":"0\#($0):00","setpoint":20}"# }.joined(separator: ",") + "]"),
            .outOfRange, "Monday has 7 switchpoints"
        ),
    ]

    @Test("What is wrong is named by day and switchpoint", arguments: bad)
    func refused(week: String, code: Refusal.Code, words: String) {
        let refusal = refusal(week)
        #expect(refusal?.code == code)
        #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "taken")")
    }

    @Test("A system has no schedule")
    func nowhere() {
        #expect(refusal(Self.week(), at: "system/schedule")?.code == .unknownTarget)
    }

    @Test("A zone that is called Schedule takes orders as a zone")
    func zoneCalledSchedule() throws {
        var installation = try MillHouse.installation()
        installation.locations[0].systems[0].zones[0].name = "Schedule"
        let layout = TopicLayout(base: "evohome", naming: .name, installation: installation)
        let topic = "evohome/mill_house/zone/schedule/set"
        let message = IncomingMessage(topic: topic, payload: Array(#"{"setpoint":20}"#.utf8))
        let parsed = try #require(CommandParser(layout: layout).parse(message)).get()
        #expect(parsed.order == .zone(.hold(20, .asRunning)))
    }

    @Test("A schedule and a setpoint for one zone do not stand in each other's way")
    func subjects() throws {
        let parser = CommandParser(layout: try MillHouse.layout())
        let topic = "evohome/mill_house/zone/kitchen"
        let schedule = IncomingMessage(topic: "\(topic)/schedule/set", payload: Array(Self.week().utf8))
        let setpoint = IncomingMessage(topic: "\(topic)/set", payload: Array(#"{"setpoint":20}"#.utf8))
        let commands = try [schedule, setpoint].map { message in
            Command(id: 1, try #require(parser.parse(message)).get(), received: now)
        }
        #expect(commands[0].target == commands[1].target)
        #expect(commands[0].subject != commands[1].subject)
        #expect(commands[0].sender.resultTopic == "\(topic)/schedule/result")
    }
}
