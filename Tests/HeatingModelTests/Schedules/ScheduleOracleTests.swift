import Basics
import Foundation
import HeatingModel
import TestBasics
import Testing

/// Compares the lookup with a clock that is watched minute by minute and knows nothing of changes, offsets or days.
struct ScheduleOracleTests {
    struct CloudCall: CustomTestStringConvertible, Sendable {
        let zone: String
        let day: Instant
        var testDescription: String { "\(self.zone) around \(self.day)" }
    }

    static let changes: [CloudCall] = [
        CloudCall(zone: "Europe/London", day: "2026-03-29T00:00:00Z"),
        CloudCall(zone: "Europe/London", day: "2026-10-25T00:00:00Z"),
        CloudCall(zone: "America/New_York", day: "2026-03-08T00:00:00Z"),
        CloudCall(zone: "America/New_York", day: "2026-11-01T00:00:00Z"),
        // Half an hour.
        CloudCall(zone: "Australia/Lord_Howe", day: "2026-04-05T00:00:00Z"),
        CloudCall(zone: "Australia/Lord_Howe", day: "2026-10-04T00:00:00Z"),
        // Over the date line: a day that never was.
        CloudCall(zone: "Pacific/Apia", day: "2011-12-30T00:00:00Z"),
        CloudCall(zone: "Pacific/Apia", day: "2012-04-01T00:00:00Z"),
        // At midnight, and over it and back.
        CloudCall(zone: "America/Havana", day: "2026-03-08T00:00:00Z"),
        CloudCall(zone: "America/Havana", day: "2026-11-01T00:00:00Z"),
        CloudCall(zone: "America/Santiago", day: "2026-04-05T00:00:00Z"),
        CloudCall(zone: "America/Santiago", day: "2026-09-06T00:00:00Z"),
        CloudCall(zone: "America/St_Johns", day: "2010-11-07T00:00:00Z"),
        // No summer time.
        CloudCall(zone: "Asia/Kolkata", day: "2026-03-29T00:00:00Z"),
        CloudCall(zone: "Asia/Kathmandu", day: "2026-10-25T00:00:00Z"),
    ]

    @Test("Each minute of a week agrees with a clock that was watched, for any schedule", arguments: Self.changes)
    func agreesWithWatchedClock(change: CloudCall) throws {
        var random = SplitMix64(seed: UInt64(bitPattern: Int64(change.day.millisecondsSince1970)))
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
    private static func schedule(with random: inout SplitMix64) -> Schedule<Int> {
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

/// A generator of random numbers whose sequence is known by its seed, so that a failure comes again.
private struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
