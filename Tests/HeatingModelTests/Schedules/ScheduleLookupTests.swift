import Basics
import HeatingModel
import TestBasics
import Testing

struct ScheduleLookupTests {
    /// Workdays 07:00 and 22:00, weekends 09:00 and 23:00.
    private let week = Schedule(
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
    func weekInLondon(row: Row) {
        let zone: LocationTimeZone = "Europe/London"
        #expect(self.week.current(at: row.now, in: zone) == ScheduledValue(value: row.current, start: row.since))
        #expect(self.week.next(after: row.now, in: zone) == ScheduledValue(value: row.next, start: row.at))
    }

    @Test("A schedule with nothing in it has nothing current and nothing next")
    func empty() {
        for schedule in [Schedule<Temperature>(days: [:]), Schedule<Temperature>(days: [.monday: [], .sunday: []])] {
            #expect(schedule.isEmpty)
            #expect(schedule.current(at: "2026-11-24T18:00:00Z", in: "Europe/London") == nil)
            #expect(schedule.next(after: "2026-11-24T18:00:00Z", in: "Europe/London") == nil)
        }
        #expect(!self.week.isEmpty)
    }

    @Test("A single switchpoint holds all week, until it comes again")
    func single() {
        let schedule = Schedule(days: [.tuesday: [Switchpoint(time: "18:00", value: "on")], .friday: []])
        let (before, at): (Instant, Instant) = ("2026-11-24T17:59:59Z", "2026-11-24T18:00:00Z")
        let zone: LocationTimeZone = "Europe/London"
        #expect(schedule.current(at: before, in: zone) == ScheduledValue(value: "on", start: "2026-11-17T18:00:00Z"))
        #expect(schedule.next(after: before, in: zone) == ScheduledValue(value: "on", start: at))
        #expect(schedule.current(at: at, in: zone) == ScheduledValue(value: "on", start: at))
        #expect(schedule.next(after: at, in: zone) == ScheduledValue(value: "on", start: "2026-12-01T18:00:00Z"))
    }

    @Test("With a week of two days each holds until the other")
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
        #expect(self.night.current(at: "2026-03-29T00:59:59Z", in: zone)?.value == "evening")
        #expect(self.night.next(after: "2026-03-29T00:59:59Z", in: zone) == second)
        #expect(self.night.current(at: "2026-03-29T01:00:00Z", in: zone) == second)
        #expect(
            self.night.next(after: "2026-03-29T01:00:00Z", in: zone)
                == ScheduledValue(value: "third", start: "2026-03-29T01:10:00Z")
        )
    }

    @Test("Switchpoints whose time comes twice switch the first time, and are not undone by the second")
    func twice() {
        let zone: LocationTimeZone = "Europe/London"
        let second = ScheduledValue(value: "second", start: "2026-10-25T00:30:00Z")
        let third = ScheduledValue(value: "third", start: "2026-10-25T02:10:00Z")
        #expect(self.night.current(at: "2026-10-25T00:20:00Z", in: zone)?.value == "first")
        for now: Instant in [
            "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:20:00Z", "2026-10-25T02:09:59Z",
        ] {
            #expect(self.night.current(at: now, in: zone) == second)
            #expect(self.night.next(after: now, in: zone) == third)
        }
        #expect(self.night.current(at: third.start, in: zone) == third)
    }

    @Test("The order in which switchpoints stand does not matter, but of two at one time the last counts")
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
        #expect(self.week.next(after: .latest, in: "Europe/London") == nil)
        #expect(self.week.current(at: .latest, in: "Europe/London")?.value == 16.0)
        _ = self.week.current(at: .earliest, in: "America/New_York")
        #expect(self.week.next(after: .earliest, in: "Europe/London") != nil)
    }
}
