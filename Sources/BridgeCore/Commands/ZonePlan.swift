public import HeatingModel

/// What the cloud is to be told, after an order was checked against what the zone can do and how it is.
public struct ZonePlan: Equatable, Sendable {
    /// Something that a sender should know of a command that succeeds.
    public enum Note: Equatable, Sendable {
        case rounded(from: Double, to: Double)
        /// There is no switchpoint to end at.
        case noSchedule
        /// The system's mode decides what the zone does, until it ends.
        case masked(by: SystemMode)
        case alreadySo
    }

    public var override: ZoneOverride
    public var notes: [Note]

    public init(override: ZoneOverride, notes: [Note] = []) {
        self.override = override
        self.notes = notes
    }

    public var isMasked: Bool {
        notes.contains { if case .masked = $0 { true } else { false } }
    }

    /// Whether a status shows that the zone does what it was told. The cloud cuts times to the second.
    public func isShown(by status: ZoneStatus) -> Bool {
        guard status.mode == override.mode else { return false }
        guard case .hold(let setpoint, let until) = override else { return true }
        // What is masked shows the mask's setpoint.
        guard isMasked || abs((status.setpoint ?? .infinity) - setpoint) < 0.05 else { return false }
        guard let until else { return true }
        return status.until.map { abs($0.duration(to: until).components.seconds) < 60 } ?? false
    }
}

/// What comes of planning.
public enum ZonePlanning: Equatable, Sendable {
    case send(ZonePlan)
    case alreadySo(ZonePlan)
    /// The next switchpoint is needed, and the zone's schedule was not read yet.
    case needsSchedule
}

/// What is known of a zone's week.
public enum KnownSchedule: Equatable, Sendable {
    case unread
    /// The zone has none.
    case none
    case week(WeekSchedule<Double>)
}

extension ZoneOrder {
    /// Checks what does not depend on the moment, so that a bad order is refused as soon as it comes.
    public func check(against zone: Zone) throws(Refusal) {
        switch self {
        case .setpoint(let setpoint, let end):
            try Self.checkRange(setpoint, of: zone)
            if end == .never { try Self.checkAllowed(.permanentOverride, by: zone) }
            if case .after(let duration) = end { try Self.checkLength(duration, of: zone) }
        case .mode(let mode):
            try Self.checkAllowed(mode, by: zone)
        }
    }

    /// What to tell the cloud now.
    ///
    /// - Parameters:
    ///   - status: How the zone is shown now.
    ///   - received: When the order came; durations count from then.
    public func plan(
        for zone: Zone,
        in site: Site,
        status: ZoneStatus,
        schedule: KnownSchedule,
        received: Instant,
        now: Instant
    ) throws(Refusal) -> ZonePlanning {
        try check(against: zone)
        var planner = ZonePlanner(
            zone: zone,
            timeZone: site.location.timeZone,
            status: status,
            schedule: schedule,
            received: received,
            now: now
        )
        if let mode = site.status?.mode, mode.masksZones { planner.notes.append(.masked(by: mode)) }
        guard let override = try planner.override(for: self) else { return .needsSchedule }
        var plan = ZonePlan(override: override, notes: planner.notes)
        guard plan.isShown(by: status), !plan.isMasked else { return .send(plan) }
        plan.notes.append(.alreadySo)
        return .alreadySo(plan)
    }

    private static func checkRange(_ setpoint: Double, of zone: Zone) throws(Refusal) {
        let (minimum, maximum) = (zone.setpoint.minimum ?? 5, zone.setpoint.maximum ?? 35)
        guard setpoint >= minimum, setpoint <= maximum else {
            throw Refusal(.outOfRange, "The setpoint \(setpoint) °C is not between \(minimum) and \(maximum) °C.")
        }
    }

    fileprivate static func checkAllowed(_ mode: SetpointMode, by zone: Zone) throws(Refusal) {
        let allowed = zone.setpoint.allowedModes
        guard allowed.isEmpty || allowed.contains(mode) else {
            let modes = allowed.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.notAllowed, "The zone does not take the mode \(mode); it takes \(modes).")
        }
    }

    fileprivate static func checkLength(_ length: Duration, of zone: Zone) throws(Refusal) {
        guard let maximum = zone.setpoint.maximumDuration, length > .seconds(maximum) else { return }
        throw Refusal(
            .outOfRange,
            "An override of \(length.readable) is too long; the zone takes \(Duration.seconds(maximum).readable) at most."
        )
    }
}

/// Works out one override, collecting what the sender should know on the way.
private struct ZonePlanner {
    let zone: Zone
    let timeZone: LocationTimeZone
    let status: ZoneStatus
    let schedule: KnownSchedule
    let received: Instant
    let now: Instant
    var notes: [ZonePlan.Note] = []

    /// - Returns: `nil` when the schedule has to be read first.
    mutating func override(for order: ZoneOrder) throws(Refusal) -> ZoneOverride? {
        switch order {
        case .mode(.followSchedule):
            return .followSchedule
        case .mode(.permanentOverride):
            return .hold(try presentSetpoint(), until: nil)
        case .mode:
            return try hold(presentSetpoint(), until: .nextSwitchpoint)
        case .setpoint(let setpoint, let end):
            return try hold(rounded(setpoint), until: end)
        }
    }

    private mutating func hold(_ setpoint: Double, until end: ZoneOrder.End) throws(Refusal) -> ZoneOverride? {
        switch end {
        case .never: .hold(setpoint, until: nil)
        case .at(let instant): .hold(setpoint, until: try onGrid(instant))
        case .after(let duration): .hold(setpoint, until: try onGrid(received + duration))
        case .atLocalTime(let time): .hold(setpoint, until: try onGrid(timeZone.nextOccurrence(of: time, after: now)))
        case .nextSwitchpoint: try holdUntilNextSwitchpoint(setpoint)
        case .asRunning: try holdAsRunning(setpoint)
        }
    }

    private mutating func holdAsRunning(_ setpoint: Double) throws(Refusal) -> ZoneOverride? {
        switch (status.mode, status.until) {
        case (.permanentOverride?, _): .hold(setpoint, until: nil)
        case (.temporaryOverride?, let until?) where until > now: .hold(setpoint, until: until)
        default: try holdUntilNextSwitchpoint(setpoint)
        }
    }

    private mutating func holdUntilNextSwitchpoint(_ setpoint: Double) throws(Refusal) -> ZoneOverride? {
        switch schedule {
        case .unread: return nil
        case .none: break
        case .week(let week):
            if let next = week.next(after: now, in: timeZone) { return .hold(setpoint, until: next.start) }
        }
        try ZoneOrder.checkAllowed(.permanentOverride, by: zone)
        notes.append(.noSchedule)
        return .hold(setpoint, until: nil)
    }

    private func presentSetpoint() throws(Refusal) -> Double {
        guard let setpoint = status.setpoint else {
            throw Refusal(.incomplete, "The zone's present setpoint is not known; give one.")
        }
        return setpoint
    }

    private mutating func rounded(_ setpoint: Double) -> Double {
        guard let step = zone.setpoint.step, step > 0 else { return setpoint }
        let nearest = (setpoint / step).rounded() * step
        let inRange = min(max(nearest, zone.setpoint.minimum ?? nearest), zone.setpoint.maximum ?? nearest)
        if abs(inRange - setpoint) > 0.0001 { notes.append(.rounded(from: setpoint, to: inRange)) }
        return inRange
    }

    private func onGrid(_ end: Instant) throws(Refusal) -> Instant {
        guard end > now else { throw Refusal(.inThePast, "The end \(end) lies in the past.") }
        let resolution = Duration.seconds(zone.setpoint.timingResolution ?? 600)
        let nearest = end.rounded(.nearest, to: resolution, in: timeZone)
        let rounded = nearest > now ? nearest : end.rounded(.up, to: resolution, in: timeZone)
        // Rounding up may add less than one step to the longest override there is.
        try ZoneOrder.checkLength(min(now.duration(to: rounded), now.duration(to: end)), of: zone)
        return rounded
    }
}
