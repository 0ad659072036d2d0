import HeatingModel

/// `GET /temperatureZone/{id}/schedule`, as the vendor spells it.
struct WireZoneSchedule: Decodable, Sendable {
    struct Day: Decodable, Sendable {
        var dayOfWeek: String
        @Lenient var switchpoints: WireList<Switchpoint>?
    }

    struct Switchpoint: Decodable, Sendable {
        var heatSetpoint: Double
        var timeOfDay: String
    }

    @Lenient var dailySchedules: WireList<Day>?
}

extension WeekSchedule<Double> {
    /// Days and switchpoints that make no sense are left out; some thermostats have only two days.
    init(_ wire: WireZoneSchedule) {
        var days: [Weekday: [Switchpoint<Double>]] = [:]
        for day in wire.dailySchedules?.elements ?? [] {
            guard let weekday = Weekday(name: day.dayOfWeek) else { continue }
            days[weekday] = (day.switchpoints?.elements ?? []).compactMap { switchpoint in
                TimeOfDay(switchpoint.timeOfDay).map { Switchpoint(time: $0, value: switchpoint.heatSetpoint) }
            }
        }
        self.init(days: days)
    }
}
