import Basics
import Foundation
import HeatingModel
import TestBasics
import Testing

@Suite("Schedules that cannot be written")
struct ScheduleValidationTests {
    private static func schedule(_ changes: [Weekday: [Switchpoint<Temperature>]?] = [:]) -> Schedule<Temperature> {
        let usual: [Switchpoint<Temperature>] = [.init(time: "07:00", value: 21), .init(time: "22:10", value: 16)]
        var days = Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, usual) })
        for (day, switchpoints) in changes { days[day] = switchpoints }
        return Schedule(days: days)
    }

    private static func hourly(_ count: Int) -> [Switchpoint<Temperature>] {
        (0..<count).compactMap { hour in TimeOfDay(hour: hour, minute: 0).map { Switchpoint(time: $0, value: 20) } }
    }

    @Test("A good schedule has no problems, also with a first switchpoint at midnight and values between the steps")
    func good() {
        #expect(Self.schedule().problems(against: ScheduleLimits(), values: 5...35) == [])
        let odd = Self.schedule([
            .monday: [Switchpoint(time: "00:00", value: 18.1), Switchpoint(time: "23:50", value: 35)]
        ])
        #expect(odd.problems(against: ScheduleLimits(), values: 5...35) == [])
    }

    @Test(
        "Each problem names the day, the switchpoint and what is allowed",
        arguments: [
            (schedule([.sunday: nil]), ["Sunday is missing; a schedule names all seven days."]),
            (schedule([.monday: []]), ["Monday has no switchpoints; 1 to 6 a day are allowed."]),
            (
                schedule([.monday: hourly(7)]),
                ["Monday has 7 switchpoints; 1 to 6 a day are allowed."]
            ),
            (
                schedule([.tuesday: [.init(time: "07:00", value: 20), .init(time: "06:30", value: 20)]]),
                ["Tuesday, switchpoint 2 (06:30): it must be later than the one before it (07:00)."]
            ),
            (
                schedule([.tuesday: [.init(time: "07:00", value: 20), .init(time: "07:00", value: 21)]]),
                ["Tuesday, switchpoint 2 (07:00): it must be later than the one before it (07:00)."]
            ),
            (
                schedule([.wednesday: [.init(time: "06:35", value: 20)]]),
                ["Wednesday, switchpoint 1 (06:35): the time must be a multiple of 10 min."]
            ),
            (
                schedule([.wednesday: [.init(time: "06:30:30", value: 20)]]),
                ["Wednesday, switchpoint 1 (06:30:30): the time must be a multiple of 10 min."]
            ),
            (
                schedule([.friday: [.init(time: "06:30", value: 4.5)]]),
                ["Friday, switchpoint 1 (06:30): 4.5 is not in the range from 5.0 to 35.0."]
            ),
            (
                schedule([
                    .friday: [.init(time: "06:30", value: 20), .init(time: "22:00", value: Temperature(celsius: .nan))]
                ]),
                ["Friday, switchpoint 2 (22:00): nan is not in the range from 5.0 to 35.0."]
            ),
            (
                schedule([.friday: nil, .saturday: [.init(time: "06:35", value: 99)]]),
                [
                    "Friday is missing; a schedule names all seven days.",
                    "Saturday, switchpoint 1 (06:35): the time must be a multiple of 10 min.",
                    "Saturday, switchpoint 1 (06:35): 99.0 is not in the range from 5.0 to 35.0.",
                ]
            ),
        ]
    )
    func problems(schedule: Schedule<Temperature>, sentences: [String]) {
        #expect(schedule.problems(against: ScheduleLimits(), values: 5...35).map(\.description) == sentences)
    }

    @Test("A thermostat's limits apply: a quarter of an hour, up to four switchpoints")
    func thermostat() {
        let limits = ScheduleLimits(
            minimumSwitchpoints: 0,
            maximumSwitchpoints: 4,
            timingResolution: .seconds(900)
        )
        #expect(Self.schedule([.monday: []]).problems(against: limits).allSatisfy { "\($0)".contains("(22:10)") })
        #expect(Self.schedule([.monday: [.init(time: "06:45", value: 20)]]).problems(against: limits).count == 6)
    }

    @Test("Limits that make no sense, as a cloud could report them, do not trap")
    func oddLimits() {
        let limits = ScheduleLimits(minimumSwitchpoints: 3, maximumSwitchpoints: -1, timingResolution: .zero)
        #expect(limits.switchpointsPerDay == 3...3)
        let problem = Self.schedule([.monday: [.init(time: "06:31:07", value: 20)]]).problems(against: limits).first
        #expect(problem?.description == "Monday has 1 switchpoint; 3 a day must be given.")
        #expect(ScheduleLimits(minimumSwitchpoints: -5, maximumSwitchpoints: 2).switchpointsPerDay == 0...2)
    }
}
