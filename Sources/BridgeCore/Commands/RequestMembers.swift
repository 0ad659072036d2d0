import Basics
import HeatingModel

/// The members of a request's object. None is unknown.
struct RequestMembers {
    /// Keys that every request may carry, so that its sender recognises the answer.
    static let marks = ["id", "transaction"]

    private let object: JSONValue

    /// - Parameter keys: The known keys beside the marks.
    init(_ object: JSONValue, keys: [String]) throws(Refusal) {
        guard case .object(let members) = object else { throw Refusal(.malformed, "The payload is not a JSON object.") }
        let known = keys + Self.marks
        for member in members where !known.contains(member.key) {
            throw Refusal.unknownKey(member.key, known: known)
        }
        self.object = object
    }

    subscript(key: String) -> JSONValue? { object[key] }

    /// The end that `until` or `duration` asks for.
    ///
    /// - Returns: `nil` when neither is given.
    func end() throws(Refusal) -> RequestedEnd? {
        switch (self["until"], self["duration"]) {
        case (nil, nil): return nil
        case (.some, .some): throw Refusal(.incomplete, "Give either until or duration, not both.")
        case (.string(let text)?, nil): return try RequestedEnd(text)
        case (.some, nil): throw Refusal(.malformed, "The end is not a text such as \"18:00\".")
        case (nil, let duration?): return .after(try Self.duration(duration))
        }
    }

    private static func duration(_ value: JSONValue) throws(Refusal) -> Duration {
        do throws(DurationTextError) {
            switch value {
            case .string(let text): return try Duration(parsing: text)
            case .integer(let minutes): return try Duration(checkingMinutes: minutes)
            // Some programs write 90.0 for 90.
            case .number(let number):
                if let minutes = Int(exactly: number) { return try Duration(checkingMinutes: minutes) }
            default: break
            }
        } catch {
            throw Refusal(.malformed, error.description)
        }
        throw Refusal(.malformed, "The duration is not 90m, PT1H30M or a whole number of minutes.")
    }
}

extension RequestedEnd {
    fileprivate init(_ text: String) throws(Refusal) {
        switch text.lowercased() {
        case "next": self = .nextSwitchpoint
        case "forever": self = .never
        default:
            if let instant = Instant(text) {
                self = .at(instant)
            } else if let time = TimeOfDay(text) {
                self = .atLocalTime(time)
            } else {
                throw Refusal(
                    .malformed,
                    "The end \"\(text.excerpt)\" is not 2026-11-24T18:00:00Z, 18:00, next or forever."
                )
            }
        }
    }
}
