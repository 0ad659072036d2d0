public import Basics
public import HeatingModel

/// Who has changed a zone, hot water or a control system last, and when that was noticed.
public struct Change: Codable, Equatable, Sendable {
    public enum Cause: String, Codable, CaseIterable, Sendable {
        /// A command of this bridge.
        case bridge
        /// A call of another program that uses the cloud through this bridge.
        case share
        /// A switchpoint fell due, or an override or a mode came to its end.
        case schedule
        /// The mode of the control system has changed.
        case system
        /// None of these: the app, the controller, another program, or the vendor's own doing.
        case elsewhere
    }

    public var by: Cause
    public var at: Instant

    public init(by: Cause, at: Instant) {
        self.by = by
        self.at = at
    }
}

/// What can be set: the setpoint of a zone, the state of hot water, or nothing but the mode of a control system; the mode;
/// and its end.
public struct Setting: Codable, Equatable, Sendable {
    public enum Value: Equatable, Sendable {
        case setpoint(Temperature)
        case state(HotWaterState)
    }

    /// `nil` for a control system, and for what a schedule decides.
    public var value: Value?
    /// A word of ``HeatingModel/SetpointMode`` or ``HeatingModel/SystemMode``.
    public var mode: String
    public var until: Instant?

    public init(_ value: Value?, mode: String, until: Instant? = nil) {
        self.value = value
        self.mode = mode
        self.until = until
    }

    /// - Returns: `nil` if the cloud did not say it.
    init?(_ zone: ZoneStatus) {
        guard let setpoint = zone.setpoint, let mode = zone.mode else { return nil }
        self.init(.setpoint(setpoint), mode: mode.rawValue, until: zone.until)
    }

    /// - Returns: `nil` if the cloud did not say it.
    init?(_ hotWater: HotWaterStatus) {
        guard let state = hotWater.state, let mode = hotWater.mode else { return nil }
        self.init(.state(state), mode: mode.rawValue, until: hotWater.until)
    }

    /// - Returns: `nil` if the cloud did not say it.
    init?(_ system: ControlSystemStatus) {
        guard let mode = system.mode else { return nil }
        self.init(nil, mode: mode.rawValue, until: system.until)
    }

    /// What a call asks for; `nil` for one that writes a schedule.
    init?(asked call: CloudCall) {
        switch call {
        case .zone(_, let override):
            self.init(override.value.map(Value.setpoint), mode: override.mode.rawValue, until: override.until)
        case .hotWater(_, let override):
            self.init(override.value.map(Value.state), mode: override.mode.rawValue, until: override.until)
        case .system(_, let mode, let until):
            self.init(nil, mode: mode.shownAs.rawValue, until: until)
        case .zoneSchedule, .hotWaterSchedule:
            return nil
        }
    }

    var followsSchedule: Bool { mode == SetpointMode.followSchedule.rawValue }

    /// Whether it is what an override, or a mode with an end, leaves behind.
    var isNormal: Bool { followsSchedule || mode == SystemMode.auto.rawValue || mode == SystemMode.heat.rawValue }

    /// Whether both say the same, though the cloud or the gateway may have rounded one of them: setpoints to half a degree,
    /// ends to ten minutes.
    func isAbout(_ other: Setting) -> Bool {
        mode == other.mode && value.isAbout(other.value) && until.isAbout(other.until)
    }

    /// Whether a status shows what was asked for.
    ///
    /// - Parameter isMasked: Whether the mode of the control system decides about values.
    func isShown(by status: Setting, isMasked: Bool) -> Bool {
        guard mode == status.mode, until.isAbout(status.until) else { return false }
        return value == nil || isMasked || value.isAbout(status.value)
    }
}

extension Setting.Value? {
    fileprivate func isAbout(_ other: Setting.Value?) -> Bool {
        switch (self, other) {
        case (.setpoint(let one)?, .setpoint(let other)?): one.isClose(to: other, within: 0.45)
        default: self == other
        }
    }
}

extension Instant? {
    fileprivate func isAbout(_ other: Instant?) -> Bool {
        switch (self, other) {
        case (nil, nil): true
        case (let one?, let other?): abs(one.millisecondsSince1970 - other.millisecondsSince1970) < 600_000
        default: false
        }
    }
}

extension Setting.Value: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let celsius = try? container.decode(Double.self) {
            self = .setpoint(Temperature(celsius: celsius))
        } else {
            self = .state(try container.decode(HotWaterState.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .setpoint(let temperature): try container.encode(temperature)
        case .state(let state): try container.encode(state)
        }
    }
}

/// A change that nothing explains.
public struct UnexplainedChange: Equatable, Sendable {
    /// What is known as a fault of some controllers' firmware (the project Evo_mon collects them).
    public enum Flag: String, Sendable {
        case fiveDegrees = "5_degrees"
        case thirtyFiveDegrees = "35_degrees"
        /// An override ended before its end.
        case endedEarly = "ended_early"
    }

    public var target: Target
    public var before: Setting
    public var after: Setting
    public var flags: [Flag]

    public init(target: Target, before: Setting, after: Setting, flags: [Flag]) {
        self.target = target
        self.before = before
        self.after = after
        self.flags = flags
    }

    /// One sentence for people.
    var sentence: String {
        switch flags.last {
        case nil: "It was changed outside the bridge."
        case .endedEarly?: "An override ended before its end. If nobody ended it, the controller did so by mistake."
        case .fiveDegrees?: "The setpoint became 5 °C. If nobody chose that, the controller did so by mistake."
        case .thirtyFiveDegrees?: "The setpoint became 35 °C. If nobody chose that, the controller did so by mistake."
        }
    }
}

extension JSONValue {
    init(_ change: Change?) {
        self =
            change.map { ["by": .string($0.by.rawValue), "at": .string($0.at.description)] } ?? .null
    }

    /// In the words of states.
    init(_ setting: Setting) {
        var members: [Member] = []
        switch setting.value {
        case .setpoint(let temperature)?: members.append(Member(Temperature.key, temperature.json))
        case .state(let state)?: members.append(Member(HotWaterState.key, state.json))
        case nil: break
        }
        self = .object(members + [Member("mode", .string(setting.mode)), Member("until", JSONValue(setting.until))])
    }
}
