public import Basics
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

/// When an override or a mode should end.
public enum RequestedEnd: Equatable, Sendable {
    /// As at the wall controller: a running override keeps its end, else at the next switchpoint.
    case asRunning
    case nextSwitchpoint
    case at(Instant)
    /// The next time that the location's clock reads this.
    case atLocalTime(TimeOfDay)
    case after(Duration)
    case never
}

extension OverrideCommand where Value: SetpointOrState {
    /// - Parameter requested: An object, or the text of a plain value.
    init(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        switch form {
        case .object:
            let keys = [Value.key, "until", "duration", "mode"]
            try self.init(members: try RequestMembers(requested, keys: keys))
        case .plain(Value.key): try self.init(plain: requested.plainText)
        case .plain("mode"): try self.init(mode: SetpointMode(requested: requested.plainText))
        case .plain(let attribute):
            throw Refusal.notSettable(attribute, only: [Value.key, "mode"])
        }
    }

    private init(plain text: String) throws(Refusal) {
        guard !Value.isFollowSchedule(.string(text)) else {
            self = .followSchedule
            return
        }
        self = .hold(try Value(plain: text), .asRunning)
    }

    /// Reads `{"setpoint":21.5,"until":…,"duration":…}` or `{"mode":…}`.
    private init(members: RequestMembers) throws(Refusal) {
        let end = try members.end()
        let mode = try members["mode"].map { value throws(Refusal) in try SetpointMode(requested: value) }
        if let value = members[Value.key], Value.isFollowSchedule(value) {
            guard end == nil, mode == nil || mode == .followSchedule else {
                throw Refusal(.incomplete, "Following the schedule takes no end and no other mode.")
            }
            self = .followSchedule
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
            throw Refusal(.malformed, "The mode is not a text such as \"follow_schedule\".")
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
