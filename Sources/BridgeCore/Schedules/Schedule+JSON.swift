import Basics
public import HeatingModel

extension Schedule where Value: SetpointOrState {
    /// Reads a schedule in the form of its topic, all of it or some of its days. It is not checked against its target.
    ///
    /// - Throws: ``Refusal`` that names the day and the switchpoint.
    init(_ requested: JSONValue) throws(Refusal) {
        guard case .object(let members) = requested else {
            throw Refusal(.malformed, "The schedule is not a JSON object of days.")
        }
        var days: [Weekday: [Switchpoint<Value>]] = [:]
        for member in members where !RequestMembers.marks.contains(member.key) {
            guard let day = Weekday(name: member.key) else {
                throw Refusal.unknownKey(member.key, known: Weekday.allCases.map(\.name) + RequestMembers.marks)
            }
            guard days[day] == nil else { throw Refusal(.malformed, "\(day.capitalizedName) is given twice.") }
            guard case .array(let switchpoints) = member.value else {
                throw Refusal(.malformed, "\(day.capitalizedName) is not a list of switchpoints.")
            }
            days[day] = try Self.switchpoints(switchpoints, on: day, as: Self.switchpoint)
        }
        self.init(days: days)
    }

    /// Reads a schedule from a message: in the form of its topic, in the vendor's, or as the member `schedule`, where
    /// outcomes and backups have it.
    init(message requested: JSONValue) throws(Refusal) {
        // What the entry of a backup says of its owner. The topic says it already.
        let owner = ["name", "location", "zoneId", "dhwId", "hotWaterId"]
        var schedule = requested
        if let inner = requested.vendorMember("schedule") {
            try requested.checkVendorKeys(["schedule"] + owner)
            schedule = inner
        }
        guard let days = schedule.vendorMember("dailyschedules") else {
            try self.init(schedule)
            return
        }
        try schedule.checkVendorKeys(["dailySchedules"] + owner)
        guard case .array(let list) = days else { throw Refusal(.malformed, "dailySchedules is not a list of days.") }
        try self.init(vendorDays: list)
    }

    /// - Parameter switchpoint: Reads one of them. Errors get its day and number.
    static func switchpoints(
        _ values: [JSONValue],
        on day: Weekday,
        as switchpoint: (JSONValue) throws(Refusal) -> Switchpoint<Value>
    ) throws(Refusal) -> [Switchpoint<Value>] {
        var switchpoints: [Switchpoint<Value>] = []
        for (index, value) in values.enumerated() {
            do throws(Refusal) {
                switchpoints.append(try switchpoint(value))
            } catch {
                throw Refusal(error.code, "\(day.capitalizedName), switchpoint \(index + 1): \(error.message)")
            }
        }
        return switchpoints
    }

    private static func switchpoint(_ value: JSONValue) throws(Refusal) -> Switchpoint<Value> {
        guard case .object(let members) = value else {
            throw Refusal(.malformed, "It is not an object such as {\"time\":\"07:00\",…}.")
        }
        for member in members where member.key != "time" && member.key != Value.key {
            throw Refusal.unknownKey(member.key, known: ["time", Value.key])
        }
        guard case .string(let text)? = value["time"], let time = TimeOfDay(text) else {
            throw Refusal(.malformed, "It has no time such as \"07:00\".")
        }
        guard let requested = value[Value.key] else { throw Refusal(.incomplete, "It has no \(Value.key).") }
        return Switchpoint(time: time, value: try Value(requested: requested))
    }
}

extension Schedule where Value: SetpointOrState {
    /// The schedule in the location's local time: `{"monday":[{"time":"07:00","setpoint":18.1},…],…}`.
    public var json: JSONValue {
        let days = self.days
        return .object(
            Weekday.allCases.compactMap { day in
                days[day].map { JSONValue.Member(day.name, .array($0.map(\.json))) }
            }
        )
    }
}

extension Switchpoint where Value: SetpointOrState {
    fileprivate var json: JSONValue {
        .object([.init("time", .string("\(time)")), .init(Value.key, value.json)])
    }
}

// Schedules in the vendor's form, in any spelling that clients have used: `dayOfWeek`, `DayOfWeek` and
// `day_of_week`, days by name or by number from Monday, which is 0 (evohome-client, evohome-async).

extension AnySchedule {
    /// - Parameter days: At least one.
    init(vendorDays days: [JSONValue]) throws(Refusal) {
        let switchpoints = days.flatMap { day in
            if case .array(let switchpoints)? = day.vendorMember("switchpoints") { switchpoints } else { [JSONValue]() }
        }
        guard !switchpoints.isEmpty else {
            throw Refusal(
                .incomplete,
                "It has no switchpoint, so it is not clear whether it is for a zone or for hot water."
            )
        }
        // The same key can name a zone and hot water; the values of its switchpoints show which.
        let isHotWater = switchpoints.contains { HotWaterState.vendorValue(of: $0) != nil }
        self = isHotWater ? .hotWater(try Schedule(vendorDays: days)) : .zone(try Schedule(vendorDays: days))
    }
}

extension Schedule where Value: SetpointOrState {
    fileprivate init(vendorDays values: [JSONValue]) throws(Refusal) {
        var days: [Weekday: [Switchpoint<Value>]] = [:]
        for (index, value) in values.enumerated() {
            guard let day = Weekday(vendorDay: value.vendorMember("dayofweek")) else {
                throw Refusal(
                    .malformed,
                    "Day \(index + 1) has neither a name such as Monday nor a number from 0 to 6."
                )
            }
            guard days[day] == nil else { throw Refusal(.malformed, "\(day.capitalizedName) is given twice.") }
            guard case .array(let switchpoints)? = value.vendorMember("switchpoints") else {
                throw Refusal(.malformed, "\(day.capitalizedName) has no list of switchpoints.")
            }
            days[day] = try Self.switchpoints(switchpoints, on: day, as: Self.vendorSwitchpoint)
        }
        self.init(days: days)
    }

    private static func vendorSwitchpoint(_ value: JSONValue) throws(Refusal) -> Switchpoint<Value> {
        guard case .string(let text)? = value.vendorMember("timeofday"), let time = TimeOfDay(text) else {
            throw Refusal(.malformed, "It has no time such as \"07:00:00\".")
        }
        guard let requested = Value.vendorValue(of: value) else {
            throw Refusal(.incomplete, "It has no \(Value.key).")
        }
        return Switchpoint(time: time, value: try Value(requested: requested))
    }
}

extension SetpointOrState {
    /// The value in the vendor's form of a switchpoint.
    fileprivate static func vendorValue(of switchpoint: JSONValue) -> JSONValue? {
        vendorKeys.lazy.compactMap { switchpoint.vendorMember($0) }.first
    }
}

extension Weekday {
    fileprivate init?(vendorDay value: JSONValue?) {
        switch value {
        case .string(let name): self.init(name: name)
        case .integer(let number): self.init(rawValue: number)
        default: return nil
        }
    }
}

extension JSONValue {
    /// The value under a key of the vendor's, in any spelling.
    ///
    /// - Parameter key: In lower case, without underscores.
    func vendorMember(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.vendorSpelling == key }?.value
    }

    /// - Parameter keys: The only ones that the object may have beside a request's marks, in any spelling.
    fileprivate func checkVendorKeys(_ keys: [String]) throws(Refusal) {
        guard case .object(let members) = self else { return }
        let known = (keys + RequestMembers.marks).map(\.vendorSpelling)
        for member in members where !known.contains(member.key.vendorSpelling) {
            throw Refusal.unknownKey(member.key, known: Array(keys.prefix(1)) + RequestMembers.marks)
        }
    }
}

extension String {
    /// A key in lower case, without underscores: the same for all spellings.
    fileprivate var vendorSpelling: String { lowercased().replacing("_", with: "") }
}

extension Schedule where Value: SetpointOrState {
    /// Reads a schedule as clients of the vendor's interface write it.
    public init(vendorSchedule written: JSONValue) throws(Refusal) {
        guard case .array(let days)? = written.vendorMember("dailyschedules") else {
            // Without any days, all of them are missing.
            self.init(days: [:])
            return
        }
        try self.init(vendorDays: days)
    }
}

extension Schedule<Temperature> {
    /// The first reason why the cloud or the controller would refuse it for a zone.
    public func firstProblem(for zone: Zone?) -> ScheduleProblem? {
        let limits = ScheduleLimits(zone?.schedule)
        return zone.map { problems(against: limits, values: $0.setpoint.range).first }
            ?? problems(against: limits).first
    }
}

extension Schedule<HotWaterState> {
    /// The first reason why the cloud or the controller would refuse it for hot water.
    public func firstProblem(for capabilities: ScheduleCapabilities?) -> ScheduleProblem? {
        problems(against: ScheduleLimits(capabilities)).first
    }
}
