import Basics
public import HeatingModel

/// What an override can be asked to hold, in the words of messages.
protocol RequestedValue: Equatable, Sendable {
    /// Its key in JSON, which is also its attribute's topic.
    static var key: String { get }

    /// The keys that the same topic takes in its place, and its own.
    static var keys: [String] { get }

    /// Reads it from a member of an object.
    init(requested value: JSONValue) throws(Refusal)

    /// Reads it from a plain payload.
    init(plain text: String) throws(Refusal)

    /// Whether a word in place of a value means: follow the schedule.
    static func isFollowSchedule(_ value: JSONValue) -> Bool
}

extension RequestedValue {
    static var keys: [String] { [key] }

    static func isFollowSchedule(_ value: JSONValue) -> Bool { false }
}

/// A zone's setpoint or the state of hot water, in the words of messages.
public protocol SetpointOrState: Equatable, Sendable {
    /// Its key in JSON, which is also its attribute's topic.
    static var key: String { get }

    /// Its keys in switchpoints of the vendor's form, in lower case and without underscores.
    static var vendorKeys: [String] { get }

    var json: JSONValue { get }

    /// Reads it from a member of an object.
    init(requested value: JSONValue) throws(Refusal)

    /// Whether the cloud shows it, though perhaps with another precision.
    func isShown(as reported: Self) -> Bool
}

extension Temperature: SetpointOrState, RequestedValue {
    public static var key: String { "setpoint" }

    public static var vendorKeys: [String] { ["heatsetpoint", "targettemperature", "temperature"] }

    public var json: JSONValue { JSONValue(self) }

    public init(requested value: JSONValue) throws(Refusal) {
        guard let number = value.numberInAnyForm else { throw Refusal(.malformed, Self.sentence(for: value)) }
        self.init(celsius: number)
    }

    init(plain text: String) throws(Refusal) {
        try self.init(requested: (try? JSONValue(parsing: text)) ?? .string(text))
    }

    /// Why a value is not a number.
    private static func sentence(for value: JSONValue) -> String {
        guard case .string(let text) = value else { return "The setpoint is not a number such as 21.5." }
        let setpoint = "The setpoint \"\(text.excerpt)\""
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        guard JSONValue.string(String(number)).numberInAnyForm != nil else {
            return "\(setpoint) is not a number such as 21.5."
        }
        let rest = text.dropFirst(number.count)
        return rest.first == ","
            ? "\(setpoint) has a comma; write it with a point, such as 21.5."
            : "\(setpoint) is not a number alone; write it without a unit, such as 21.5."
    }

    static var keys: [String] { [key, SetpointDifference.key] }

    public func isShown(as reported: Temperature) -> Bool { isClose(to: reported, within: 0.05) }
}

extension HotWaterState: SetpointOrState, RequestedValue {
    public static var key: String { "state" }

    public static var vendorKeys: [String] { ["dhwstate"] }

    public var json: JSONValue { .string(rawValue) }

    public init(requested value: JSONValue) throws(Refusal) {
        guard case .string(let text) = value else {
            throw Refusal(.malformed, "The state must be a string such as \"on\".")
        }
        try self.init(plain: text)
    }

    init(plain text: String) throws(Refusal) {
        guard let state = [HotWaterState.on, .off].first(where: { $0.isMeant(by: text) }) else {
            throw Refusal(.malformed, "The state \"\(text.excerpt)\" is not one of on, off, auto.")
        }
        self = state
    }

    static func isFollowSchedule(_ value: JSONValue) -> Bool {
        guard case .string(let text) = value else { return false }
        return text.lowercased() == "auto"
    }

    public func isShown(as reported: HotWaterState) -> Bool { reported == self }
}
