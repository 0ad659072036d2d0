public import HeatingModel

extension ZoneOrder {
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
            capabilities: zone.setpoint,
            timeZone: site.location.timeZone,
            status: status,
            schedule: schedule,
            received: received,
            now: now
        )
        guard let override = try planner.override(for: self) else { return .needsSchedule }
        try zone.setpoint.checkAllows(override.mode)
        var plan = ZonePlan(override: override, notes: planner.notes)
        if let mode = site.status?.mode, mode.masksZones { plan.notes.append(.masked(by: mode)) }
        // What a mask hides cannot be compared, but for a zone that follows its schedule already.
        guard plan.isShown(by: status), !plan.isMasked || override == .followSchedule else { return .send(plan) }
        plan.notes.append(.alreadySo)
        return .alreadySo(plan)
    }
}

/// Works out one override, collecting what the sender should know on the way.
private struct ZonePlanner {
    let capabilities: SetpointCapabilities
    let timeZone: LocationTimeZone
    let status: ZoneStatus
    let schedule: KnownSchedule
    let received: Instant
    let now: Instant
    var notes: [ZonePlan.Note] = []

    /// - Returns: `nil` when the schedule has to be read first.
    mutating func override(for order: ZoneOrder) throws(Refusal) -> ZoneOverride? {
        switch order {
        case .followSchedule: .followSchedule
        case .hold(let setpoint?, let end): try hold(rounded(setpoint), until: end)
        case .hold(nil, let end): try hold(presentSetpoint(), until: end)
        }
    }

    private mutating func hold(_ setpoint: Double, until end: ZoneOrder.End) throws(Refusal) -> ZoneOverride? {
        switch end {
        case .never: .hold(setpoint, until: nil)
        case .at(let instant): .hold(setpoint, until: try onGrid(instant))
        case .after(let duration): .hold(setpoint, until: try onGrid(received + duration))
        case .atLocalTime(let time): .hold(setpoint, until: try onGrid(timeZone.nextOccurrence(of: time, after: now)))
        case .nextSwitchpoint: holdUntilNextSwitchpoint(setpoint)
        case .asRunning: holdAsRunning(setpoint)
        }
    }

    private mutating func holdAsRunning(_ setpoint: Double) -> ZoneOverride? {
        switch (status.mode, status.until) {
        case (.permanentOverride?, _): .hold(setpoint, until: nil)
        case (.temporaryOverride?, let until?) where until > now: .hold(setpoint, until: until)
        default: holdUntilNextSwitchpoint(setpoint)
        }
    }

    private mutating func holdUntilNextSwitchpoint(_ setpoint: Double) -> ZoneOverride? {
        switch schedule {
        case .unread: return nil
        case .none: break
        case .week(let week):
            if let next = week.next(after: now, in: timeZone) { return .hold(setpoint, until: next.start) }
        }
        notes.append(.noSchedule)
        return .hold(setpoint, until: nil)
    }

    private func presentSetpoint() throws(Refusal) -> Double {
        guard let setpoint = status.setpoint else {
            throw Refusal(.incomplete, "The zone's present setpoint is not known; give one.")
        }
        // A mode such as heating_off shows setpoints that the zone itself does not take.
        try capabilities.checkRange(setpoint)
        return setpoint
    }

    private mutating func rounded(_ setpoint: Double) -> Double {
        let rounded = capabilities.rounded(setpoint)
        if abs(rounded - setpoint) > 0.0001 { notes.append(.rounded(from: setpoint, to: rounded)) }
        return rounded
    }

    private func onGrid(_ end: Instant) throws(Refusal) -> Instant {
        guard end > now else { throw Refusal(.inThePast, "The end \(end) lies in the past.") }
        let resolution = Duration(reportedSeconds: capabilities.timingResolution ?? 600)
        let nearest = end.rounded(.nearest, to: resolution, in: timeZone)
        let rounded = nearest > now ? nearest : end.rounded(.up, to: resolution, in: timeZone)
        // Rounding up may add less than one step to the longest override there is.
        try capabilities.checkLength(min(now.duration(to: rounded), now.duration(to: end)))
        return rounded
    }
}
