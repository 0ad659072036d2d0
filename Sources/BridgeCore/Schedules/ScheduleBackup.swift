import Basics
public import HeatingModel

/// The weeks of zones and hot water as a file keeps them: what can be read from the cloud and written back.
///
/// ```
/// {"version":1,"schedules":[
///   {"location":"Home","zone_id":"2100005","name":"Kitchen","schedule":{"monday":[{"time":"07:00","setpoint":19.5}],…}},
///   {"location":"Home","hot_water_id":"2100010","name":"Hot water","schedule":{"monday":[{"time":"06:30","state":"on"}],…}}
/// ]}
/// ```
public struct ScheduleBackup: Equatable, Sendable {
    /// The version that is written, and the only one that is read.
    static let version = 1

    public var entries: [Entry]

    public init(entries: [Entry]) {
        self.entries = entries
    }

    /// A week, and what it is of.
    public struct Entry: Equatable, Sendable {
        /// The vendor's id of the zone or hot water.
        public var id: String
        public var name: String
        /// The location's name; `nil` where a file of another program does not tell it.
        public var location: String?
        public var week: Week

        public init(id: String, name: String, location: String?, week: Week) {
            self.id = id
            self.name = name
            self.location = location
            self.week = week
        }
    }

    /// A week of either kind.
    public enum Week: Equatable, Sendable {
        case zone(WeekSchedule<Double>)
        case hotWater(WeekSchedule<HotWaterState>)
    }
}

extension ScheduleBackup {
    /// The weeks of zones and hot water, as far as they were read and are there.
    public init(_ schedules: KnownSchedules, of targets: [NamedTarget]) {
        entries = targets.compactMap { named in
            Week(of: named.target, in: schedules).map {
                Entry(id: named.id, name: named.name, location: named.location, week: $0)
            }
        }
    }

    /// The form that a file has, and an answer on a topic.
    public var json: JSONValue {
        ["version": .integer(Self.version), "schedules": .array(entries.map(\.json))]
    }
}

extension ScheduleBackup.Week {
    /// - Returns: `nil` for one that was not read, or does not exist.
    public init?(of target: Target, in schedules: KnownSchedules) {
        let week: Self? =
            switch target {
            case .zone(let id, in: _): schedules[id].week.map(Self.zone)
            case .hotWater(let id, in: _): schedules[id].week.map(Self.hotWater)
            case .system: nil
            }
        guard let week else { return nil }
        self = week
    }

    public var json: JSONValue {
        switch self {
        case .zone(let week): week.json
        case .hotWater(let week): week.json
        }
    }

    /// What writes it.
    public var order: Order {
        switch self {
        case .zone(let week): .zoneSchedule(week)
        case .hotWater(let week): .hotWaterSchedule(week)
        }
    }
}

extension ScheduleBackup.Entry {
    /// How sentences name it.
    var title: String { Self.title(id: id, name: name) }

    static func title(id: String, name: String) -> String { "\"\(name.excerpt)\" (\(id.excerpt))" }

    fileprivate var json: JSONValue {
        let key = if case .zone = week { "zone_id" } else { "hot_water_id" }
        return .object(
            JSONValue.Member.all([
                "location": location.map(JSONValue.string), key: .string(id), "name": .string(name),
                "schedule": week.json,
            ])
        )
    }
}
