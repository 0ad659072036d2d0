public import Basics

/// A value of a schedule, and the instant from which it holds.
public struct ScheduledValue<Value> {
    public let value: Value
    public let start: Instant

    public init(value: Value, start: Instant) {
        self.value = value
        self.start = start
    }
}

extension ScheduledValue: Sendable where Value: Sendable {}
extension ScheduledValue: Equatable where Value: Equatable {}
extension ScheduledValue: Hashable where Value: Hashable {}

extension WeekSchedule {
    /// The value that holds at an instant and the switchpoint with which it began, or `nil` for an empty schedule.
    ///
    /// A switchpoint counts from the first moment at which the clock reads its time, or has leapt over it: a time that
    /// comes twice switches once. Of switchpoints at the same moment the last one counts. One that repeats the value
    /// before it is a switchpoint all the same.
    public func current(at instant: Instant, in zone: LocationTimeZone) -> ScheduledValue<Value>? {
        timeline.current(at: instant, in: zone).flatMap(value)
    }

    /// The first switchpoint after an instant and when it comes, or `nil` for an empty schedule.
    ///
    /// The rules are those of ``current(at:in:)``, so at its start it is the current one.
    public func next(after instant: Instant, in zone: LocationTimeZone) -> ScheduledValue<Value>? {
        timeline.next(after: instant, in: zone).flatMap(value)
    }

    private func value(of entry: WeekTimeline.Entry, from start: Instant) -> ScheduledValue<Value>? {
        days[entry.day].map { ScheduledValue(value: $0[entry.index].value, start: start) }
    }
}
