public import Basics
import HeatingModel

extension Order {
    /// What to tell the cloud now.
    ///
    /// - Parameters:
    ///   - target: Of the site's.
    ///   - received: When the order came; durations count from then.
    public func plan(
        for target: Target,
        in site: Site,
        received: Instant,
        now: Instant
    ) throws(Refusal) -> Planning {
        try check(target, in: site)
        guard let status = site.shown(at: now) else {
            throw Refusal(.unknownTarget, "The cloud does not say how it is.")
        }
        let moment = Moment(received: received, now: now)
        switch self {
        case .zone(let order): return try order.plan(for: try site.zone(target), in: site, status, at: moment)
        case .hotWater(let order): return try order.plan(for: try site.hotWater(target), in: site, status, at: moment)
        case .system(let order): return try order.plan(for: site.system, in: site.location, status, at: moment)
        case .zoneSchedule(let week):
            let zone = try site.zone(target)
            let plan = Plan(change: .zoneSchedule(zone.id, week))
            return site.schedules[zone.id] == .week(week) ? .alreadySo(plan.noted(.alreadySo)) : .send(plan)
        case .hotWaterSchedule(let week):
            let hotWater = try site.hotWater(target)
            let plan = Plan(change: .hotWaterSchedule(hotWater.id, week))
            return site.schedules[hotWater.id] == .week(week) ? .alreadySo(plan.noted(.alreadySo)) : .send(plan)
        }
    }
}

extension ZoneOrder {
    fileprivate func plan(
        for zone: Zone,
        in site: Site,
        _ status: ControlSystemStatus,
        at moment: Moment
    ) throws(Refusal) -> Planning {
        guard let present = status.zones.first(where: { $0.id == zone.id }) else {
            throw Refusal(.unknownTarget, "The cloud does not say how the zone is.")
        }
        let timeZone = site.location.timeZone
        let planner = OverridePlanner(
            limits: zone.setpoint.limits,
            timeZone: timeZone,
            running: (present.mode, present.until),
            next: .init(site.schedules[zone.id], after: moment.now, in: timeZone),
            moment: moment
        )
        var notes: [Plan.Note] = []
        var override: ZoneOverride? = .followSchedule
        if case .hold(let wanted, let end) = self {
            let setpoint = try zone.setpoint.value(for: wanted, present: present.setpoint, &notes)
            override = try planner.override(holding: setpoint, until: end, &notes)
        }
        guard let override else { return .needsSchedule }
        let mask = status.mode.flatMap { $0.masksZones ? $0 : nil }
        return Plan(change: .zone(zone.id, override), notes: notes).masked(by: mask).planning(given: status)
    }
}

extension HotWaterOrder {
    fileprivate func plan(
        for hotWater: HotWater,
        in site: Site,
        _ status: ControlSystemStatus,
        at moment: Moment
    ) throws(Refusal) -> Planning {
        guard let present = status.hotWater else {
            throw Refusal(.unknownTarget, "The cloud does not say how the hot water is.")
        }
        let timeZone = site.location.timeZone
        let planner = OverridePlanner(
            limits: hotWater.limits,
            timeZone: timeZone,
            running: (present.mode, present.until),
            next: .init(site.schedules[hotWater.id], after: moment.now, in: timeZone),
            moment: moment
        )
        var notes: [Plan.Note] = []
        var override: HotWaterOverride? = .followSchedule
        if case .hold(let wanted, let end) = self {
            guard let state = wanted ?? present.state else {
                throw Refusal(.incomplete, "The hot water's present state is not known; give one.")
            }
            override = try planner.override(holding: state, until: end, &notes)
        }
        guard let override else { return .needsSchedule }
        let mask = status.mode.flatMap { $0.masksHotWater ? $0 : nil }
        return Plan(change: .hotWater(hotWater.id, override), notes: notes).masked(by: mask).planning(given: status)
    }
}

extension SetpointCapabilities {
    /// The setpoint to send, on the zone's steps.
    fileprivate func value(
        for wanted: Double?,
        present: Double?,
        _ notes: inout [Plan.Note]
    ) throws(Refusal) -> Double {
        guard let wanted else {
            guard let present else {
                throw Refusal(.incomplete, "The zone's present setpoint is not known; give one.")
            }
            // A mode such as heating_off shows setpoints that the zone itself does not take.
            try checkRange(present)
            return present
        }
        let rounded = rounded(wanted)
        if abs(rounded - wanted) > 0.0001 { notes.append(.rounded(from: wanted, to: rounded)) }
        return rounded
    }
}
