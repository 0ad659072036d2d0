import Basics
import HeatingModel

/// `…/schedule` of a zone or of hot water, as the vendor spells it, for reading and for writing.
struct WireSchedule<Switchpoint: WireSwitchpoint>: WireObject, Encodable, Sendable {
    struct Day: WireObject, Encodable, Sendable {
        let dayOfWeek: WireText<WireTimes.Weekdays>
        let switchpoints: [Switchpoint]

        init(_ day: Weekday, switchpoints: [Switchpoint]) {
            dayOfWeek = WireText(day.capitalizedName)
            self.switchpoints = switchpoints
        }

        init(_ members: WireMembers) throws(WireProblem) {
            dayOfWeek = try members.required("dayOfWeek")
            switchpoints = members.optional("switchpoints") ?? []
        }
    }

    let dailySchedules: [Day]

    init(_ schedule: Schedule<Switchpoint.Value>) {
        let days = schedule.days
        dailySchedules = Weekday.allCases.compactMap { day in
            days[day].map { switchpoints in
                Day(day, switchpoints: switchpoints.map { Switchpoint($0.value, at: $0.time.withSeconds) })
            }
        }
    }

    init(_ members: WireMembers) throws(WireProblem) {
        dailySchedules = members.optional("dailySchedules") ?? []
    }

    /// Days and switchpoints that make no sense are left out; some thermostats have only two days.
    var schedule: Schedule<Switchpoint.Value> {
        var days: [Weekday: [HeatingModel.Switchpoint<Switchpoint.Value>]] = [:]
        for day in dailySchedules {
            guard let weekday = Weekday(name: day.dayOfWeek.text) else { continue }
            days[weekday] = day.switchpoints.compactMap { switchpoint in
                TimeOfDay(switchpoint.timeOfDay.text).map { .init(time: $0, value: switchpoint.value) }
            }
        }
        return Schedule(days: days)
    }
}

/// A switchpoint on the wire.
protocol WireSwitchpoint: WireObject, Encodable, Sendable {
    associatedtype Value: Sendable

    /// `07:00:00`, on the location's clock.
    var timeOfDay: WireText<WireTimes.TimesOfDay> { get }
    var value: Value { get }

    init(_ value: Value, at timeOfDay: String)
}

struct WireZoneSwitchpoint: WireSwitchpoint {
    let heatSetpoint: Temperature
    let timeOfDay: WireText<WireTimes.TimesOfDay>

    var value: Temperature { heatSetpoint }

    init(_ value: Temperature, at timeOfDay: String) {
        heatSetpoint = value
        self.timeOfDay = WireText(timeOfDay)
    }

    init(_ members: WireMembers) throws(WireProblem) {
        heatSetpoint = try members.required("heatSetpoint")
        timeOfDay = try members.required("timeOfDay")
    }
}

struct WireHotWaterSwitchpoint: WireSwitchpoint {
    let dhwState: WireText<Vocabulary.HotWaterStates>
    let timeOfDay: WireText<WireTimes.TimesOfDay>

    var value: HotWaterState { HotWaterState(vendorText: dhwState.text) }

    init(_ value: HotWaterState, at timeOfDay: String) {
        dhwState = WireText(value.vendorText)
        self.timeOfDay = WireText(timeOfDay)
    }

    init(_ members: WireMembers) throws(WireProblem) {
        dhwState = try members.required("dhwState")
        timeOfDay = try members.required("timeOfDay")
    }
}
