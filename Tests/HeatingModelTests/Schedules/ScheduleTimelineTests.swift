import Basics
import Foundation
import HeatingModel
import TestBasics
import Testing

@Suite("Current and next switchpoints")
struct ScheduleTimelineTests {
    /// Workdays 07:00 and 22:00, weekends 09:00 and 23:00.
    private let schedule = Schedule(
        days: Dictionary(
            uniqueKeysWithValues: Weekday.allCases.map { day in
                day < .saturday
                    ? (day, [Switchpoint(time: "07:00", value: 21.0), Switchpoint(time: "22:00", value: 16.0)])
                    : (day, [Switchpoint(time: "09:00", value: 20.0), Switchpoint(time: "23:00", value: 15.0)])
            }
        )
    )

    typealias Row = (now: Instant, current: Double, since: Instant, next: Double, at: Instant)

    @Test(
        "The current and the next switchpoint are right to the second, over midnight and the weekend",
        arguments: [
            ("2026-11-24T06:59:59Z", 16.0, "2026-11-23T22:00:00Z", 21.0, "2026-11-24T07:00:00Z"),
            ("2026-11-24T07:00:00Z", 21.0, "2026-11-24T07:00:00Z", 16.0, "2026-11-24T22:00:00Z"),
            ("2026-11-24T23:59:59Z", 16.0, "2026-11-24T22:00:00Z", 21.0, "2026-11-25T07:00:00Z"),
            ("2026-11-25T00:00:00Z", 16.0, "2026-11-24T22:00:00Z", 21.0, "2026-11-25T07:00:00Z"),
            ("2026-11-28T08:00:00Z", 16.0, "2026-11-27T22:00:00Z", 20.0, "2026-11-28T09:00:00Z"),
            ("2026-11-29T23:30:00Z", 15.0, "2026-11-29T23:00:00Z", 21.0, "2026-11-30T07:00:00Z"),
            // Summer time: an hour earlier in UTC, and on the nights of the changes.
            ("2026-07-01T05:59:59Z", 16.0, "2026-06-30T21:00:00Z", 21.0, "2026-07-01T06:00:00Z"),
            ("2026-03-29T07:59:59Z", 15.0, "2026-03-28T23:00:00Z", 20.0, "2026-03-29T08:00:00Z"),
            ("2026-10-25T08:59:59Z", 15.0, "2026-10-24T22:00:00Z", 20.0, "2026-10-25T09:00:00Z"),
        ] as [Row]
    )
    func london(row: Row) {
        let zone: LocationTimeZone = "Europe/London"
        #expect(schedule.current(at: row.now, in: zone) == ScheduledValue(value: row.current, start: row.since))
        #expect(schedule.next(after: row.now, in: zone) == ScheduledValue(value: row.next, start: row.at))
    }

    @Test("A schedule with nothing in it has nothing current and nothing next")
    func empty() {
        for schedule in [Schedule<Temperature>(days: [:]), Schedule<Temperature>(days: [.monday: [], .sunday: []])] {
            #expect(schedule.current(at: "2026-11-24T18:00:00Z", in: "Europe/London") == nil)
            #expect(schedule.next(after: "2026-11-24T18:00:00Z", in: "Europe/London") == nil)
        }
    }

    @Test("A single switchpoint is current until it comes again")
    func single() {
        let schedule = Schedule(days: [.tuesday: [Switchpoint(time: "18:00", value: "on")], .friday: []])
        let (before, at): (Instant, Instant) = ("2026-11-24T17:59:59Z", "2026-11-24T18:00:00Z")
        let zone: LocationTimeZone = "Europe/London"
        #expect(schedule.current(at: before, in: zone) == ScheduledValue(value: "on", start: "2026-11-17T18:00:00Z"))
        #expect(schedule.next(after: before, in: zone) == ScheduledValue(value: "on", start: at))
        #expect(schedule.current(at: at, in: zone) == ScheduledValue(value: "on", start: at))
        #expect(schedule.next(after: at, in: zone) == ScheduledValue(value: "on", start: "2026-12-01T18:00:00Z"))
    }

    @Test("In a schedule of two days each holds until the other")
    func twoDays() {
        let schedule = Schedule(
            days: [
                .monday: [Switchpoint(time: "06:00", value: "workday")],
                .saturday: [Switchpoint(time: "08:00", value: "weekend")],
            ]
        )
        let zone: LocationTimeZone = "Europe/London"
        let thursday: Instant = "2026-11-26T12:00:00Z"
        let monday = ScheduledValue(value: "workday", start: "2026-11-23T06:00:00Z")
        let saturday = ScheduledValue(value: "weekend", start: "2026-11-28T08:00:00Z")
        #expect(schedule.current(at: thursday, in: zone) == monday)
        #expect(schedule.next(after: thursday, in: zone) == saturday)
        #expect(schedule.current(at: "2026-11-30T05:59:59Z", in: zone) == saturday)
    }

    private let night = Schedule(
        days: [
            .saturday: [Switchpoint(time: "20:00", value: "evening")],
            .sunday: [
                Switchpoint(time: "01:10", value: "first"),
                Switchpoint(time: "01:30", value: "second"),
                Switchpoint(time: "02:10", value: "third"),
            ],
        ]
    )

    @Test("Switchpoints that the clock leaps over all come in the moment of the leap, and the last of them counts")
    func leaptOver() {
        let zone: LocationTimeZone = "Europe/London"
        let second = ScheduledValue(value: "second", start: "2026-03-29T01:00:00Z")
        #expect(night.current(at: "2026-03-29T00:59:59Z", in: zone)?.value == "evening")
        #expect(night.next(after: "2026-03-29T00:59:59Z", in: zone) == second)
        #expect(night.current(at: "2026-03-29T01:00:00Z", in: zone) == second)
        #expect(
            night.next(after: "2026-03-29T01:00:00Z", in: zone)
                == ScheduledValue(value: "third", start: "2026-03-29T01:10:00Z")
        )
    }

    @Test("Switchpoints whose time comes twice switch the first time, and are not undone by the second")
    func twice() {
        let zone: LocationTimeZone = "Europe/London"
        let second = ScheduledValue(value: "second", start: "2026-10-25T00:30:00Z")
        let third = ScheduledValue(value: "third", start: "2026-10-25T02:10:00Z")
        #expect(night.current(at: "2026-10-25T00:20:00Z", in: zone)?.value == "first")
        for now: Instant in [
            "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:20:00Z", "2026-10-25T02:09:59Z",
        ] {
            #expect(night.current(at: now, in: zone) == second)
            #expect(night.next(after: now, in: zone) == third)
        }
        #expect(night.current(at: third.start, in: zone) == third)
    }

    @Test("The order of switchpoints does not matter, but of two at one time the last counts")
    func unordered() {
        let schedule = Schedule(
            days: [
                .tuesday: [
                    Switchpoint(time: "22:00", value: "night"), Switchpoint(time: "07:00", value: "lost"),
                    Switchpoint(time: "07:00", value: "day"),
                ]
            ]
        )
        let zone: LocationTimeZone = "Europe/London"
        #expect(schedule.current(at: "2026-11-24T12:00:00Z", in: zone)?.value == "day")
        #expect(schedule.next(after: "2026-11-24T06:00:00Z", in: zone)?.value == "day")
        #expect(schedule.next(after: "2026-11-24T12:00:00Z", in: zone)?.value == "night")
    }

    @Test("At the ends of time nothing traps")
    func endsOfTime() {
        #expect(schedule.next(after: .latest, in: "Europe/London") == nil)
        #expect(schedule.current(at: .latest, in: "Europe/London")?.value == 16.0)
        _ = schedule.current(at: .earliest, in: "America/New_York")
        #expect(schedule.next(after: .earliest, in: "Europe/London") != nil)
    }
}

/// Compares the timeline with a clock that is watched minute by minute and knows nothing of changes, offsets or days.
@Suite("Current and next switchpoints, beside a watched clock")
struct WatchedClockTests {
    struct Change: CustomTestStringConvertible, Sendable {
        let zone: String
        let day: Instant
        var testDescription: String { "\(zone) around \(day)" }
    }

    static let changes: [Change] = [
        Change(zone: "Europe/London", day: "2026-03-29T00:00:00Z"),
        Change(zone: "Europe/London", day: "2026-10-25T00:00:00Z"),
        Change(zone: "America/New_York", day: "2026-03-08T00:00:00Z"),
        Change(zone: "America/New_York", day: "2026-11-01T00:00:00Z"),
        // Half an hour.
        Change(zone: "Australia/Lord_Howe", day: "2026-04-05T00:00:00Z"),
        Change(zone: "Australia/Lord_Howe", day: "2026-10-04T00:00:00Z"),
        // Over the date line: a day that never was.
        Change(zone: "Pacific/Apia", day: "2011-12-30T00:00:00Z"),
        Change(zone: "Pacific/Apia", day: "2012-04-01T00:00:00Z"),
        // At midnight, and over it and back.
        Change(zone: "America/Havana", day: "2026-03-08T00:00:00Z"),
        Change(zone: "America/Havana", day: "2026-11-01T00:00:00Z"),
        Change(zone: "America/Santiago", day: "2026-04-05T00:00:00Z"),
        Change(zone: "America/Santiago", day: "2026-09-06T00:00:00Z"),
        Change(zone: "America/St_Johns", day: "2010-11-07T00:00:00Z"),
        // No summer time.
        Change(zone: "Asia/Kolkata", day: "2026-03-29T00:00:00Z"),
        Change(zone: "Asia/Kathmandu", day: "2026-10-25T00:00:00Z"),
    ]

    @Test("Each minute of eight days agrees with a watched clock, for any schedule", arguments: changes)
    func agreesWithWatchedClock(change: Change) throws {
        var random = SeededGenerator(seed: change.day.millisecondsSince1970)
        let zone = try #require(LocationTimeZone(identifier: change.zone))
        let watched = try #require(TimeZone(identifier: change.zone))
        for _ in 0..<4 {
            let schedule = Self.schedule(with: &random)
            let switches = Self.switches(of: schedule, in: watched, around: change.day)
            var index = 0
            for minute in -4 * 1440..<4 * 1440 {
                let now = change.day + .seconds(minute * 60)
                while index + 1 < switches.count, switches[index + 1].start <= now { index += 1 }
                let current = schedule.current(at: now, in: zone)
                let next = schedule.next(after: now, in: zone)
                guard current == switches[index], next == switches[index + 1] else {
                    Issue.record(
                        "At \(now) \(schedule.days) gave \(String(describing: current)), then \(String(describing: next))"
                    )
                    return
                }
            }
        }
    }

    /// From none to six switchpoints a day on some days, many of them in the hours in which clocks change.
    private static func schedule(with random: inout SeededGenerator) -> Schedule<Int> {
        var value = 0
        var days: [Weekday: [Switchpoint<Int>]] = [:]
        for day in Weekday.allCases where Int.random(in: 0..<3, using: &random) > 0 {
            let times = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                10 * Int.random(in: 0..<(Bool.random(using: &random) ? 24 : 144), using: &random)
            }
            days[day] = Set(times).sorted().compactMap { minutes in
                value += 1
                return TimeOfDay(hour: minutes / 60, minute: minutes % 60).map { Switchpoint(time: $0, value: value) }
            }
        }
        // One that is sure to be there.
        days[.sunday, default: []].append(Switchpoint(time: "23:50", value: 0))
        return Schedule(days: days)
    }

    /// Watches the clock from two weeks before a day to two weeks after it. Each time that the minute hand reaches a
    /// minute for the first time, or leaps over it, the switchpoints of that minute of the week come.
    private static func switches(
        of schedule: Schedule<Int>,
        in zone: TimeZone,
        around day: Instant
    ) -> [ScheduledValue<Int>] {
        var valuesByMinuteOfWeek: [Int: Int] = [:]
        for (day, switchpoints) in schedule.days {
            for switchpoint in switchpoints {
                valuesByMinuteOfWeek[day.rawValue * 1440 + switchpoint.time.secondsSinceMidnight / 60] =
                    switchpoint.value
            }
        }
        var switches: [ScheduledValue<Int>] = []
        var reached: Int?
        for minute in -14 * 1440..<14 * 1440 {
            let now = day + .seconds(minute * 60)
            let date = Date(timeIntervalSince1970: Double(now.millisecondsSince1970 / 1000))
            let reading = now.millisecondsSince1970 / 60_000 + zone.secondsFromGMT(for: date) / 60
            for minute in (reached ?? reading - 1) + 1..<max(reading, reached ?? reading) + 1 {
                // The first minute of 1970 was one of a Thursday.
                guard let value = valuesByMinuteOfWeek[(minute + 3 * 1440) % (7 * 1440)] else { continue }
                if switches.last?.start == now { switches.removeLast() }
                switches.append(ScheduledValue(value: value, start: now))
            }
            reached = max(reading, reached ?? reading)
        }
        return switches
    }
}
