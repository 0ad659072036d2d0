public import Basics

/// The weekly schedule of a zone or of hot water: for each day, the times at which a new value takes effect.
///
/// Times are those of the location's clock. A value holds until the next switchpoint, over midnight and over days that
/// have none. A schedule that the cloud reports can name fewer than seven days, as thermostats with one programme for
/// workdays and one for the weekend do (home-assistant/core#140520), and days with no switchpoint.
///
/// An installer's account has many thousands of them, so that the switchpoints are kept in as little as they need.
public struct Schedule<Value> {
    let timeline: ScheduleTimeline
    /// Of each switchpoint of the timeline.
    let values: [Value]
    /// Days that it names without a switchpoint.
    private let emptyDays: Set<Weekday>

    /// Accepts any days, switchpoints and order; see ``problems(against:)`` for what the cloud accepts.
    public init(days: [Weekday: [Switchpoint<Value>]]) {
        timeline = ScheduleTimeline(times: days.mapValues { $0.map(\.time) })
        values = timeline.entries.map { days[$0.day, default: []][$0.index].value }
        emptyDays = Set(days.filter(\.value.isEmpty).keys)
    }

    /// The switchpoints of each day that the schedule names, in the order in which they were given.
    public var days: [Weekday: [Switchpoint<Value>]] {
        var days: [Weekday: [Switchpoint<Value>]] = [:]
        for day in emptyDays { days[day] = [] }
        for number in timeline.numbersAsGiven {
            let entry = timeline.entries[number]
            days[entry.day, default: []].append(Switchpoint(time: entry.time, value: values[number]))
        }
        return days
    }
}

extension Schedule {
    /// Whether it names all seven days, as the cloud requires of a schedule that is written.
    public var isComplete: Bool { days.count == Weekday.allCases.count }

    /// The schedule with the days that another one names; its other days stay as they are.
    public func replacingDays(with other: Schedule) -> Schedule {
        Schedule(days: days.merging(other.days) { $1 })
    }

    /// Whether a switchpoint has such a value.
    public func contains(where isSuch: (Value) -> Bool) -> Bool { values.contains(where: isSuch) }
}

/// A time at which a value takes effect.
public struct Switchpoint<Value> {
    public let time: TimeOfDay
    public let value: Value

    public init(time: TimeOfDay, value: Value) {
        self.time = time
        self.value = value
    }
}

/// The schedule of a zone or of hot water.
public enum AnySchedule: Equatable, Sendable {
    case zone(Schedule<Temperature>)
    case hotWater(Schedule<HotWaterState>)

    /// Whether it names all seven days.
    public var isComplete: Bool {
        switch self {
        case .zone(let schedule): schedule.isComplete
        case .hotWater(let schedule): schedule.isComplete
        }
    }

    public var ofZone: Schedule<Temperature>? {
        if case .zone(let schedule) = self { schedule } else { nil }
    }

    public var ofHotWater: Schedule<HotWaterState>? {
        if case .hotWater(let schedule) = self { schedule } else { nil }
    }
}

extension Schedule: Sendable where Value: Sendable {}
extension Schedule: Equatable where Value: Equatable {}
extension Schedule: Hashable where Value: Hashable {}

extension Switchpoint: Sendable where Value: Sendable {}
extension Switchpoint: Equatable where Value: Equatable {}
extension Switchpoint: Hashable where Value: Hashable {}

/// As an object of days in English, each a list of switchpoints; days that the schedule does not name are left out.
extension Schedule: Codable where Value: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: DayKey.self)
        var days: [Weekday: [Switchpoint<Value>]] = [:]
        for key in container.allKeys {
            days[key.day] = try container.decode([Switchpoint<Value>].self, forKey: key)
        }
        self.init(days: days)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: DayKey.self)
        for (day, switchpoints) in days { try container.encode(switchpoints, forKey: DayKey(day: day)) }
    }
}

extension Switchpoint: Codable where Value: Codable {
    private enum CodingKeys: String, CodingKey {
        case time, value
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let time = TimeOfDay(try container.decode(String.self, forKey: .time)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .time,
                in: container,
                debugDescription: "This is not a time such as 07:00."
            )
        }
        self.init(time: time, value: try container.decode(Value.self, forKey: .value))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(time.description, forKey: .time)
        try container.encode(value, forKey: .value)
    }
}

private struct DayKey: CodingKey {
    var day: Weekday

    var stringValue: String { day.name }
    var intValue: Int? { nil }

    init(day: Weekday) {
        self.day = day
    }

    init?(stringValue: String) {
        guard let day = Weekday(name: stringValue) else { return nil }
        self.day = day
    }

    init?(intValue: Int) { nil }
}
