import Basics
public import HeatingModel

/// A zone's setpoint or the state of hot water, in the words of messages.
public protocol SetpointOrState: Equatable, Sendable {
    /// Its key in JSON, which is also its attribute's topic.
    static var key: String { get }

    /// Its keys in switchpoints of the vendor's form, in lower case and without underscores.
    static var vendorKeys: [String] { get }

    var json: JSONValue { get }

    /// Reads it from a member of an object.
    init(requested value: JSONValue) throws(Refusal)

    /// Reads it from a plain payload.
    init(plain text: String) throws(Refusal)

    /// Whether a word in place of a value means: follow the schedule.
    static func isFollowSchedule(_ value: JSONValue) -> Bool

    /// Whether the cloud shows it, though perhaps with another precision.
    func isShown(as reported: Self) -> Bool
}

extension Temperature: SetpointOrState {
    public static var key: String { "setpoint" }

    public static var vendorKeys: [String] { ["heatsetpoint", "targettemperature", "temperature"] }

    public var json: JSONValue { JSONValue(self) }

    public init(requested value: JSONValue) throws(Refusal) {
        switch value {
        case .number(let number): self.init(celsius: number)
        case .integer(let integer): self.init(celsius: Double(integer))
        default: throw Refusal(.malformed, "The setpoint is not a number such as 21.5.")
        }
    }

    public init(plain text: String) throws(Refusal) {
        // Swift would also take nan, inf and 0x15.
        guard let value = try? JSONValue(parsing: text) else {
            throw Refusal(.malformed, "The setpoint \"\(text.excerpt)\" is not a number such as 21.5.")
        }
        try self.init(requested: value)
    }

    public static func isFollowSchedule(_ value: JSONValue) -> Bool { false }

    public func isShown(as reported: Temperature) -> Bool { isClose(to: reported, within: 0.05) }
}

extension HotWaterState: SetpointOrState {
    public static var key: String { "state" }

    public static var vendorKeys: [String] { ["dhwstate"] }

    public var json: JSONValue { .string(rawValue) }

    public init(requested value: JSONValue) throws(Refusal) {
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
