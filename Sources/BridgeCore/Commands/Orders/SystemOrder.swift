import Basics
public import HeatingModel

/// What a message asks of a control system: a mode, and when it is to end.
public struct SystemOrder: Equatable, Sendable {
    public var mode: SystemMode
    public var end: OrderEnd

    public init(mode: SystemMode, end: OrderEnd = .never) {
        self.mode = mode
        self.end = end
    }
}

extension SystemOrder {
    /// Reads what a message asks.
    ///
    /// - Parameter requested: An object such as `{"mode":"away","duration":"3d"}`, or for a plain value its text.
    init(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        switch form {
        case .object:
            let members = try RequestMembers(requested, keys: ["mode", "until", "duration"])
            guard case .string(let text)? = members["mode"] else {
                throw Refusal(.incomplete, "There is no mode, which is a text such as \"away\".")
            }
            let end = try members.end() ?? .never
            guard end != .nextSwitchpoint else {
                throw Refusal(.malformed, "A mode cannot end at the next switchpoint, since a system has none.")
            }
            self.init(mode: try Self.mode(text), end: end)
        case .plain("mode"): self.init(mode: try Self.mode(requested.plainText))
        case .plain(let attribute):
            throw Refusal(.unknownKey, "There is no attribute \"\(attribute.excerpt)\" to set; there is mode.")
        }
    }

    /// Any word can be a mode of some thermostat; whether it is one of this system's is checked against the system.
    private static func mode(_ text: String) throws(Refusal) -> SystemMode {
        if let known = SystemMode.known.first(where: { $0.isMeant(by: text) }) { return known }
        guard let first = text.first, first.isLetter, text.count <= 64 else {
            throw Refusal(.malformed, "The mode \"\(text.excerpt)\" is not a word such as away.")
        }
        return SystemMode(vendorText: text)
    }
}
