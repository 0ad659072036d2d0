import Basics
import Foundation
import HeatingModel
import TestBasics
import Testing

@Suite("Schedules as a mode follows them")
struct FollowedScheduleTests {
    private static let london: LocationTimeZone = "Europe/London"

    /// Saturday and Sunday differ from workdays, and from each other.
    private static let schedule: Schedule<Temperature> = {
        let workday: [Switchpoint<Temperature>] = [.init(time: "07:00", value: 21), .init(time: "22:00", value: 16)]
        var days = Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, workday) })
        days[.saturday] = [.init(time: "09:00", value: 20), .init(time: "23:00", value: 15)]
        days[.sunday] = [.init(time: "10:00", value: 19)]
        return Schedule(days: days)
    }()

    private static func followed(in mode: SystemMode?) -> FollowedSchedule<Temperature> {
        FollowedSchedule(schedule, in: mode, timeZone: london)
    }

    typealias Row = (now: Instant, current: Temperature, since: Instant, next: Temperature, at: Instant)

    @Test(
        "On a day off Saturday's switchpoints come every day, also when the clocks change",
        arguments: [
            ("2026-11-24T08:00:00Z", 15, "2026-11-23T23:00:00Z", 20, "2026-11-24T09:00:00Z"),
            ("2026-11-24T09:00:00Z", 20, "2026-11-24T09:00:00Z", 15, "2026-11-24T23:00:00Z"),
            ("2026-11-29T09:59:59Z", 20, "2026-11-29T09:00:00Z", 15, "2026-11-29T23:00:00Z"),
            ("2026-03-29T07:59:59Z", 15, "2026-03-28T23:00:00Z", 20, "2026-03-29T08:00:00Z"),
            ("2026-03-29T12:00:00Z", 20, "2026-03-29T08:00:00Z", 15, "2026-03-29T22:00:00Z"),
            ("2026-10-25T08:59:59Z", 15, "2026-10-24T22:00:00Z", 20, "2026-10-25T09:00:00Z"),
            ("2026-10-25T12:00:00Z", 20, "2026-10-25T09:00:00Z", 15, "2026-10-25T23:00:00Z"),
        ] as [Row]
    )
    func dayOff(row: Row) {
        let followed = Self.followed(in: .dayOff)
        #expect(followed.current(at: row.now) == ScheduledValue(value: row.current, start: row.since))
        #expect(followed.next(after: row.now) == ScheduledValue(value: row.next, start: row.at))
    }

    @Test(
        "Each minute of a day off agrees with what a clock on the wall reads",
        arguments: ["2026-03-27T00:00:00Z", "2026-10-23T00:00:00Z", "2026-11-24T00:00:00Z"] as [Instant]
    )
    func watched(start: Instant) throws {
        let zone = try #require(TimeZone(identifier: "Europe/London"))
        let followed = Self.followed(in: .dayOff)
        var expectedNext = followed.next(after: start)
        for minute in 1...5 * 1440 {
            let now = start + .seconds(60 * minute)
            let seconds = now.millisecondsSince1970 / 1000
            let date = Date(timeIntervalSince1970: Double(seconds))
            let hour = (seconds + zone.secondsFromGMT(for: date)) / 3600 % 24
            #expect(followed.current(at: now)?.value == ((9..<23).contains(hour) ? 20 : 15), "\(now)")
            if let next = expectedNext, next.start <= now {
                #expect(followed.current(at: now) == next)
                expectedNext = followed.next(after: now)
            }
            #expect(followed.next(after: now) == expectedNext)
        }
    }

    @Test("In other modes no switchpoint comes", arguments: [SystemMode.away, .custom, .heatingOff, .off])
    func none(mode: SystemMode) {
        #expect(!mode.followsSchedules)
        #expect(Self.followed(in: mode).current(at: "2026-11-24T12:00:00Z") == nil)
        #expect(Self.followed(in: mode).next(after: "2026-11-24T12:00:00Z") == nil)
    }

    @Test(
        "In all others, known or not, the schedule is followed as it was written",
        arguments: [nil, .auto, .autoWithEco, .autoWithReset, .heat, .cool, SystemMode(rawValue: "hibernate")]
    )
    func asWritten(mode: SystemMode?) {
        let now: Instant = "2026-11-28T12:00:00Z"
        #expect(Self.followed(in: mode).current(at: now) == Self.schedule.current(at: now, in: Self.london))
        #expect(Self.followed(in: mode).next(after: now) == Self.schedule.next(after: now, in: Self.london))
    }

    @Test("Without a schedule, or without a Saturday in it, nothing is made up")
    func nothing() {
        let now: Instant = "2026-11-24T12:00:00Z"
        let monday = Schedule<Temperature>(days: [.monday: [.init(time: "07:00", value: 21)]])
        for schedule in [nil, monday] {
            let followed = FollowedSchedule(schedule, in: .dayOff, timeZone: Self.london)
            #expect(followed.current(at: now) == nil)
            #expect(followed.next(after: now) == nil)
        }
    }
}
