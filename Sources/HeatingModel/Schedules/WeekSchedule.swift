public import Basics

/// What a zone or the hot water is to do over a week: for each day the times at which a new value begins to hold.
///
/// Times are those of the location's clock. A value holds until the next switchpoint, over midnight and over days that
/// have none. A schedule that the cloud reports can name fewer than seven days, as thermostats with one programme for
/// workdays and one for the weekend do (home-assistant/core#140520), and days with no switchpoint.
public struct WeekSchedule<Value> {
    /// The switchpoints of each day that the schedule names, in the order in which they were given.
    public let days: [Weekday: [Switchpoint<Value>]]

    let timeline: WeekTimeline

    /// Any days, switchpoints and order are taken; see ``problems(against:)`` for what the cloud takes.
    public init(days: [Weekday: [Switchpoint<Value>]]) {
        self.days = days
        self.timeline = WeekTimeline(times: days.mapValues { $0.map(\.time) })
    }

    /// Whether there is no switchpoint at all, so that nothing is ever current or next.
    public var isEmpty: Bool {
        timeline.isEmpty
    }
}

/// A time from which a value holds.
public struct Switchpoint<Value> {
    public let time: TimeOfDay
    public let value: Value

    public init(time: TimeOfDay, value: Value) {
        self.time = time
        self.value = value
    }
}

extension WeekSchedule: Sendable where Value: Sendable {}
extension WeekSchedule: Equatable where Value: Equatable {}
extension WeekSchedule: Hashable where Value: Hashable {}

extension Switchpoint: Sendable where Value: Sendable {}
extension Switchpoint: Equatable where Value: Equatable {}
extension Switchpoint: Hashable where Value: Hashable {}
