public import Basics

/// The schedule of a zone or of hot water as its control system follows it in a mode.
///
/// In `day_off` the switchpoints of Saturday come every day (Home Assistant core issue 65650). In `away`, `custom` and
/// `heating_off` none comes: setpoints are fixed, or those of a programme that only the controller knows.
public struct FollowedSchedule<Value> {
    private let schedule: Schedule<Value>?
    private let timeZone: LocationTimeZone

    /// - Parameters:
    ///   - schedule: As it was written; `nil` if there is none, or it was not read.
    ///   - mode: The control system's; `nil` if it is not known, which counts as `auto`.
    public init(_ schedule: Schedule<Value>?, in mode: SystemMode?, timeZone: LocationTimeZone) {
        self.timeZone = timeZone
        self.schedule =
            switch mode {
            case let mode? where !mode.followsSchedules: nil
            case .dayOff?: schedule?.everyDay(as: .saturday)
            default: schedule
            }
    }

    /// The value that the schedule sets at an instant, and since when; see ``Schedule/current(at:in:)``.
    public func current(at instant: Instant) -> ScheduledValue<Value>? {
        schedule?.current(at: instant, in: timeZone)
    }

    /// The first switchpoint after an instant; see ``Schedule/next(after:in:)``.
    public func next(after instant: Instant) -> ScheduledValue<Value>? {
        schedule?.next(after: instant, in: timeZone)
    }
}

extension Schedule {
    fileprivate func everyDay(as day: Weekday) -> Schedule {
        let switchpoints = days[day] ?? []
        return Schedule(days: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, switchpoints) }))
    }
}
