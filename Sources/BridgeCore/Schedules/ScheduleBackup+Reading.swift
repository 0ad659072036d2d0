import Basics
import HeatingModel

extension ScheduleBackup {
    /// Reads a backup by this program, evohome-async or evohomeclient2.
    ///
    /// - Throws: ``BackupProblems`` that name the entry, the day and the switchpoint. Every entry is looked at.
    public init(parsing bytes: some Collection<UInt8>) throws(BackupProblems) {
        let json: JSONValue
        do throws(JSONProblem) {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw BackupProblems(["The backup is not valid JSON: \(error.reason)."])
        }
        try self.init(json)
    }

    /// Reads a backup from a message.
    public init(_ json: JSONValue) throws(BackupProblems) {
        switch json {
        case .array(let elements):
            entries = try Self.read(elements) { element, number throws(Refusal) in
                try Entry(evohomeAsync: element, number: number)
            }
        case .object(let members) where json["schedules"] == nil:
            entries = try Self.read(members) { member, _ throws(Refusal) in try Entry(evohomeClient: member) }
        default:
            guard case .array(let elements)? = json["schedules"], json["version"] == .integer(Self.version) else {
                let form = "{\"version\":\(Self.version),\"schedules\":[…]}"
                throw BackupProblems(["The backup is not of the form \(form) that this version reads."])
            }
            entries = try Self.read(elements) { element, number throws(Refusal) in
                try Entry(ours: element, number: number)
            }
        }
        guard !entries.isEmpty else { throw BackupProblems(["The backup contains no schedules."]) }
    }

    /// Reads all of it before anything is said.
    private static func read<Element>(
        _ elements: [Element],
        as entry: (Element, Int) throws(Refusal) -> Entry?
    ) throws(BackupProblems) -> [Entry] {
        var entries: [Entry] = []
        var problems: [String] = []
        for (index, element) in elements.enumerated() {
            do throws(Refusal) {
                if let entry = try entry(element, index + 1) { entries.append(entry) }
            } catch {
                problems.append(error.message)
            }
        }
        guard problems.isEmpty else { throw BackupProblems(problems) }
        return entries
    }
}

extension ScheduleBackup.Entry {
    /// - Parameter number: Counted from 1, for an entry that does not say what it is of.
    fileprivate init(ours json: JSONValue, number: Int) throws(Refusal) {
        let (zone, hotWater) = (json.id(under: "zone_id"), json.id(under: "hot_water_id"))
        guard let id = zone ?? hotWater, zone == nil || hotWater == nil else {
            throw Refusal(.incomplete, "Entry \(number): it needs either zone_id or hot_water_id.")
        }
        let name = json.name
        let schedule = try Self.naming(id, name) { () throws(Refusal) -> AnySchedule in
            guard let schedule = json["schedule"] else { throw Refusal(.incomplete, "It has no schedule.") }
            return zone == nil ? .hotWater(try .init(schedule)) : .zone(try .init(schedule))
        }
        let location: String? = if case .string(let text)? = json["location"] { text } else { nil }
        self.init(id: id, name: name, location: location, schedule: schedule)
    }

    /// `{"zone_id":"1","name":"Kitchen","daily_schedules":[…]}`; hot water has `dhw_id`, and in some versions `zone_id`
    /// (evohome-async's `control_system.py`).
    ///
    /// - Returns: `nil` for an entry without days, which evohome-async writes if there is no schedule.
    fileprivate init?(evohomeAsync json: JSONValue, number: Int) throws(Refusal) {
        guard let id = json.id(under: "zone_id") ?? json.id(under: "dhw_id") else {
            throw Refusal(.incomplete, "Entry \(number): it has neither zone_id nor dhw_id.")
        }
        try self.init(id: id, name: json.name, days: json["daily_schedules"] ?? json["dailySchedules"])
    }

    /// `"1":{"name":"Kitchen","schedule":{"DailySchedules":[…]}}` (evohome-client's `controlsystem.py`).
    ///
    /// - Returns: `nil` for an entry without days.
    fileprivate init?(evohomeClient member: JSONValue.Member) throws(Refusal) {
        let days = member.value["schedule"]?.vendorMember("dailyschedules")
        try self.init(id: member.key, name: member.value.name, days: days)
    }

    private init?(id: String, name: String, days: JSONValue?) throws(Refusal) {
        let schedule = try Self.naming(id, name) { () throws(Refusal) -> AnySchedule? in
            guard case .array(let days)? = days else { throw Refusal(.malformed, "It has no list of daily schedules.") }
            return days.isEmpty ? nil : try AnySchedule(vendorDays: days)
        }
        guard let schedule else { return nil }
        self.init(id: id, name: name, location: nil, schedule: schedule)
    }

    /// Names the schedule's owner in an error.
    private static func naming<Result>(
        _ id: String,
        _ name: String,
        _ body: () throws(Refusal) -> Result
    ) throws(Refusal) -> Result {
        do throws(Refusal) {
            return try body()
        } catch {
            throw Refusal(error.code, "\(title(id: id, name: name)): \(error.message)")
        }
    }
}

extension JSONValue {
    fileprivate var name: String {
        if case .string(let name)? = self["name"] { name } else { "" }
    }

    /// An id, which some programs write as a number.
    fileprivate func id(under key: String) -> String? {
        switch self[key] {
        case .string(let text) where !text.isEmpty: text
        case .integer(let number): String(number)
        default: nil
        }
    }
}
