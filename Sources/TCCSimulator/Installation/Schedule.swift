/// A weekly schedule in the location's wall-clock time, and the document that shows it.
struct Schedule<Value: SwitchpointValue>: Sendable, Hashable {
    private struct Switchpoint: Sendable, Hashable {
        /// Since Monday 00:00.
        let minuteOfWeek: Int
        let value: Value
    }

    private typealias Day = (day: Weekday, switchpoints: [Switchpoint])

    /// As `GET …/schedule` shows it.
    let document: JSON
    /// In the order of the week.
    private let switchpoints: [Switchpoint]

    /// Reads a captured document, which can lack days, and keeps it as it is.
    init?(captured document: JSON) {
        guard let days = try? Self.days(document) else { return nil }
        self.document = document
        switchpoints = Self.ordered(days)
    }

    /// Reads what a client writes: keys in any case, days by name or number, all seven of them.
    init(written document: JSON) throws(ScheduleError) {
        let days = try Self.days(document)
        guard Set(days.map(\.day)).count == Weekday.allCases.count else { throw .dayMissing }
        let ordered = days.sorted { $0.day.number < $1.day.number }
        self.document = ["dailySchedules": .array(ordered.map(Self.document))]
        switchpoints = Self.ordered(ordered)
    }

    /// The value in force: that of the last switchpoint. Before the first one of the week, the last one of the week
    /// before is in force.
    func value(at minuteOfWeek: Int) -> Value? {
        (switchpoints.last { $0.minuteOfWeek <= minuteOfWeek } ?? switchpoints.last)?.value
    }

    /// The value at a time of day by the schedule of one fixed weekday, as the mode `DayOff` uses it.
    func value(at minuteOfWeek: Int, asOn day: Weekday) -> Value? {
        value(at: day.number * 1_440 + minuteOfWeek % 1_440)
    }

    private static func ordered(_ days: [Day]) -> [Switchpoint] {
        days.flatMap(\.switchpoints).sorted { $0.minuteOfWeek < $1.minuteOfWeek }
    }

    private static func days(_ document: JSON) throws(ScheduleError) -> [Day] {
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

    /// Reads `HH:mm:ss` or `HH:mm`.
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
            return [Value.switchpointKey: point.value.switchpointJSON, "timeOfDay": .string(time)]
        }
        return ["dayOfWeek": .string(day.day.rawValue), "switchpoints": .array(points)]
    }
}

/// Why a document is not a schedule.
enum ScheduleError: Error, Hashable {
    /// A `PUT` has to name all seven days.
    case dayMissing
    case malformed
}

/// How the two kinds of schedule spell the value of a switchpoint.
protocol SwitchpointValue: Sendable, Hashable {
    static var switchpointKey: String { get }
    var switchpointJSON: JSON { get }
    init?(switchpoint: JSONObject)
}

extension Double: SwitchpointValue {
    static var switchpointKey: String { "heatSetpoint" }
    var switchpointJSON: JSON { .number(self) }

    /// Also takes the key of the old dialect, which old clients still send.
    init?(switchpoint: JSONObject) {
        guard let value = (switchpoint.value(Self.switchpointKey) ?? switchpoint.value("targetTemperature"))?.double,
            (4...99).contains(value)
        else { return nil }
        self = value
    }
}

extension Bool: SwitchpointValue {
    static var switchpointKey: String { "dhwState" }
    var switchpointJSON: JSON { .string(self ? "On" : "Off") }

    init?(switchpoint: JSONObject) {
        switch switchpoint.value(Self.switchpointKey) {
        case .string(let name) where name.lowercased() == "on": self = true
        case .string(let name) where name.lowercased() == "off": self = false
        case .number("1"): self = true
        case .number("0"): self = false
        default: return nil
        }
    }
}

/// The days in the vendor's order.
enum Weekday: String, CaseIterable {
    case monday = "Monday"
    case tuesday = "Tuesday"
    case wednesday = "Wednesday"
    case thursday = "Thursday"
    case friday = "Friday"
    case saturday = "Saturday"
    case sunday = "Sunday"

    /// The vendor's number: 0 for Monday.
    var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Reads a name in any case, or a number.
    init?(_ json: JSON?) {
        let found: Weekday? =
            switch json {
            case .string(let name): Self.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
            case .number: json?.int.flatMap { Self.allCases.indices.contains($0) ? Self.allCases[$0] : nil }
            default: nil
            }
        guard let found else { return nil }
        self = found
    }
}
