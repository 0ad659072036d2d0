import Basics
public import HeatingModel

/// What a zone or hot water holds, in the words of messages.
public protocol HeldValue: Equatable, Sendable {
    /// Its key in JSON, which is also its attribute's topic.
    static var key: String { get }

    var json: JSONValue { get }

    /// Reads it from an object.
    init(ordered value: JSONValue) throws(Refusal)

    /// Reads it from a plain payload.
    init(plain text: String) throws(Refusal)

    /// Whether a word in the place of a value stands for following the schedule.
    static func isFollowSchedule(_ value: JSONValue) -> Bool

    /// Whether the cloud shows it, though perhaps with another precision.
    func isShown(as reported: Self) -> Bool
}

extension Double: HeldValue {
    public static var key: String { "setpoint" }

    public var json: JSONValue { JSONValue(self) }

    public init(ordered value: JSONValue) throws(Refusal) {
        switch value {
        case .number(let number): self = number
        case .integer(let integer): self = Double(integer)
        default: throw Refusal(.malformed, "The setpoint is not a number such as 21.5.")
        }
    }

    public init(plain text: String) throws(Refusal) {
        // Swift would also take nan, inf and 0x15.
        guard let value = try? JSONValue(parsing: text.utf8) else {
            throw Refusal(.malformed, "The setpoint \"\(text.excerpt)\" is not a number such as 21.5.")
        }
        try self.init(ordered: value)
    }

    public static func isFollowSchedule(_ value: JSONValue) -> Bool { false }

    public func isShown(as reported: Double) -> Bool { abs(reported - self) < 0.05 }
}

extension HotWaterState: HeldValue {
    public static var key: String { "state" }

    public var json: JSONValue { .string(rawValue) }

    public init(ordered value: JSONValue) throws(Refusal) {
        guard case .string(let text) = value else {
            throw Refusal(.malformed, "The state is not a text such as \"on\".")
        }
        try self.init(plain: text)
    }

    public init(plain text: String) throws(Refusal) {
        guard let state = [HotWaterState.on, .off].first(where: { $0.isMeant(by: text) }) else {
            throw Refusal(.malformed, "The state \"\(text.excerpt)\" is not one of on, off, auto.")
        }
        self = state
    }

    public static func isFollowSchedule(_ value: JSONValue) -> Bool {
        guard case .string(let text) = value else { return false }
        return text.lowercased() == "auto"
    }

    public func isShown(as reported: HotWaterState) -> Bool { reported == self }
}
