import Basics
public import HeatingModel

/// A command for a control system: a mode, and when it ends.
public struct SystemCommand: Equatable, Sendable {
    public var mode: SystemMode
    public var end: RequestedEnd

    public init(mode: SystemMode, end: RequestedEnd = .never) {
        self.mode = mode
        self.end = end
    }
}

extension SystemCommand {
    /// - Parameter requested: An object such as `{"mode":"away","duration":"3d"}`, or the text of a plain value.
    init(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        switch form {
        case .object:
            let members = try RequestMembers(requested, keys: ["mode", "until", "duration"])
            guard case .string(let text)? = members["mode"] else {
                throw Refusal(.incomplete, "The mode is missing; it is a text such as \"away\".")
            }
            let end = try members.end() ?? .never
            guard end != .nextSwitchpoint else {
                throw Refusal(.malformed, "A system mode cannot end at the next switchpoint.")
            }
            self.init(mode: try Self.mode(text), end: end)
        case .plain("mode"): self.init(mode: try Self.mode(requested.plainText))
        case .plain(let attribute):
            throw Refusal.notSettable(attribute, only: ["mode"])
        }
    }

    /// Any word can be a mode of some thermostat; the system says whether it is one of its own.
    private static func mode(_ text: String) throws(Refusal) -> SystemMode {
        if let known = SystemMode.known.first(where: { $0.isMeant(by: text) }) { return known }
        guard let first = text.first, first.isLetter, text.count <= 64 else {
            throw Refusal(.malformed, "The mode \"\(text.excerpt)\" is not a word such as away.")
        }
        return SystemMode(vendorText: text)
    }
}

extension SystemCommand {
    /// Checks what does not depend on the moment.
    ///
    /// - Returns: How an end of this mode is counted.
    func timing(in system: ControlSystem) throws(Refusal) -> AllowedSystemMode.Timing {
        let allowed = try allowed(in: system)
        if end == .never {
            guard allowed?.canBePermanent ?? true else {
                throw Refusal(.incomplete, "The mode \(mode) needs an end: give until or duration.")
            }
        } else {
            guard allowed?.canBeTemporary ?? true else {
                throw Refusal(.notAllowed, "The mode \(mode) cannot have an end.")
            }
        }
        let timing = allowed?.timing ?? (mode == .autoWithEco ? .duration : .period)
        if case .after(let length) = end { try check(length.rounded(.up, to: timing.unit), allowed) }
        return timing
    }

    func decision(
        for system: ControlSystem,
        in location: Location,
        _ status: ControlSystemStatus,
        at moment: Moment
    ) throws(Refusal) -> Decision {
        var notes: [PlannedCall.Note] = []
        let until = try until(by: try timing(in: system), system, location.timeZone, moment, &notes)
        // The spelling of the cloud, for a mode that only this system has.
        let mode = try allowed(in: system)?.mode ?? mode
        let call = PlannedCall(.system(system.id, mode: mode, until: until), notes: notes)
        // A reset is an event, not a state: there is always something to do.
        guard mode != .autoWithReset else { return .send(call) }
        return call.decision(given: status)
    }

    private func allowed(in system: ControlSystem) throws(Refusal) -> AllowedSystemMode? {
        let found = system.allowedModes.first { $0.mode.isMeant(by: mode.rawValue) }
        guard found != nil || (system.allowedModes.isEmpty && SystemMode.known.contains(mode)) else {
            let modes = system.allowedModes.map(\.mode.rawValue)
            throw Refusal.unsupported(mode.rawValue, "mode", by: "The system", supported: modes)
        }
        return found
    }

    /// When the mode ends: after whole hours, or at the local midnight that ends a day, today being day 1.
    private func until(
        by timing: AllowedSystemMode.Timing,
        _ system: ControlSystem,
        _ timeZone: LocationTimeZone,
        _ moment: Moment,
        _ notes: inout [PlannedCall.Note]
    ) throws(Refusal) -> Instant? {
        let wanted: Instant
        switch end {
        case .never, .asRunning, .nextSwitchpoint: return nil
        case .at(let instant): wanted = instant
        case .atLocalTime(let time): wanted = timeZone.nextOccurrence(of: time, after: moment.now)
        case .after(let length) where timing == .duration:
            let until = (moment.received + length.rounded(.up, to: timing.unit)).onTheMinute(in: timeZone)
            if length.rounded(.up, to: timing.unit) != length { notes.append(.endRounded(to: until)) }
            return until
        case .after(let length):
            let days = length.rounded(.up, to: timing.unit).components.seconds / 86400
            return timeZone.midnight(endingDay: Int(days), from: moment.received)
        }
        guard wanted > moment.now else { throw Refusal.inThePast(wanted) }
        let length = moment.now.duration(to: wanted).rounded(.up, to: timing.unit)
        try check(length, try allowed(in: system))
        let until =
            timing == .duration
            ? (moment.now + length).onTheMinute(in: timeZone) : timeZone.midnight(atOrAfter: wanted)
        if until != wanted { notes.append(.endRounded(to: until)) }
        return until
    }

    private func check(_ length: Duration, _ allowed: AllowedSystemMode?) throws(Refusal) {
        guard let longest = allowed?.maximumDuration.map(Duration.init(reportedSeconds:)), length > longest else {
            return
        }
        throw Refusal.tooLong("\(length.readable) in the mode \(mode)", longest: longest)
    }
}

extension AllowedSystemMode.Timing {
    /// What the length of a mode is a multiple of.
    fileprivate var unit: Duration { self == .duration ? .seconds(3600) : .seconds(86400) }
}

extension Instant {
    /// The gateway counts no seconds, and a moment more than the longest mode would be refused.
    fileprivate func onTheMinute(in timeZone: LocationTimeZone) -> Instant {
        rounded(.down, to: .seconds(60), in: timeZone)
    }
}
