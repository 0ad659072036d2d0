/// A week of switchpoints, in the location's wall-clock time, and the document that shows it.
struct WeekSchedule<Value: Sendable & Hashable>: Sendable, Hashable {
    struct Switchpoint: Sendable, Hashable {
        /// Counted from Monday 00:00.
        let minuteOfWeek: Int
        let value: Value
    }

    /// As `GET …/schedule` gives it.
    let document: JSON
    /// In the order of the week.
    let switchpoints: [Switchpoint]

    init(document: JSON, switchpoints: [Switchpoint]) {
        self.document = document
        self.switchpoints = switchpoints.sorted { $0.minuteOfWeek < $1.minuteOfWeek }
    }

    /// The value in force: that of the last switchpoint, which for the first hours of a week is last week's.
    func value(at minuteOfWeek: Int) -> Value? {
        (switchpoints.last { $0.minuteOfWeek <= minuteOfWeek } ?? switchpoints.last)?.value
    }

    /// The value that one day's switchpoints give at a time of any day, as the mode `DayOff` shows it.
    func value(at minuteOfWeek: Int, asOn day: Weekday) -> Value? {
        value(at: day.number * 1_440 + minuteOfWeek % 1_440)
    }
}

/// The days in the vendor's order and numbers: 0 is Monday.
enum Weekday: String, CaseIterable {
    case monday = "Monday"
    case tuesday = "Tuesday"
    case wednesday = "Wednesday"
    case thursday = "Thursday"
    case friday = "Friday"
    case saturday = "Saturday"
    case sunday = "Sunday"

    /// 0 for Monday.
    var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// By name in any case, or by number.
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
