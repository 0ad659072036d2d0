/// Why a week is not one.
enum ScheduleProblem: Error, Hashable {
    /// Fewer than the seven days that a `PUT` must name.
    case dayMissing
    case malformed
}

/// How the two kinds of schedule spell a switchpoint's value.
protocol SwitchpointValue: Sendable, Hashable {
    static var key: String { get }
    init?(switchpoint: JSONObject)
    var json: JSON { get }
}

extension Double: SwitchpointValue {
    static var key: String { "heatSetpoint" }

    /// The second name is that of the older dialect, which clients of its age still send.
    init?(switchpoint: JSONObject) {
        guard let value = (switchpoint.value(Self.key) ?? switchpoint.value("targetTemperature"))?.double,
            (4...99).contains(value)
        else { return nil }
        self = value
    }

    var json: JSON { .number(self) }
}

extension Bool: SwitchpointValue {
    static var key: String { "dhwState" }

    init?(switchpoint: JSONObject) {
        switch switchpoint.value(Self.key) {
        case .string(let name) where name.lowercased() == "on": self = true
        case .string(let name) where name.lowercased() == "off": self = false
        case .number("1"): self = true
        case .number("0"): self = false
        default: return nil
        }
    }

    var json: JSON { .string(self ? "On" : "Off") }
}

extension WeekSchedule where Value: SwitchpointValue {
    /// Reads a captured document, which can lack days, and keeps it as it is.
    init?(captured document: JSON) {
        guard let days = try? Self.days(document) else { return nil }
        self.init(document: document, switchpoints: days.flatMap(\.switchpoints))
    }

    /// Reads what a client writes: keys in any case, days by name or number, all seven of them.
    init(written document: JSON) throws(ScheduleProblem) {
        let days = try Self.days(document)
        guard Set(days.map(\.day)).count == Weekday.allCases.count else { throw .dayMissing }
        let ordered = days.sorted { $0.day.number < $1.day.number }
        self.init(
            document: ["dailySchedules": .array(ordered.map(Self.document))],
            switchpoints: ordered.flatMap(\.switchpoints)
        )
    }

    private typealias Day = (day: Weekday, switchpoints: [Switchpoint])

    private static func days(_ document: JSON) throws(ScheduleProblem) -> [Day] {
        guard let members = document.object else { throw .malformed }
        guard let list = members.value("dailySchedules") else { throw .dayMissing }
        guard let entries = list.array else { throw .malformed }
        var days: [Day] = []
        for entry in entries {
            guard let entry = entry.object, let day = Weekday(entry.value("dayOfWeek")) else { throw .malformed }
            var switchpoints: [Switchpoint] = []
            for point in entry.value("switchpoints")?.array ?? [] {
                guard let point = point.object, let time = minuteOfDay(point.value("timeOfDay")),
                    let value = Value(switchpoint: point)
                else { throw .malformed }
                switchpoints.append(Switchpoint(minuteOfWeek: day.number * 1_440 + time, value: value))
            }
            days.append((day, switchpoints.sorted { $0.minuteOfWeek < $1.minuteOfWeek }))
        }
        return days
    }

    /// `HH:mm:ss` or `HH:mm`.
    private static func minuteOfDay(_ json: JSON?) -> Int? {
        let parts = json?.string?.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) } ?? []
        guard (2...3).contains(parts.count), let hour = parts[0], (0..<24).contains(hour),
            let minute = parts[1], (0..<60).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }

    private static func document(_ day: Day) -> JSON {
        let points = day.switchpoints.map { point -> JSON in
            let minute = point.minuteOfWeek % 1_440
            let time = [minute / 60, minute % 60, 0].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
            return [Value.key: point.value.json, "timeOfDay": .string(time)]
        }
        return ["dayOfWeek": .string(day.day.rawValue), "switchpoints": .array(points)]
    }
}
