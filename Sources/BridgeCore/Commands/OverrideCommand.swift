import Basics
public import HeatingModel

/// A command for a zone or for hot water: follow the schedule, or hold a value.
public enum OverrideCommand<Value: Equatable & Sendable>: Equatable, Sendable {
    case followSchedule
    /// A value of `nil` means the present one.
    case hold(Value?, RequestedEnd)
}

/// A command for a zone; setpoints are in °C.
public typealias ZoneCommand = OverrideCommand<Temperature>

/// A command for hot water.
public typealias HotWaterCommand = OverrideCommand<HotWaterState>

extension OverrideCommand where Value: RequestedValue {
    /// - Parameter requested: An object, or the text of a plain value.
    init(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        switch form {
        case .object:
            let keys = Value.keys + RequestMembers.ends + ["mode"]
            try self.init(members: try RequestMembers(requested, keys: keys))
        case .plain(Value.key): try self.init(plain: requested.plainText)
        case .plain("mode"): try self.init(mode: SetpointMode(requested: requested.plainText))
        case .plain(let attribute):
            throw Refusal.notSettable(attribute, only: Value.keys + ["mode"])
        }
    }

    private init(plain text: String) throws(Refusal) {
        guard !Value.isFollowSchedule(.string(text)) else {
            self = .followSchedule
            return
        }
        self = .hold(try Value(plain: text), .asRunning)
    }

    /// Reads `{"setpoint":21.5,"until":…,"duration":…}`, `{"mode":…}`, and the three together as a state and an outcome
    /// have them, where `until` is `null` if there is no end.
    private init(members: RequestMembers) throws(Refusal) {
        let end = try members.end()
        let mode = try members["mode"].map { value throws(Refusal) in try SetpointMode(requested: value) }
        if let value = members[Value.key], Value.isFollowSchedule(value) {
            guard end == nil, mode == nil || mode == .followSchedule else {
                throw Refusal(.incomplete, "Following the schedule cannot be combined with an end or another mode.")
            }
            self = .followSchedule
            return
        }
        if members.hasNullEnd {
            try self.init(members: members, mode: mode)
            return
        }
        let value = try members[Value.key].map { value throws(Refusal) in try Value(requested: value) }
        switch (value, mode, end) {
        case (let value?, nil, let end): self = .hold(value, end ?? .asRunning)
        case (nil, let mode?, nil): try self.init(mode: mode)
        case (let value, .permanentOverride?, nil), (let value, .permanentOverride?, .never?):
            self = .hold(value, .never)
        case (let value, .temporaryOverride?, let end) where end != .never:
            self = .hold(value, end ?? .nextSwitchpoint)
        case (_, let mode?, _): throw Refusal(.incomplete, "The mode \(mode) contradicts the rest.")
        case (nil, nil, .some): throw Refusal(.incomplete, "An end needs a \(Value.key) or a mode.")
        case (nil, nil, nil): throw Refusal(.incomplete, "Give a \(Value.key) or a mode.")
        }
    }

    /// Reads what has `"until":null`. Only the mode tells what that means.
    private init(members: RequestMembers, mode: SetpointMode?) throws(Refusal) {
        guard let mode else {
            throw Refusal(
                .malformed,
                "until is null, which is neither \"next\" nor \"forever\"; write one of them, or leave it out."
            )
        }
        guard mode != .temporaryOverride else {
            throw Refusal(.incomplete, "The mode \(mode) needs an end, and until is null.")
        }
        guard let value = members[Value.key], value != .null || mode != .followSchedule else {
            try self.init(mode: mode)
            return
        }
        let read = try Value(requested: value)
        // What follows its schedule shows the schedule's value, which is not to be held.
        self = mode == .followSchedule ? .followSchedule : .hold(read, .never)
    }

    /// A mode alone keeps the present value.
    private init(mode: SetpointMode) throws(Refusal) {
        switch mode {
        case .permanentOverride: self = .hold(nil, .never)
        case .temporaryOverride: self = .hold(nil, .nextSwitchpoint)
        default: self = .followSchedule
        }
    }
}

extension SetpointMode {
    private static let known: [SetpointMode] = [.followSchedule, .temporaryOverride, .permanentOverride]

    fileprivate init(requested value: JSONValue) throws(Refusal) {
        guard case .string(let text) = value else {
            throw Refusal(.malformed, "The mode must be a string such as \"follow_schedule\".")
        }
        try self.init(requested: text)
    }

    fileprivate init(requested text: String) throws(Refusal) {
        guard let mode = Self.known.first(where: { $0.isMeant(by: text) }) else {
            let modes = Self.known.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.malformed, "The mode \"\(text.excerpt)\" is not one of \(modes).")
        }
        self = mode
    }
}
