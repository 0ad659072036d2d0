import Basics
import BridgeCore
import HeatingModel

/// What a PUT asks for, checked as the cloud checks it and against what it reported of the target, before any call is made.
struct VendorCall {
    let call: CloudCall
    let target: Target
    let requested: JSONValue

    private static let setpointModes = ["FollowSchedule", "PermanentOverride", "TemporaryOverride"]
    /// In the order of the numbers that older clients send.
    private static let systemModes = ["Auto", "HeatingOff", "AutoWithEco", "Away", "DayOff", "AutoWithReset", "Custom"]
    private static let enumerations = "DomesticHotWater.Enums.EMEADomesticHotWater"

    private init(_ call: CloudCall, for target: Target, _ body: VendorBody) {
        self.call = call
        self.target = target
        requested = body.value
    }

    // MARK: - API v2

    /// - Parameter body: Of the PUT.
    init(
        _ aspect: VendorPath.Aspect,
        of kind: VendorPath.Kind,
        _ id: String,
        _ body: [UInt8],
        in installation: Installation,
        at now: Instant
    ) throws(VendorRefusal) {
        guard id.isNumeric else { throw .invalidInput }
        guard let (target, _, system) = installation.target(kind, id) else { throw .notYours }
        var body = try VendorBody(body)
        let call: CloudCall
        switch (aspect, target) {
        case (.setpoint, .zone(let zone, in: _)):
            let override = try Self.zoneOverride(&body)
            call = .zone(zone, override)
            try system.zones.first { $0.id == zone }?.setpoint.check(override, at: now)
        case (.state, .hotWater(let hotWater, in: _)):
            let override = try Self.hotWaterOverride(&body)
            call = .hotWater(hotWater, override)
            try system.hotWater?.check(override, at: now)
        case (.mode, .system(let id)):
            let (mode, until) = try Self.systemMode(&body, of: system)
            try system.check(mode, until: until, at: now)
            call = .system(id, mode: mode, until: until)
        case (.schedule, .zone(let zone, in: _)):
            let capabilities = system.zones.first { $0.id == zone }
            call = .zoneSchedule(
                zone,
                try Self.schedule(body) { schedule in
                    schedule.firstProblem(for: capabilities)
                }
            )
        case (.schedule, .hotWater(let hotWater, in: _)):
            let capabilities = system.hotWater?.schedule
            call = .hotWaterSchedule(
                hotWater,
                try Self.schedule(body) { schedule in
                    schedule.firstProblem(for: capabilities)
                }
            )
        default: throw .unknownPath
        }
        self.init(call, for: target, body)
    }

    private static func zoneOverride(_ body: inout VendorBody) throws(VendorRefusal) -> ZoneOverride {
        let type = "TemperatureControlSystem.Enums.EMEASetpointMode"
        let mode = body.word("setpointMode", of: type, setpointModes)
        let value = body.number("heatSetpointValue")
        let until = body.time("timeUntil")
        try body.finish()
        guard let mode else { throw .missing("SetpointMode") }
        if mode == "FollowSchedule" { return .followSchedule }
        guard let value else {
            throw .refused(
                "HeatSetpointChangeTargetTemperatureNotSet",
                "Target temperature not specified when required"
            )
        }
        if mode == "PermanentOverride" { return .hold(Temperature(celsius: value), until: nil) }
        guard let until else {
            throw .refused("HeatSetpointChangeTimeUntilNotSet", "Time until not specified when required")
        }
        return .hold(Temperature(celsius: value), until: until)
    }

    private static func hotWaterOverride(_ body: inout VendorBody) throws(VendorRefusal) -> HotWaterOverride {
        let state = body.word("state", of: enumerations + "State", ["Off", "On"])
        let mode = body.word("mode", of: enumerations + "SetpointMode", setpointModes)
        let until = body.time("untilTime")
        try body.finish()
        guard let mode else { throw .missing("Mode") }
        if mode == "FollowSchedule" { return .followSchedule }
        guard let state else {
            throw .refused("DHWStateNotSet", "Domestic hot water state is not set when required")
        }
        if mode == "PermanentOverride" { return .hold(HotWaterState(vendorText: state), until: nil) }
        guard let until else {
            throw .refused("DHWUntilTimeNotSet", "Domestic hot water until time is not set when required")
        }
        return .hold(HotWaterState(vendorText: state), until: until)
    }

    private static func systemMode(
        _ body: inout VendorBody,
        of system: ControlSystem
    ) throws(VendorRefusal) -> (SystemMode, until: Instant?) {
        let own = system.allowedModes.map(\.mode.vendorText).filter { !systemModes.contains($0) }
        let words = systemModes + own + ["Heat", "Off", "Cool"].filter { !own.contains($0) }
        let mode = body.word("systemMode", of: "TemperatureControlSystem.Enums.EMEASystemMode", words)
        let isPermanent = body.flag("permanent")
        let until = body.time("timeUntil")
        try body.finish()
        switch (mode, isPermanent) {
        case (nil, nil): throw .missing("SystemMode", "Permanent")
        case (nil, _?): throw .missing("SystemMode")
        case (_?, nil): throw .missing("Permanent")
        case (let mode?, true?): return (SystemMode(vendorText: mode), nil)
        case (let mode?, false?):
            guard let until else {
                throw .refused("SystemModeChangeTimeUntilNotSet", "Time until not specified when required")
            }
            return (SystemMode(vendorText: mode), until)
        }
    }

    private static func schedule<Value>(
        _ body: VendorBody,
        problem: (Schedule<Value>) -> ScheduleProblem?
    ) throws(VendorRefusal) -> Schedule<Value> where Value: SetpointOrState {
        let schedule: Schedule<Value>
        do throws(Refusal) {
            schedule = try Schedule(vendorSchedule: body.value)
        } catch {
            throw .outOfRange(error.message)
        }
        guard schedule.isComplete else { throw .refused("DayOfWeekMissing", "One or more days missing.") }
        if let problem = problem(schedule) { throw .outOfRange("\(problem)") }
        return schedule
    }
}

// MARK: - API v1

extension VendorCall {
    /// A PUT for a device; it becomes a call of API v2.
    ///
    /// - Parameter device: The id of a zone or of hot water.
    init(
        _ part: VendorPathV1.Part,
        ofDevice device: String,
        _ body: [UInt8],
        in installation: Installation,
        at now: Instant
    ) throws(VendorRefusal) {
        guard device.isNumeric else { throw .invalidInput }
        if let (target, location, system) = installation.target(.zone, device) {
            let body = try VendorBody(body)
            let setpoint = part == .values ? body.object("heatSetpoint") : body
            guard var setpoint else { throw .missing("HeatSetpoint") }
            let override = try Self.override(&setpoint, in: location) { body throws(VendorRefusal) in
                guard let value = body.number("value") else {
                    try body.finish()
                    throw .missing("Value")
                }
                return Temperature(celsius: value)
            }
            try system.zones.first { $0.id.text == device }?.setpoint.check(override, at: now)
            self.init(.zone(ZoneID(device), override), for: target, body)
        } else if let (target, location, system) = installation.target(.hotWater, device), part == .values {
            var body = try VendorBody(body)
            let override = try Self.override(&body, in: location) { body throws(VendorRefusal) in
                switch body.text("mode") {
                case "DHWOn"?: return HotWaterState.on
                case "DHWOff"?: return HotWaterState.off
                case nil: throw .refused("ParameterIsMissing", "'ThermostatMode' is required.")
                default: throw .refused("ThermostatModeNotAllowed", "Allowed modes are DHWOn, DHWOff.")
                }
            }
            try system.hotWater?.check(override, at: now)
            self.init(.hotWater(HotWaterID(device), override), for: target, body)
        } else {
            throw .notYours
        }
    }

    /// A PUT of a mode, for the first control system of a location.
    init(
        modeOf locationID: String?,
        _ body: [UInt8],
        in installation: Installation,
        at now: Instant
    ) throws(VendorRefusal) {
        guard let location = installation.locations.first(where: { $0.id.text == locationID }),
            let system = location.systems.first
        else { throw .notYours }
        var body = try VendorBody(body)
        let word = body.word("quickAction", of: "QuickAction", Self.systemModes)
        let until = body.time("quickActionNextTime")
        try body.finish()
        guard let word else { throw .missing("QuickAction") }
        let mode = SystemMode(vendorText: word)
        try system.check(mode, until: until, at: now)
        self.init(.system(system.id, mode: mode, until: until), for: .system(system.id), body)
    }

    /// `Status` says whether there is an end, and `NextTime` when, in the location's own time. Hot water without a status is
    /// held for good.
    private static func override<Value>(
        _ body: inout VendorBody,
        in location: Location,
        value: (inout VendorBody) throws(VendorRefusal) -> Value
    ) throws(VendorRefusal) -> Override<Value> {
        switch body.text("status") {
        case "Scheduled"?: return .followSchedule
        case "Temporary"?:
            let value = try value(&body)
            guard let until = try body.localTime("nextTime") else { throw .missing("NextTime") }
            return .hold(value, until: location.timeZone.instant(of: until))
        case "Hold"?: return .hold(try value(&body), until: nil)
        case nil:
            guard body.has("mode") else { throw .missing("Status") }
            return .hold(try value(&body), until: nil)
        default: throw .invalidInput
        }
    }
}

// MARK: - What a target supports

extension SetpointCapabilities {
    fileprivate func check(_ override: ZoneOverride, at now: Instant) throws(VendorRefusal) {
        if let value = override.value {
            guard value >= minimum ?? -100, value <= maximum ?? 100 else {
                let range = "\(minimum?.description ?? "any") to \(maximum?.description ?? "any")"
                throw .outOfRange("The setpoint \(value) is out of range: \(range).")
            }
        }
        try VendorCall.check(override.mode, override.until, allowed: allowedModes, longest: maximumDuration, at: now)
    }
}

extension HotWater {
    fileprivate func check(_ override: HotWaterOverride, at now: Instant) throws(VendorRefusal) {
        if let state = override.value, !allowedStates.isEmpty, !allowedStates.contains(state) {
            throw .outOfRange("The state \(state.vendorText) is not allowed.")
        }
        try VendorCall.check(override.mode, override.until, allowed: allowedModes, longest: maximumDuration, at: now)
    }
}

extension ControlSystem {
    fileprivate func check(_ mode: SystemMode, until: Instant?, at now: Instant) throws(VendorRefusal) {
        // The cloud answers so to a mode that another kind of system has.
        guard let allowed = allowedModes.first(where: { $0.mode == mode }) else { throw .internalError }
        guard let until else {
            guard allowed.canBePermanent else { throw .outOfRange("The mode \(mode.vendorText) needs an end.") }
            return
        }
        guard allowed.canBeTemporary else { throw .outOfRange("The mode \(mode.vendorText) cannot have an end.") }
        // Days end at a midnight, so the last of them may be a part of a day more.
        let longest = allowed.maximumDuration.map { $0 + (allowed.timing == .period ? 90_000 : 0) }
        try VendorCall.check(until, longest: longest, at: now)
    }
}

extension VendorCall {
    fileprivate static func check(
        _ mode: SetpointMode,
        _ until: Instant?,
        allowed: [SetpointMode],
        longest: Double?,
        at now: Instant
    ) throws(VendorRefusal) {
        guard allowed.isEmpty || allowed.contains(mode) else {
            throw .outOfRange("The mode \(mode.vendorText) is not allowed.")
        }
        if let until { try check(until, longest: longest, at: now) }
    }

    fileprivate static func check(_ until: Instant, longest: Double?, at now: Instant) throws(VendorRefusal) {
        guard until > now else { throw .outOfRange("The time until is in the past.") }
        // The client's clock may be a little ahead.
        guard let longest, until > now + Duration.seconds(longest + 60) else { return }
        throw .outOfRange("The time until is too far away.")
    }
}
