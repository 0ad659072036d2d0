public import Basics

/// The switchpoints of a schedule by their times alone, repeated week after week without end.
///
/// Each occurrence has a number, which grows with its time. That makes the switchpoint before and the one after a matter
/// of counting, over days that have none and over the end of the week. It knows no values, so that one version of it,
/// which the compiler can make fast, serves all schedules.
struct ScheduleTimeline: Hashable, Sendable {
    /// When a switchpoint comes, in eight bytes.
    struct Entry: Hashable, Sendable {
        private let second: Int32
        private let place: Int32

        fileprivate init(day: Weekday, index: Int, time: TimeOfDay) {
            second = Int32(day.rawValue * 86400 + time.secondsSinceMidnight)
            place = Int32(clamping: index)
        }

        var day: Weekday { Weekday(rawValue: secondOfWeek / 86400) ?? .sunday }
        var time: TimeOfDay { TimeOfDay(wrapping: secondOfWeek) }
        /// Its index among those of its day, as they were given.
        var index: Int { Int(place) }
        /// Seconds on the clock since Monday 00:00.
        fileprivate var secondOfWeek: Int { Int(second) }
    }

    /// By time; those at the same time in the order in which they were given.
    let entries: [Entry]

    init(times: [Weekday: [TimeOfDay]]) {
        let entries = times.flatMap { day, times in
            times.enumerated().map { Entry(day: day, index: $0.offset, time: $0.element) }
        }
        self.entries = entries.sorted { ($0.secondOfWeek, $0.index) < ($1.secondOfWeek, $1.index) }
    }

    /// The numbers of the entries, those of each day in the order in which they were given.
    var numbersAsGiven: [Int] {
        entries.indices.sorted { entries[$0].index < entries[$1].index }
    }

    /// The last occurrence that has come by an instant: the number of its entry, and when it came.
    func current(at instant: Instant, in zone: LocationTimeZone) -> (entry: Int, start: Instant)? {
        let last = number(atOrBefore: zone.latestReading(upTo: instant))
        for number in stride(from: last, to: last - farthestCount, by: -1) {
            let start = self.start(of: number, in: zone)
            if start <= instant { return (entry(number), start) }
        }
        return nil
    }

    /// The occurrence that comes next after an instant; the last one of those that come together.
    func next(after instant: Instant, in zone: LocationTimeZone) -> (entry: Int, start: Instant)? {
        let last = number(atOrBefore: zone.localDateTime(at: instant))
        var next: (entry: Int, start: Instant)?
        for number in last + 1..<last + 1 + farthestCount {
            let start = self.start(of: number, in: zone)
            if let next, next.start < start { return next }
            if start > instant { next = (entry(number), start) }
        }
        return next
    }

    /// How many occurrences are looked at, at the most: at a change of the clocks some come earlier or later than their
    /// reading has it, but never those of a whole week. It ends the search where the years end.
    private var farthestCount: Int { 2 * entries.count }

    private func entry(_ number: Int) -> Int { number.dividedDown(by: entries.count).remainder }

    private func start(of number: Int, in zone: LocationTimeZone) -> Instant {
        let (week, index) = number.dividedDown(by: entries.count)
        let second = week * Self.secondsPerWeek + entries[index].secondOfWeek - Self.secondsFromMondayTo1970
        return zone.instant(of: LocalDateTime(milliseconds: second * 1000))
    }

    /// The number of the last occurrence whose time is not later than a reading of the clock.
    private func number(atOrBefore reading: LocalDateTime) -> Int {
        let second = reading.milliseconds.dividedDown(by: 1000).quotient + Self.secondsFromMondayTo1970
        let (week, secondOfWeek) = second.dividedDown(by: Self.secondsPerWeek)
        let following = entries.firstIndex { $0.secondOfWeek > secondOfWeek } ?? entries.count
        return week * entries.count + following - 1
    }

    private static let secondsPerWeek = 7 * 86400

    /// 1 January 1970 was a Thursday.
    private static let secondsFromMondayTo1970 = 3 * 86400
}

/// A value of a schedule, and the instant at which it takes effect.
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

extension Schedule {
    /// The value that holds at an instant and the switchpoint with which it began, or `nil` for an empty schedule.
    ///
    /// A switchpoint counts from the first moment at which the clock reads its time, or has leapt over it: a time that
    /// comes twice switches once. Of switchpoints at the same moment the last one counts. One that repeats the value
    /// before it is a switchpoint all the same.
    public func current(at instant: Instant, in zone: LocationTimeZone) -> ScheduledValue<Value>? {
        timeline.current(at: instant, in: zone).map { ScheduledValue(value: values[$0.entry], start: $0.start) }
    }

    /// The first switchpoint after an instant and when it comes, or `nil` for an empty schedule.
    ///
    /// The rules are those of ``current(at:in:)``, so at its start it is the current one.
    public func next(after instant: Instant, in zone: LocationTimeZone) -> ScheduledValue<Value>? {
        timeline.next(after: instant, in: zone).map { ScheduledValue(value: values[$0.entry], start: $0.start) }
    }
}
