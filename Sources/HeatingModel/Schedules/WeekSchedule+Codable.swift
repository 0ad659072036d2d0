import Basics

/// As an object of days in English, each a list of switchpoints; days that the schedule does not name are left out.
extension WeekSchedule: Codable where Value: Codable {
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
                debugDescription: "This is no time such as 07:00."
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
