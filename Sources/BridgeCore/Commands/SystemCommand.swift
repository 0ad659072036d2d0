import Basics
public import HeatingModel

/// A command for a control system: a mode, and when it ends.
public struct SystemCommand: Equatable, Sendable {
    public var mode: SystemMode
    public var end: RequestedEnd
    /// Whether a duration without a unit was taken as days, which the outcome says.
    public var isCountedInDays: Bool

    public init(mode: SystemMode, end: RequestedEnd = .never, isCountedInDays: Bool = false) {
        self.mode = mode
        self.end = end
        self.isCountedInDays = isCountedInDays
    }
}

extension SystemCommand {
    /// Modes of which people say for how many days they last.
    private static let countedInDays: [SystemMode] = [.away, .dayOff, .custom]

    /// - Parameter requested: An object such as `{"mode":"away","duration":"3d"}`, or the text of a plain value.
    init(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        switch form {
        case .object:
            try self.init(RequestMembers(requested, keys: ["mode", "permanent", "until", "duration"]))
        case .plain("mode"): self.init(mode: try Self.mode(requested.plainText))
        case .plain(let attribute):
            throw Refusal.notSettable(attribute, only: ["mode"])
        }
    }

    private init(_ members: RequestMembers) throws(Refusal) {
        guard case .string(let text)? = members["mode"] else {
            throw Refusal(.incomplete, "The mode is missing; it must be a string such as \"away\".")
        }
        let mode = try Self.mode(text)
        let unit: BareDuration = Self.countedInDays.contains(mode) ? .days : .minutes
        let end = try members.end(counting: unit) ?? .never
        guard end != .nextSwitchpoint else {
            throw Refusal(.malformed, "A system mode cannot end at the next switchpoint.")
        }
        switch members["permanent"] {
        case nil, .null?, .bool(end == .never)?: break
        case .bool(true)?: throw Refusal(.incomplete, "A permanent mode has no end.")
        case .bool(false)?: throw Refusal(.incomplete, "A mode that is not permanent needs an end.")
        default: throw Refusal(.malformed, "permanent must be true or false.")
        }
        self.init(mode: mode, end: end, isCountedInDays: unit == .days && members.hasBareDuration)
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
        if case .after(let length) = end { try check(length.rounded(.up, to: timing.unit), longest: allowed?.longest) }
        if case .endOf(let day) = end, timing == .duration { throw Refusal.noTime(day) }
        return timing
    }

    func decision(
        for system: ControlSystem,
        in location: Location,
        _ status: ControlSystemStatus,
        at moment: Moment
    ) throws(Refusal) -> Decision {
        var notes: [PlannedCall.Note] = isCountedInDays ? [.countedInDays] : []
        let timing = try timing(in: system)
        var until = try wantedEnd(by: timing, location.timeZone, moment)
        // What the cloud reported is possible, whatever the steps.
        if let wanted = until, status.mode?.isMeant(by: mode.rawValue) != true || status.until != wanted {
            let possible = try possibleEnd(
                for: wanted,
                by: timing,
                longest: try allowed(in: system)?.longest,
                location.timeZone,
                moment
            )
            if possible != wanted { notes.append(.endRounded(to: possible)) }
            until = possible
        }
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

    /// When the mode should end; `nil` for never. Days end at local midnights, and today is day 1.
    private func wantedEnd(
        by timing: AllowedSystemMode.Timing,
        _ timeZone: LocationTimeZone,
        _ moment: Moment
    ) throws(Refusal) -> Instant? {
        let wanted: Instant
        switch end {
        case .never, .asRunning, .nextSwitchpoint: return nil
        case .at(let instant): wanted = instant
        case .atLocal(let local): wanted = timeZone.occurrence(of: local, after: moment.now)
        case .atLocalTime(let time): wanted = timeZone.nextOccurrence(of: time, after: moment.now)
        case .endOf(let day): wanted = timeZone.end(of: day)
        case .after(let length):
            let isInDays = timing == .period && length.rounded(.up, to: timing.unit) == length
            wanted =
                isInDays
                ? timeZone.midnight(endingDay: Int(length / timing.unit), from: moment.received)
                : moment.received + length
        }
        guard wanted > moment.now else { throw Refusal.inThePast(wanted) }
        return wanted
    }

    /// The first end that is not before the wanted one: after whole hours, or at a local midnight.
    private func possibleEnd(
        for wanted: Instant,
        by timing: AllowedSystemMode.Timing,
        longest: Duration?,
        _ timeZone: LocationTimeZone,
        _ moment: Moment
    ) throws(Refusal) -> Instant {
        guard timing == .duration else {
            let midnight = timeZone.midnight(atOrAfter: wanted)
            // Days of the calendar: one on which the clocks change is not 24 hours long.
            let days = timeZone.localDateTime(at: midnight).day - timeZone.localDateTime(at: moment.now).day
            try check(.seconds(days * 86400), longest: longest)
            return midnight
        }
        // A duration counts from the message, which may have waited.
        let start: Instant = if case .after = end { moment.received } else { moment.now }
        let length = start.duration(to: wanted).rounded(.up, to: timing.unit)
        try check(length, longest: longest)
        // The gateway counts no seconds, and a moment more than the longest mode would be refused.
        let minute = Duration.seconds(60)
        let later = (start + length).rounded(.up, to: minute, in: timeZone)
        guard let longest, moment.now.duration(to: later) > longest else { return later }
        return (start + length).rounded(.down, to: minute, in: timeZone)
    }

    private func check(_ length: Duration, longest: Duration?) throws(Refusal) {
        guard let longest, length > longest else { return }
        throw Refusal.tooLong("\(length.readable) in the mode \(mode)", longest: longest)
    }
}

extension AllowedSystemMode {
    fileprivate var longest: Duration? { maximumDuration.map(Duration.init(reportedSeconds:)) }
}

extension AllowedSystemMode.Timing {
    /// What the length of a mode is a multiple of.
    fileprivate var unit: Duration { self == .duration ? .seconds(3600) : .seconds(86400) }
}
