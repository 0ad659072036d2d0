import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

/// Each form with its moment over both changes of the clocks, for a zone, hot water, `away` (a mode that ends at a local
/// midnight) and `auto_with_eco` (one that lasts for hours).
@Suite("Forms in which people write when something ends")
struct CommandFormTests {
    /// One form, written in the night in which the clock is put forward, and in the one in which it is put back.
    struct Form: Sendable, CustomTestStringConvertible {
        var end: String
        var spring: Ends
        var autumn: Ends

        var testDescription: String { end }
    }

    /// What comes of it, in UTC, with a `~` behind it if the outcome says that the end was rounded; `nil` for a refusal.
    struct Ends: Sendable {
        var zone: String?
        var away: String?
        var eco: String?

        init(_ zone: String?, _ away: String?, _ eco: String?) {
            (self.zone, self.away, self.eco) = (zone, away, eco)
        }
    }

    /// 22:07:25 at the mill, on the evening before.
    private static let spring: Instant = "2026-03-28T22:07:25Z"
    private static let autumn: Instant = "2026-10-24T21:07:25Z"

    private static let table: [[Form]] = [
        until(
            [
                #""DAY 06:00:00""#, #""DAYT06:00:00""#, #""DAY 06:00""#, #""DAYT06:00""#, #""DAYt06:00:00""#,
                #""DAY 06:00:00.250""#, #""06:00""#, #""6:00""#, #""06:00:00""#,
            ],
            spring: Ends("2026-03-29T05:00:00Z", "2026-03-29T23:00:00Z~", "2026-03-29T05:08:00Z~"),
            autumn: Ends("2026-10-25T06:00:00Z", "2026-10-26T00:00:00Z~", "2026-10-25T06:08:00Z~")
        ),
        // Leapt over in spring; in autumn the first of two.
        until(
            [#""DAY 01:30:00""#, #""DAYT01:30""#, #""01:30""#],
            spring: Ends("2026-03-29T01:00:00Z", "2026-03-29T23:00:00Z~", "2026-03-29T01:08:00Z~"),
            autumn: Ends("2026-10-25T00:30:00Z", "2026-10-26T00:00:00Z~", "2026-10-25T01:08:00Z~")
        ),
        until(
            [#""DAY 02:30""#, #""02:30:00""#],
            spring: Ends("2026-03-29T01:30:00Z", "2026-03-29T23:00:00Z~", "2026-03-29T02:08:00Z~"),
            autumn: Ends("2026-10-25T02:30:00Z", "2026-10-26T00:00:00Z~", "2026-10-25T03:08:00Z~")
        ),
        until(
            [#""DAY 05:53:01""#],
            spring: Ends("2026-03-29T05:00:00Z~", "2026-03-29T23:00:00Z~", "2026-03-29T05:08:00Z~"),
            autumn: Ends("2026-10-25T06:00:00Z~", "2026-10-26T00:00:00Z~", "2026-10-25T06:08:00Z~")
        ),
        until(
            [#""DAYT06:00:00+01:00""#, #""DAY 06:00:00+01:00""#, #""DAY 06:00+0100""#],
            spring: Ends("2026-03-29T05:00:00Z", "2026-03-29T23:00:00Z~", "2026-03-29T05:08:00Z~"),
            autumn: Ends("2026-10-25T05:00:00Z", "2026-10-26T00:00:00Z~", "2026-10-25T05:08:00Z~")
        ),
        until(
            [#""DAYT06:00:00Z""#, #""DAY 06:00z""#, #""DAY 06:00:00.123456+00:00""#],
            spring: Ends("2026-03-29T06:00:00Z", "2026-03-29T23:00:00Z~", "2026-03-29T06:08:00Z~"),
            autumn: Ends("2026-10-25T06:00:00Z", "2026-10-26T00:00:00Z~", "2026-10-25T06:08:00Z~")
        ),
        // To the end of that day.
        until(
            [#""DAY""#, #"" DAY ""#],
            spring: Ends(nil, "2026-03-29T23:00:00Z", nil),
            autumn: Ends(nil, "2026-10-26T00:00:00Z", nil)
        ),
        lasting(
            [
                #""08:00""#, #""8:00""#, #""08:00:00""#, #"{"hours":8}"#, #"{"days":0,"hours":7,"minutes":60}"#,
                #"{"hours":"7","minutes":59.5,"seconds":30}"#, #""8h""#, #""PT8H""#,
            ],
            spring: Ends("2026-03-29T06:10:00Z~", "2026-03-29T23:00:00Z~", "2026-03-29T06:08:00Z~"),
            autumn: Ends("2026-10-25T05:10:00Z~", "2026-10-26T00:00:00Z~", "2026-10-25T05:08:00Z~")
        ),
        lasting(
            [#"{"minutes":30}"#, #""00:30""#, #""30m""#, #"{"hours":0.5}"#],
            spring: Ends("2026-03-28T22:40:00Z~", "2026-03-29T00:00:00Z~", "2026-03-28T23:08:00Z~"),
            autumn: Ends("2026-10-24T21:40:00Z~", "2026-10-24T23:00:00Z~", "2026-10-24T22:08:00Z~")
        ),
        // The longest that a zone and the economy mode take, and one day.
        lasting(
            [#"{"days":1}"#, #""24:00""#, #""P1D""#],
            spring: Ends("2026-03-29T22:10:00Z~", "2026-03-29T00:00:00Z", "2026-03-29T22:07:00Z~"),
            autumn: Ends("2026-10-25T21:10:00Z~", "2026-10-24T23:00:00Z", "2026-10-25T21:07:00Z~")
        ),
        // Minutes, or days.
        lasting(
            ["3", "3.0", #""3""#, #""03""#],
            spring: Ends("2026-03-28T22:20:00Z~", "2026-03-30T23:00:00Z", "2026-03-28T23:08:00Z~"),
            autumn: Ends("2026-10-24T21:20:00Z~", "2026-10-27T00:00:00Z", "2026-10-24T22:08:00Z~")
        ),
        lasting(
            ["480", #""480""#],
            spring: Ends("2026-03-29T06:10:00Z~", nil, "2026-03-29T06:08:00Z~"),
            autumn: Ends("2026-10-25T05:10:00Z~", nil, "2026-10-25T05:08:00Z~")
        ),
    ]

    private static func until(_ ends: [String], spring: Ends, autumn: Ends) -> [Form] {
        ends.map { Form(end: #""until":\#($0)"#, spring: spring, autumn: autumn) }
    }

    private static func lasting(_ durations: [String], spring: Ends, autumn: Ends) -> [Form] {
        durations.map { Form(end: #""duration":\#($0)"#, spring: spring, autumn: autumn) }
    }

    @Test("Every form has its moment in the location's time", arguments: table.joined())
    func moments(form: Form) throws {
        for (now, date, ends) in [
            (Self.spring, "2026-03-29", form.spring), (Self.autumn, "2026-10-25", form.autumn),
        ] {
            let end = form.end.replacing("DAY", with: date)
            #expect(try Self.end(of: #"{"setpoint":22,\#(end)}"#, on: "zone/kitchen", now) == ends.zone)
            #expect(try Self.end(of: #"{"state":"on",\#(end)}"#, on: "hot_water", now) == ends.zone)
            #expect(try Self.end(of: #"{"mode":"away",\#(end)}"#, on: "system", now) == ends.away)
            #expect(try Self.end(of: #"{"mode":"auto_with_eco",\#(end)}"#, on: "system", now) == ends.eco)
        }
    }

    @Test("A number of days is said to be one", arguments: ["away", "day_off", "custom", "Day Off"])
    func days(mode: String) throws {
        for duration in ["3", "3.0", #""3""#] {
            let payload = #"{"mode":"\#(mode)","duration":\#(duration)}"#
            let notes = try Self.send(payload, on: "system", Self.spring)?.notes
            #expect(notes == [.countedInDays])
            #expect(Outcome.succeeded(PlannedCall(.zone("1", .followSchedule), notes: notes ?? [])).code == "days")
        }
        #expect(try Self.send(#"{"mode":"\#(mode)","duration":"3d"}"#, on: "system", Self.spring)?.notes == [])
    }

    @Test(
        "A day is one of the calendar: modes may last 99 of them over a change of the clocks",
        arguments: [
            ("2026-07-20T00:30:00Z", #""duration":99"#, "2026-10-27T00:00:00Z"),
            ("2026-07-20T00:30:00Z", #""until":"2026-10-26""#, "2026-10-27T00:00:00Z"),
            ("2026-07-20T00:30:00Z", #""until":"2026-10-27""#, nil), ("2026-07-20T00:30:00Z", #""duration":100"#, nil),
            ("2026-01-01T00:30:00Z", #""until":"2026-04-09""#, "2026-04-09T23:00:00Z"),
            ("2026-01-01T00:30:00Z", #""until":"2026-04-10""#, nil),
        ] as [(Instant, String, String?)]
    )
    func longest(now: Instant, end: String, until: String?) throws {
        #expect(try Self.end(of: #"{"mode":"away",\#(end)}"#, on: "system", now) == until)
    }

    private static let numbers = [
        "21.5", #""21.5""#, #"" 21.5 ""#, "2.15e1", "21.50",
    ]

    @Test("A setpoint can be text with a point, as templates write it", arguments: numbers)
    func numberAsText(number: String) throws {
        #expect(try Self.parse(#"{"setpoint":\#(number)}"#, on: "zone/kitchen/set") == .zone(.hold(21.5, .asRunning)))
        #expect(try Self.parse(number, on: "zone/kitchen/set/setpoint") == .zone(.hold(21.5, .asRunning)))
    }

    // MARK: - What stays refused

    private static let refused: [(payload: String, topic: String, code: Refusal.Code, sentence: String)] = [
        (#"{"setpoint":"21,5"}"#, "zone/kitchen/set", .malformed, "has a comma; write it with a point, such as 21.5."),
        ("21,5", "zone/kitchen/set/setpoint", .malformed, "has a comma; write it with a point, such as 21.5."),
        (#"{"setpoint":"21.5°C"}"#, "zone/kitchen/set", .malformed, "write it without a unit, such as 21.5."),
        ("21.5°C", "zone/kitchen/set/setpoint", .malformed, "write it without a unit, such as 21.5."),
        ("21.5 C", "zone/kitchen/set/setpoint", .malformed, "write it without a unit, such as 21.5."),
        (#"{"setpoint":"warm"}"#, "zone/kitchen/set", .malformed, "is not a number such as 21.5."),
        (#"{"setpoint":"0x15"}"#, "zone/kitchen/set", .malformed, "without a unit, such as 21.5."),
        (#"{"setpoint":"nan"}"#, "zone/kitchen/set", .malformed, "is not a number such as 21.5."),
        (#"{"setpoint":"\"21\""}"#, "zone/kitchen/set", .malformed, "is not a number such as 21.5."),
        (
            #"{"setpoint":22,"until":"25:00"}"#, "zone/kitchen/set", .malformed,
            #"The end "25:00" is not a time; write 18:00"#
        ),
        (#"{"setpoint":22,"until":"28.11.2026 22:00"}"#, "zone/kitchen/set", .malformed, "is not a time; write"),
        (#"{"setpoint":22,"until":"tomorrow"}"#, "zone/kitchen/set", .malformed, "is not a time; write"),
        (#"{"setpoint":22,"until":1795816800}"#, "zone/kitchen/set", .malformed, "The end must be a string such as"),
        (#"{"setpoint":22,"until":null}"#, "zone/kitchen/set", .malformed, #"neither "next" nor "forever""#),
        (#"{"state":"on","until":null}"#, "hot_water/set", .malformed, #"neither "next" nor "forever""#),
        (
            #"{"setpoint":22,"mode":"temporary_override","until":null}"#, "zone/kitchen/set", .incomplete,
            "The mode temporary_override needs an end, and until is null."
        ),
        (
            #"{"setpoint":null,"mode":"permanent_override","until":null}"#, "zone/kitchen/set", .malformed,
            "not a number"
        ),
        (#"{"setpoint":21,"mode":"follow_schedule"}"#, "zone/kitchen/set", .incomplete, "contradicts the rest."),
        (#"{"setpoint":22,"duration":1.5}"#, "zone/kitchen/set", .malformed, "not a whole number of minutes, or 90m"),
        (#"{"mode":"away","duration":1.5}"#, "system/set", .malformed, "not a whole number of days, or 90m"),
        (#"{"mode":"away","duration":0}"#, "system/set", .malformed, "it must be longer than zero."),
        (#"{"setpoint":22,"duration":"1:3"}"#, "zone/kitchen/set", .malformed, "'1:3' is not a duration"),
        (#"{"setpoint":22,"duration":{}}"#, "zone/kitchen/set", .malformed, "'{}' is not a valid duration"),
        (#"{"setpoint":22,"duration":{"hours":0}}"#, "zone/kitchen/set", .malformed, "it must be longer than zero."),
        (#"{"setpoint":22,"duration":{"hours":-1}}"#, "zone/kitchen/set", .malformed, "The hours of the duration"),
        (#"{"setpoint":22,"duration":{"hours":null}}"#, "zone/kitchen/set", .malformed, "The hours of the duration"),
        (
            #"{"setpoint":22,"duration":{"months":1}}"#, "zone/kitchen/set", .unknownKey,
            #"The key "months" is not known; known keys: days, hours, minutes, seconds."#
        ),
        (#"{"setpoint":22,"duration":{"days":1e300}}"#, "zone/kitchen/set", .malformed, "is too long"),
        (#"{"mode":"away","permanent":true,"until":"2026-11-28"}"#, "system/set", .incomplete, "has no end"),
        (#"{"mode":"away","permanent":false,"until":null}"#, "system/set", .incomplete, "needs an end"),
        (#"{"mode":"away","permanent":"yes"}"#, "system/set", .malformed, "must be true or false"),
    ]

    @Test("What could mean several things is refused with a sentence", arguments: refused)
    func refusals(payload: String, topic: String, code: Refusal.Code, sentence: String) throws {
        let rejection = try #require(throws: CommandParser.Rejection.self) { try Self.parse(payload, on: topic) }
        #expect(rejection.refusal.code == code)
        #expect(rejection.refusal.message.contains(sentence), "\(rejection.refusal.message)")
    }

    @Test(
        "A date alone is refused where a time is needed",
        arguments: [
            (#"{"setpoint":22,"until":"2026-03-29"}"#, "zone/kitchen"),
            (#"{"state":"on","until":"2026-03-29"}"#, "hot_water"),
            (#"{"mode":"auto_with_eco","until":"2026-03-29"}"#, "system"),
        ]
    )
    func dateAlone(payload: String, target: String) throws {
        let refusal = try #require(throws: Refusal.self) { try Self.send(payload, on: target, Self.spring) }
        #expect(refusal == Refusal(.incomplete, #"The end 2026-03-29 has no time; write "2026-03-29 22:00"."#))
    }

    // MARK: - Reading and deciding

    private static func parse(_ payload: String, on topic: String) throws -> CommandAction {
        try CommandParser(layout: try MillHouse.layout()).parse(payload, on: "evohome/mill_house/\(topic)").action
    }

    /// - Returns: `nil` if nothing is to be sent.
    private static func send(_ payload: String, on target: String, _ now: Instant) throws -> PlannedCall? {
        var site = try MillHouse.site()
        site.system.allowedModes = MillHouse.modes
        let command = try CommandParser(layout: try MillHouse.layout())
            .parse(payload, on: "evohome/mill_house/\(target)/set")
        let decision = try command.action.decision(for: command.target, in: site, received: now, now: now)
        guard case .send(let call) = decision else { return nil }
        return call
    }

    /// - Returns: The end, with a `~` if it was rounded; `nil` if the command is refused.
    private static func end(of payload: String, on target: String, _ now: Instant) throws -> String? {
        let call: PlannedCall
        do {
            call = try #require(try send(payload, on: target, now))
        } catch is Refusal {
            return nil
        }
        let until = try #require(call.call.until)
        return "\(until)\(call.notes.contains(.endRounded(to: until)) ? "~" : "")"
    }
}

extension CloudCall {
    fileprivate var until: Instant? {
        switch self {
        case .zone(_, let override): override.until
        case .hotWater(_, let override): override.until
        case .system(_, mode: _, let until): until
        case .zoneSchedule, .hotWaterSchedule: nil
        }
    }
}
