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
        // Where the clock has been put back over midnight, this is tomorrow, which has already begun once.
        let latest = zone.latestReading(upTo: instant)
        for day in stride(from: latest.day, through: latest.day - 8, by: -1) {
            for switchpoint in self.orderedSwitchpoints(onDay: day).reversed() {
                let local = LocalDateTime(day: day, time: switchpoint.time)
                guard local <= latest else { continue }
                let start = zone.instant(of: local)
                if start <= instant { return ScheduledValue(value: switchpoint.value, start: start) }
            }
        }
        return nil
    }

    /// The first switchpoint after an instant and when it comes, or `nil` for an empty schedule.
    ///
    /// The rules are those of ``current(at:in:)``, so at its start it is the current one.
    public func next(after instant: Instant, in zone: LocationTimeZone) -> ScheduledValue<Value>? {
        let now = zone.localDateTime(at: instant)
        var next: ScheduledValue<Value>?
        // One day more than a week: where the clock is put back over midnight, tomorrow's may have been already.
        for day in now.day...now.day + 8 {
            for switchpoint in self.orderedSwitchpoints(onDay: day) {
                let local = LocalDateTime(day: day, time: switchpoint.time)
                guard local > now else { continue }
                let start = zone.instant(of: local)
                if let next, next.start < start { return next }
                if start > instant { next = ScheduledValue(value: switchpoint.value, start: start) }
            }
        }
        return next
    }

    /// The switchpoints of a day, counted from 1970-01-01, by time; two at the same time stay in their order.
    private func orderedSwitchpoints(onDay day: Int) -> [Switchpoint<Value>] {
        let switchpoints = self.days[Weekday(daysSince1970: day)] ?? []
        let isOrdered = zip(switchpoints, switchpoints.dropFirst()).allSatisfy { $0.time <= $1.time }
        return isOrdered ? switchpoints : switchpoints.sorted { $0.time < $1.time }
    }
}
