import Basics
import HeatingModel

extension WeekSchedule where Value: HeldValue {
    /// Reads a week in the form that a schedule's topic shows. Whether it may be so is checked against what it is for.
    ///
    /// - Throws: ``Refusal`` that names the day and the switchpoint.
    init(_ requested: JSONValue) throws(Refusal) {
        let members = try RequestMembers(requested, keys: Weekday.allCases.map(\.name))
        var days: [Weekday: [Switchpoint<Value>]] = [:]
        for day in Weekday.allCases {
            guard let value = members[day.name] else { continue }
            guard case .array(let switchpoints) = value else {
                throw Refusal(.malformed, "\(day.capitalizedName) is not a list of switchpoints.")
            }
            days[day] = try Self.switchpoints(switchpoints, on: day, as: Self.switchpoint)
        }
        self.init(days: days)
    }

    /// - Parameter switchpoint: Reads one of them; what is wrong with it is said with its day and its number.
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
            throw Refusal(
                .unknownKey,
                "The key \"\(member.key.excerpt)\" is not known; known are time, \(Value.key)."
            )
        }
        guard case .string(let text)? = value["time"], let time = TimeOfDay(text) else {
            throw Refusal(.malformed, "It has no time such as \"07:00\".")
        }
        guard let held = value[Value.key] else { throw Refusal(.incomplete, "It has no \(Value.key).") }
        return Switchpoint(time: time, value: try Value(ordered: held))
    }
}
