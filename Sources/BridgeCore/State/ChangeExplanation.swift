import Basics
import HeatingModel

/// What can explain a change of a setting that the bridge did not ask for.
struct ChangeExplanation {
    /// How the mode of the control system has changed.
    enum SystemChange {
        case none
        /// In an earlier status. Values can follow in the next one.
        case lately
        /// In this status, or all overrides were reset.
        case now
    }

    /// What a schedule says of a value.
    enum Scheduled {
        /// It was not read, or only the controller knows it.
        case unknown
        /// No switchpoint sets this value.
        case no
        case yes
    }

    var before: Setting
    var after: Setting
    /// Whether the end of what was set before has come.
    var isOver: Bool
    var system: SystemChange
    /// Whether the mode of the control system decides about the value, whatever is set.
    var isMasked: Bool
    /// Whether schedules are followed in the mode of the control system, as far as it does not decide itself.
    var isScheduleInForce: Bool
    /// Whether the value that is set now is one of the schedule's.
    var scheduled: Scheduled
    /// Whether we have just written it.
    var isScheduleOurs: Bool

    var cause: Change.Cause {
        if before.until != nil, isOver, after.isNormal { return .schedule }
        if isBySystem { return .system }
        if isScheduleOurs, before.followsSchedule, after.followsSchedule, isScheduleInForce { return .bridge }
        // Nobody can set a value that follows a schedule by hand. It may change some hours before the switchpoint, since
        // controllers begin to heat early, and after it, since not all gateways are on time.
        if before.followsSchedule, after.followsSchedule, isScheduleInForce, scheduled != .no { return .schedule }
        return .elsewhere
    }

    /// A new mode changes values and ends overrides; it never begins one. A change after that can be a person's doing, too,
    /// so only what no person can set counts as the mode's.
    private var isBySystem: Bool {
        let isSameOverride = before.mode == after.mode && before.until == after.until
        return switch system {
        case .none: false
        case .lately: isSameOverride && (after.followsSchedule || isMasked)
        case .now: isSameOverride || after.followsSchedule
        }
    }

    /// What it looks like if the cause is elsewhere.
    var flags: [UnexplainedChange.Flag] {
        var flags: [UnexplainedChange.Flag] = []
        if before.until != nil, !isOver, after.followsSchedule { flags.append(.endedEarly) }
        if case .setpoint(let setpoint)? = after.value, after.value != before.value {
            if setpoint.isClose(to: 5, within: 0.05) { flags.append(.fiveDegrees) }
            if setpoint.isClose(to: 35, within: 0.05) { flags.append(.thirtyFiveDegrees) }
        }
        return flags
    }
}

extension ChangeExplanation.Scheduled {
    /// How much lower than the schedule setpoints are in `auto_with_eco`, in °C (Home Assistant's documentation).
    private static let economy = 3.0

    /// - Parameters:
    ///   - value: What is set now.
    ///   - target: The zone or hot water.
    ///   - mode: Of its control system.
    init(_ value: Setting.Value?, of target: Target, in schedules: KnownSchedules, mode: SystemMode?) {
        switch (target, value) {
        case (.zone(let id, in: _), .setpoint(let setpoint)?):
            self.init(schedules[id], mode) { scheduled in
                scheduled.isShown(as: setpoint)
                    || mode == .autoWithEco
                        && Temperature(celsius: scheduled.celsius - Self.economy).isShown(as: setpoint)
            }
        case (.hotWater(let id, in: _), .state(let state)?): self.init(schedules[id], mode) { $0 == state }
        default: self = .no
        }
    }

    private init<Value>(_ known: KnownSchedule<Value>, _ mode: SystemMode?, isSet: (Value) -> Bool) {
        switch known {
        // What `custom` follows is not in the API.
        case _ where mode == .custom: self = .unknown
        case .unread: self = .unknown
        case .absent: self = .no
        case .known(let schedule):
            self = schedule.contains(where: isSet) ? .yes : .no
        }
    }
}
