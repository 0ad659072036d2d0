import Basics
import HeatingModel
import TestBasics
import Testing

@Suite("Schedules")
struct ScheduleTests {
    private typealias Days = [Weekday: [Switchpoint<Temperature>]]

    @Test("A schedule has the days and switchpoints that it was made of, in the order given", arguments: 0..<100)
    func days(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        var days: Days = [:]
        for day in Weekday.allCases where Int.random(in: 0..<4, using: &randomness) > 0 {
            days[day] = (0..<Int.random(in: 0..<5, using: &randomness)).map { _ in
                // Several at the same time, and not in order.
                let time = TimeOfDay(wrapping: Int.random(in: 0..<4, using: &randomness) * 21_600 + 21_599)
                return Switchpoint(time: time, value: .init(celsius: Double.random(in: 5...35, using: &randomness)))
            }
        }
        let schedule = Schedule(days: days)
        #expect(schedule.days == days)
        #expect(schedule == Schedule(days: schedule.days))
        #expect(schedule.isComplete == (days.count == 7))
        #expect(schedule.contains { $0 > 20 } == days.values.joined().contains { $0.value > 20 })
    }

    @Test("Schedules that differ are not equal")
    func equality() {
        let point = Switchpoint<Temperature>(time: .midnight, value: 20)
        let schedules = [
            Schedule(days: [:]), Schedule(days: [.monday: []]), Schedule(days: [.tuesday: []]),
            Schedule(days: [.monday: [point]]), Schedule(days: [.tuesday: [point]]),
            Schedule(days: [.monday: [point, point]]), Schedule(days: [.monday: [.init(time: .midnight, value: 21)]]),
            Schedule(days: [.monday: [.init(time: TimeOfDay(wrapping: 60), value: 20)]]),
        ]
        for (index, schedule) in schedules.enumerated() {
            #expect(schedules.indices.filter { schedules[$0] == schedule } == [index])
        }
    }
}
