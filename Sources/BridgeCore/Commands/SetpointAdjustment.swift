public import Basics
public import HeatingModel

/// A change of what a zone is set to now, such as half a degree more.
public struct SetpointAdjustment: Equatable, Sendable {
    /// In °C; negative for cooler.
    public var difference: Double
    /// The setpoint that it counts from; `nil` for the one in force.
    public var base: Temperature?
    public var end: RequestedEnd

    public init(by difference: Double, from base: Temperature? = nil, until end: RequestedEnd = .asRunning) {
        self.difference = difference
        self.base = base
        self.end = end
    }

    /// The setpoint that it leads to, before it is limited to the range of the zone; `nil` if it counts from nothing.
    ///
    /// - Parameter present: The setpoint in force.
    fileprivate func setpoint(present: Temperature?) -> Temperature? {
        // Sums of tenths are not the numbers that people write: 0.1 + 0.2 is 0.30000000000000004.
        (base ?? present).map { Temperature(celsius: (($0.celsius + difference) * 1000).rounded() / 1000) }
    }
}

// MARK: - Reading

/// The number of an adjustment, in °C.
struct SetpointDifference: RequestedValue {
    static let key = "adjust"

    var celsius: Double

    init(requested value: JSONValue) throws(Refusal) {
        var number = value.numberInAnyForm
        // JSON has no +0.5, but people write it.
        if case .string(let text) = value, text.trimmed.hasPrefix("+") {
            let magnitude = JSONValue.string(String(text.trimmed.dropFirst())).numberInAnyForm
            number = magnitude.flatMap { $0 >= 0 ? $0 : nil }
        }
        guard let number else {
            let shown = if case .string(let text) = value { " \"\(text.excerpt)\"" } else { "" }
            throw Refusal(.malformed, "The adjustment\(shown) is not a number such as -0.5.")
        }
        celsius = number
    }

    init(plain text: String) throws(Refusal) {
        try self.init(requested: (try? JSONValue(parsing: text)) ?? .string(text))
    }
}

extension SetpointAdjustment {
    /// Reads `{"adjust":-1.5,…}` with the ends that a setpoint takes, or a plain `-1.5`.
    ///
    /// - Returns: `nil` for a message that asks for something else.
    init?(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        let key = SetpointDifference.key
        guard form == .plain(attribute: key) || (form == .object && requested[key] != nil) else { return nil }
        guard requested[Temperature.key] == nil else {
            throw Refusal(.incomplete, "Give either \(Temperature.key) or \(key), not both.")
        }
        guard case .hold(let difference?, let end) = try OverrideCommand<SetpointDifference>(requested, form: form)
        else {
            throw Refusal(.incomplete, "The mode \(SetpointMode.followSchedule) contradicts the rest.")
        }
        self.init(by: difference.celsius, until: end)
    }
}

// MARK: - What it counts from

extension CommandAction {
    /// Fixes what an adjustment counts from when it arrives: what the zone will be set to by the command before it, else the
    /// setpoint in force. So adjustments that follow one another quickly add up, whichever of them are superseded, and one
    /// that is tried again is not made twice. Other commands stay as they are.
    ///
    /// - Parameters:
    ///   - earlier: The latest command for the same zone that has no outcome yet.
    ///   - isSuperseded: Whether this one takes its place, so that its end would be lost.
    public func counted(
        from earlier: CommandAction?,
        isSuperseded: Bool,
        for target: Target,
        in site: Site,
        at now: Instant
    ) -> CommandAction {
        guard case .zoneAdjustment(var adjustment) = self, case .zone(let id, in: _) = target else { return self }
        let zone = site.system.zones.first { $0.id == id }
        let shown = site.shown(at: now)
        let present = shown?.zones.first { $0.id == id }?.setpoint
        var earlierEnd: RequestedEnd?
        switch earlier {
        case .zone(.hold(let setpoint, let end))?:
            adjustment.base = setpoint ?? present
            earlierEnd = end
        case .zone(.followSchedule)?:
            let followed = FollowedSchedule(
                site.schedules[id].schedule,
                in: shown?.mode,
                timeZone: site.location.timeZone
            )
            adjustment.base = followed.current(at: now)?.value ?? present
            earlierEnd = .nextSwitchpoint
        case .zoneAdjustment(let earlier)?:
            adjustment.base = earlier.setpoint(present: present).map { zone?.setpoint.limited($0) ?? $0 }
            earlierEnd = earlier.end
        default:
            adjustment.base = present
        }
        if isSuperseded, adjustment.end == .asRunning, let earlierEnd { adjustment.end = earlierEnd }
        return .zoneAdjustment(adjustment)
    }
}

// MARK: - What it comes to

extension SetpointAdjustment {
    func check(against zone: Zone) throws(Refusal) {
        try zone.setpoint.limits.check(end)
    }

    /// The command that sets the zone to what this leads to.
    ///
    /// - Parameter present: The setpoint in force.
    func command(
        for zone: Zone,
        present: Temperature?,
        _ notes: inout [PlannedCall.Note]
    ) throws(Refusal) -> ZoneCommand {
        guard let wanted = setpoint(present: present) else {
            throw Refusal(.incomplete, "The zone's present setpoint is not known, so it cannot be adjusted.")
        }
        let limited = zone.setpoint.limited(wanted)
        if limited != wanted { notes.append(.limited(to: limited)) }
        return .hold(limited, end)
    }
}

extension SetpointCapabilities {
    /// The nearest setpoint that the zone accepts.
    fileprivate func limited(_ setpoint: Temperature) -> Temperature {
        min(max(setpoint, range.lowerBound), range.upperBound)
    }
}
