import Basics
import HeatingModel

/// A schedule as it stands in the state file: for each day that it names a list such as `["06:00 21.5", "08:30 18.0"]`.
///
/// Much of the file is schedules, and the whole file is written at each command. A switchpoint as an object, which is how
/// other programs get it, takes three times the work and more room.
struct ScheduleRecord<Value: RecordedValue>: Equatable, Sendable {
    let schedule: Schedule<Value>
}

/// What a switchpoint sets.
typealias RecordedValue = Codable & Equatable & LosslessStringConvertible & Sendable

extension ScheduleRecord: Codable {
    /// Also reads a schedule whose switchpoints are objects, as earlier versions wrote it.
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let texts = try? container.decode([String: [String]].self) else {
            schedule = try container.decode(Schedule<Value>.self)
            return
        }
        var days: [Weekday: [Switchpoint<Value>]] = [:]
        for (name, switchpoints) in texts {
            guard let day = Weekday(name: name) else { throw container.problem("This is not a day such as monday.") }
            days[day] = try switchpoints.map { text in
                guard let switchpoint = Switchpoint<Value>(text) else {
                    throw container.problem("This is not a switchpoint such as 06:00 21.5.")
                }
                return switchpoint
            }
        }
        schedule = Schedule(days: days)
    }

    func encode(to encoder: any Encoder) throws {
        var texts: [String: [String]] = [:]
        for (day, switchpoints) in schedule.days {
            texts[day.name] = switchpoints.map { "\($0.time) \($0.value)" }
        }
        var container = encoder.singleValueContainer()
        try container.encode(texts)
    }
}

extension Switchpoint where Value: LosslessStringConvertible {
    fileprivate init?(_ text: String) {
        guard
            let space = text.firstIndex(of: " "),
            let time = TimeOfDay(text[..<space]),
            let value = Value(String(text[text.index(after: space)...]))
        else { return nil }
        self.init(time: time, value: value)
    }
}

extension SingleValueDecodingContainer {
    fileprivate func problem(_ sentence: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: sentence))
    }
}
