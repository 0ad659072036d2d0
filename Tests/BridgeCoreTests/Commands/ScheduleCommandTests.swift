import Basics
import BridgeCore
import HeatingModel
import TestBasics
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
        known: KnownSchedule<Temperature> = .unread,
        read: Duration? = nil
    ) throws -> Decision {
        let parser = CommandParser(layout: try MillHouse.layout())
        let command = try parser.parse(payload, on: "evohome/mill_house/\(topic)/set")
        var site = try MillHouse.site()
        site.schedules = try KnownSchedules(known, of: MillHouse.kitchenID)
        if let read { site.schedules.keep(known.schedule, of: MillHouse.kitchenID, at: now - read) }
        return try command.action.decision(for: command.target, in: site, received: now, now: now)
    }

    private func refusal(
        _ payload: String,
        at topic: String = "zone/kitchen/schedule",
        known: KnownSchedule<Temperature> = .unread
    ) -> Refusal? {
        do {
            _ = try decision(payload, at: topic, known: known)
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
        (schedule(tuesday: #"[{"time":"07:00","setpoint":"warm"}]"#), .malformed, "Tuesday, switchpoint 1"),
        (schedule(tuesday: #"[{"time":"07:00","state":"on"}]"#), .unknownKey, "Tuesday, switchpoint 1"),
        (schedule(tuesday: #"["07:00"]"#), .malformed, "Tuesday, switchpoint 1"),
        (schedule(tuesday: #"{"time":"07:00"}"#), .malformed, "Tuesday is not a list"),
        (#"{"montag":[]}"#, .unknownKey, "montag"), ("{}", .incomplete, "names no day"),
        (#"{"dailySchedules":[]}"#, .incomplete, "names no day"),
        (#"{"id":"7"}"#, .incomplete, "names no day"),
        (#"{"monday":[],"Monday":[]}"#, .malformed, "Monday is given twice"),
        (#"{"monday":[]}"#, .outOfRange, "Monday has no switchpoints"),
        (#"{"saturday":[{"time":"07:00","setpoint":99}]}"#, .outOfRange, "Saturday, switchpoint 1 (07:00): 99.0"),
        (#"{"schedule":[]}"#, .malformed, "not a JSON object of days"),
        (#"{"schedule":{},"monday":[]}"#, .unknownKey, "monday"),
        (#"{"dailySchedules":{}}"#, .malformed, "not a list of days"),
        (#"{"dailySchedules":[],"days":[]}"#, .unknownKey, "days"),
        (#"{"dailySchedules":[{"dayOfWeek":7,"switchpoints":[]}]}"#, .malformed, "Day 1 has neither a name"),
        (
            #"{"dailySchedules":[{"dayOfWeek":0,"switchpoints":[]},{"dayOfWeek":"monday","switchpoints":[]}]}"#,
            .malformed, "Monday is given twice"
        ),
        (
            #"{"dailySchedules":[{"dayOfWeek":0,"switchpoints":[{"timeOfDay":"7","heatSetpoint":20}]}]}"#, .malformed,
            "Monday, switchpoint 1: It has no time"
        ),
        (
            #"{"dailySchedules":[{"dayOfWeek":0,"switchpoints":[{"timeOfDay":"07:00:00","dhwState":"On"}]}]}"#,
            .incomplete, "Monday, switchpoint 1: It has no setpoint"
        ),
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

    private static let monday: [Weekday: [Switchpoint<Temperature>]] = [
        .monday: [.init(time: "07:00", value: 20.5), .init(time: "22:00", value: 16)]
    ]

    /// A Monday in every form that somebody sends.
    private static let forms = [
        #"{"monday":[{"time":"07:00","setpoint":20.5},{"time":"22:00","setpoint":16}]}"#,
        #"{"Monday":[{"time":"07:00:00","setpoint":20.5},{"time":"22:00","setpoint":16}],"transaction":1}"#,
        #"{"id":"a","schedule":{"monday":[{"time":"07:00","setpoint":20.5},{"time":"22:00","setpoint":16}]}}"#,
        """
        {"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[{"heatSetpoint":20.5,"timeOfDay":"07:00:00"},\
        {"heatSetpoint":16,"timeOfDay":"22:00:00"}]}]}
        """,
        """
        {"DailySchedules":[{"DayOfWeek":0,"Switchpoints":[{"heatSetpoint":20.5,"TimeOfDay":"07:00:00"},\
        {"TargetTemperature":16,"TimeOfDay":"22:00:00"}]}]}
        """,
        """
        {"name":"Kitchen","schedule":{"DailySchedules":[{"DayOfWeek":0,"Switchpoints":[\
        {"TargetTemperature":20.5,"TimeOfDay":"07:00:00"},{"TargetTemperature":16,"TimeOfDay":"22:00:00"}]}]}}
        """,
        """
        {"zone_id":"7011","name":"Kitchen","daily_schedules":[{"day_of_week":"monday","switchpoints":[\
        {"heat_setpoint":20.5,"time_of_day":"07:00:00"},{"heat_setpoint":16,"time_of_day":"22:00:00"}]}]}
        """,
    ]

    @Test("One day is understood in every form, and the other days stay as they are", arguments: forms)
    func oneDay(payload: String) throws {
        let present = try MillHouse.schedule()
        let whole = present.replacingDays(with: Schedule(days: Self.monday))
        let call = PlannedCall(.zoneSchedule(MillHouse.kitchenID, whole))
        #expect(whole != present)
        #expect(try decision(payload) == .needsSchedule)
        #expect(try decision(payload, known: .known(present), read: .seconds(60)) == .send(call))
        #expect(
            try decision(payload, known: .known(whole)) == .nothingToDo(PlannedCall(call.call, notes: [.alreadySo]))
        )
    }

    @Test("Days that were read long ago, or in the future, are read again before they are written")
    func ages() throws {
        let present = try MillHouse.schedule()
        for (age, isRecent) in [(0, true), (300, true), (301, false), (86_000, false), (-60, false)] {
            let decision = try decision(Self.forms[0], known: .known(present), read: .seconds(age))
            #expect((decision != .needsSchedule) == isRecent, "\(age) s")
        }
        let whole = try decision(Self.schedule(), known: .known(present), read: .seconds(86_000))
        #expect(whole != .needsSchedule)
    }

    @Test("Hot water takes the vendor's form as well")
    func vendorHotWater() throws {
        let days = (0..<7).map { day in
            let point = #"{"dhwState":"On","timeOfDay":"06:30:00"},{"DhwState":"Off","TimeOfDay":"08:00:00"}"#
            return #"{"dayOfWeek":\#(day),"switchpoints":[\#(point)]}"#
        }
        let payload = #"{"dailySchedules":[\#(days.joined(separator: ","))]}"#
        let points: [Switchpoint<HotWaterState>] = [
            .init(time: "06:30", value: .on), .init(time: "08:00", value: .off),
        ]
        let schedule = Schedule(days: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, points) }))
        let decision = try decision(payload, at: "hot_water/schedule")
        #expect(decision == .send(PlannedCall(.hotWaterSchedule(MillHouse.hotWaterID, schedule))))
    }

    @Test("One day is not enough where the other days are not there")
    func otherDaysMissing() {
        let absent = refusal(Self.forms[0], known: .absent)
        #expect(absent?.code == .incomplete)
        #expect(absent?.message == "There is no schedule yet, so all seven days are needed.")
        let twoDays = Schedule(days: Self.monday).replacingDays(with: Schedule(days: [.saturday: []]))
        let short = refusal(Self.forms[0], known: .known(twoDays))
        #expect(short?.code == .outOfRange)
        #expect(short?.message == "Tuesday is missing; a schedule names all seven days. (4 more)")
    }

    @Test("A waiting command for some days leaves them to the one that takes its place")
    func superseding() throws {
        let monday = CommandAction.zoneSchedule(Schedule(days: Self.monday))
        let tuesday = CommandAction.zoneSchedule(Schedule(days: [.tuesday: []]))
        let both = CommandAction.zoneSchedule(Schedule(days: [.monday: [], .tuesday: []]))
        let all = CommandAction.zoneSchedule(try MillHouse.schedule())
        let meant = Schedule(days: Self.monday).replacingDays(with: Schedule(days: [.tuesday: []]))
        #expect(tuesday.superseding(monday) == .zoneSchedule(meant))
        #expect(both.superseding(monday) == both)
        #expect(all.superseding(monday) == all)
        let hold = CommandAction.zone(.followSchedule)
        #expect(hold.superseding(monday) == hold)
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
