import Basics
import HeatingModel

/// `…/schedule` of a zone or of hot water, as the vendor spells it, for reading and for writing.
struct WireSchedule<Switchpoint: WireSwitchpoint>: Codable, Sendable {
    struct Day: Codable, Sendable {
        var dayOfWeek: WireText<WireTimes.Weekdays>
        var switchpoints: WireList<Switchpoint>

        init(_ day: Weekday, switchpoints: WireList<Switchpoint>) {
            dayOfWeek = WireText(day.capitalizedName)
            self.switchpoints = switchpoints
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            dayOfWeek = try container.decode(WireText<WireTimes.Weekdays>.self, forKey: .dayOfWeek)
            switchpoints =
                try container.decode(Lenient<WireList>.self, forKey: .switchpoints).wrappedValue ?? WireList([])
        }
    }

    var dailySchedules: WireList<Day>

    init(_ schedule: Schedule<Switchpoint.Value>) {
        let days = Weekday.allCases.compactMap { day in
            schedule.days[day].map { switchpoints in
                Day(
                    day,
                    switchpoints: WireList(switchpoints.map { Switchpoint($0.value, at: $0.time.withSeconds) })
                )
            }
        }
        dailySchedules = WireList(days)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dailySchedules =
            try container.decode(Lenient<WireList>.self, forKey: .dailySchedules).wrappedValue ?? WireList([])
    }

    /// Days and switchpoints that make no sense are left out; some thermostats have only two days.
    var schedule: Schedule<Switchpoint.Value> {
        var days: [Weekday: [HeatingModel.Switchpoint<Switchpoint.Value>]] = [:]
        for day in dailySchedules.elements {
            guard let weekday = Weekday(name: day.dayOfWeek.text) else { continue }
            days[weekday] = day.switchpoints.elements.compactMap { switchpoint in
                TimeOfDay(switchpoint.timeOfDay.text).map { .init(time: $0, value: switchpoint.value) }
            }
        }
        return Schedule(days: days)
    }
}

/// A switchpoint on the wire.
protocol WireSwitchpoint: Codable, Sendable {
    associatedtype Value: Sendable

    /// `07:00:00`, on the location's clock.
    var timeOfDay: WireText<WireTimes.TimesOfDay> { get }
    var value: Value { get }

    init(_ value: Value, at timeOfDay: String)
}

struct WireZoneSwitchpoint: WireSwitchpoint {
    var heatSetpoint: Temperature
    var timeOfDay: WireText<WireTimes.TimesOfDay>

    var value: Temperature { heatSetpoint }

    init(_ value: Temperature, at timeOfDay: String) {
        heatSetpoint = value
        self.timeOfDay = WireText(timeOfDay)
    }
}

struct WireHotWaterSwitchpoint: WireSwitchpoint {
    var dhwState: WireText<Vocabulary.HotWaterStates>
    var timeOfDay: WireText<WireTimes.TimesOfDay>

    var value: HotWaterState { HotWaterState(vendorText: dhwState.text) }

    init(_ value: HotWaterState, at timeOfDay: String) {
        dhwState = WireText(value.vendorText)
        self.timeOfDay = WireText(timeOfDay)
    }
}
