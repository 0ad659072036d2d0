public import Basics
public import HeatingModel

/// What a command asks for, before it is checked.
public enum CommandAction: Equatable, Sendable {
    case zone(ZoneCommand)
    case zoneAdjustment(SetpointAdjustment)
    case hotWater(HotWaterCommand)
    case system(SystemCommand)
    /// Schedules with the days that are to change; the others stay as they are.
    case zoneSchedule(Schedule<Temperature>)
    case hotWaterSchedule(Schedule<HotWaterState>)
    /// A call of another program, which goes out as it is.
    case call(CloudCall)

    /// Whether it writes a schedule and leaves the present state alone.
    public var isSchedule: Bool {
        switch self {
        case .zone, .zoneAdjustment, .hotWater, .system: false
        case .zoneSchedule, .hotWaterSchedule: true
        case .call(let call): call.isSchedule
        }
    }
}

extension CommandAction {
    /// - Parameter requested: An object, or the text of a plain value.
    init(_ requested: JSONValue, form: CommandTopic.Form, for subject: Command.Subject) throws(Refusal) {
        switch subject.target {
        case .system where subject.isSchedule:
            throw Refusal(.unknownTarget, "A control system has no schedule; its zones and hot water do.")
        case .zone where subject.isSchedule: self = .zoneSchedule(try Schedule(requested, form: form))
        case .hotWater where subject.isSchedule: self = .hotWaterSchedule(try Schedule(requested, form: form))
        case .zone: try self.init(zone: requested, form: form)
        case .hotWater: self = .hotWater(try HotWaterCommand(requested, form: form))
        case .system: self = .system(try SystemCommand(requested, form: form))
        }
    }

    /// What a zone is to do.
    init(zone requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        if let adjustment = try SetpointAdjustment(requested, form: form) {
            self = .zoneAdjustment(adjustment)
        } else {
            self = .zone(try ZoneCommand(requested, form: form))
        }
    }
}

extension CommandAction {
    /// Checks what does not depend on the time, so that a bad command is refused as soon as it arrives.
    ///
    /// - Parameter target: Of the site's.
    public func check(_ target: Target, in site: Site) throws(Refusal) {
        switch self {
        case .zone(let command): try command.check(against: try site.zone(target))
        case .zoneAdjustment(let adjustment): try adjustment.check(against: try site.zone(target))
        case .hotWater(let command): try command.check(against: try site.hotWater(target))
        case .system(let command): _ = try command.timing(in: site.system)
        case .zoneSchedule(let schedule):
            let zone = try site.zone(target)
            let problems = schedule.problems(against: ScheduleLimits(zone.schedule), values: zone.setpoint.range)
            try schedule.check(problems, for: site.schedules[zone.id])
        case .hotWaterSchedule(let schedule):
            let hotWater = try site.hotWater(target)
            let problems = schedule.problems(against: ScheduleLimits(hotWater.schedule))
            try schedule.check(problems, for: site.schedules[hotWater.id])
        case .call(.zone), .call(.zoneSchedule): _ = try site.zone(target)
        case .call(.hotWater), .call(.hotWaterSchedule): _ = try site.hotWater(target)
        // Its sender has checked it against what the cloud reported.
        case .call(.system): break
        }
    }
}

extension ZoneCommand {
    func check(against zone: Zone) throws(Refusal) {
        guard case .hold(let setpoint, let end) = self else {
            return try zone.setpoint.limits.checkAllows(.followSchedule)
        }
        if let setpoint { try zone.setpoint.checkRange(setpoint) }
        try zone.setpoint.limits.check(end)
    }
}

extension HotWaterCommand {
    func check(against hotWater: HotWater) throws(Refusal) {
        guard case .hold(let state, let end) = self else { return try hotWater.limits.checkAllows(.followSchedule) }
        if let state { try hotWater.checkAllows(state) }
        try hotWater.limits.check(end)
    }
}

extension Site {
    /// The zone that a command is for.
    func zone(_ target: Target) throws(Refusal) -> Zone {
        guard case .zone(let id, in: system.id) = target, let zone = system.zones.first(where: { $0.id == id }),
            !zone.isGhost(with: reported(id))
        else { throw Refusal(.unknownTarget, "The zone no longer exists.") }
        return zone
    }

    /// The hot water that a command is for.
    func hotWater(_ target: Target) throws(Refusal) -> HotWater {
        guard case .hotWater(let id, in: system.id) = target, let hotWater = system.hotWater, hotWater.id == id else {
            throw Refusal(.unknownTarget, "The hot water no longer exists.")
        }
        return hotWater
    }
}

extension CommandAction {
    /// Decides what to do now.
    ///
    /// - Parameters:
    ///   - target: Of the site's.
    ///   - received: When the command came; durations count from then.
    public func decision(
        for target: Target,
        in site: Site,
        received: Instant,
        now: Instant
    ) throws(Refusal) -> Decision {
        try check(target, in: site)
        guard let status = site.shown(at: now) else {
            throw Refusal(.unknownTarget, "The cloud has not reported its state.")
        }
        let moment = Moment(received: received, now: now)
        switch self {
        case .zone(let command): return try command.decision(for: try site.zone(target), in: site, status, at: moment)
        case .zoneAdjustment(let adjustment):
            let zone = try site.zone(target)
            var notes: [PlannedCall.Note] = []
            let present = status.zones.first { $0.id == zone.id }?.setpoint
            let command = try adjustment.command(for: zone, present: present, &notes)
            return try command.decision(for: zone, in: site, status, at: moment, notes: notes)
        case .hotWater(let command):
            return try command.decision(for: try site.hotWater(target), in: site, status, at: moment)
        case .system(let command): return try command.decision(for: site.system, in: site.location, status, at: moment)
        case .zoneSchedule(let schedule):
            let zone = try site.zone(target)
            let read = site.schedules.read(target)
            return try schedule.decision(for: site.schedules[zone.id], read: read, now: now) {
                .zoneSchedule(zone.id, $0)
            }
        case .hotWaterSchedule(let schedule):
            let hotWater = try site.hotWater(target)
            let read = site.schedules.read(target)
            return try schedule.decision(for: site.schedules[hotWater.id], read: read, now: now) {
                .hotWaterSchedule(hotWater.id, $0)
            }
        // Its sender wants the cloud's answer, also where nothing changes.
        case .call(let call): return .send(PlannedCall(call, in: status.mode))
        }
    }
}

extension ZoneCommand {
    fileprivate func decision(
        for zone: Zone,
        in site: Site,
        _ status: ControlSystemStatus,
        at moment: Moment,
        notes: [PlannedCall.Note] = []
    ) throws(Refusal) -> Decision {
        guard let present = status.zones.first(where: { $0.id == zone.id }) else {
            throw Refusal(.unknownTarget, "The cloud does not report the zone.")
        }
        let timeZone = site.location.timeZone
        let planner = OverridePlanner(
            limits: zone.setpoint.limits,
            timeZone: timeZone,
            running: (present.mode, present.until),
            next: .init(site.schedules[zone.id], after: moment.now, in: status.mode, timeZone: timeZone),
            moment: moment
        )
        var notes = notes
        var override: ZoneOverride? = .followSchedule
        if case .hold(let wanted, let end) = self {
            let setpoint = try zone.setpoint.value(for: wanted, present: present.setpoint, &notes)
            override = try planner.override(holding: setpoint, until: end, &notes)
        }
        guard let override else { return .needsSchedule }
        return PlannedCall(.zone(zone.id, override), notes: notes, in: status.mode).decision(given: status)
    }
}

extension HotWaterCommand {
    fileprivate func decision(
        for hotWater: HotWater,
        in site: Site,
        _ status: ControlSystemStatus,
        at moment: Moment
    ) throws(Refusal) -> Decision {
        guard let present = status.hotWater else {
            throw Refusal(.unknownTarget, "The cloud does not report the hot water.")
        }
        let timeZone = site.location.timeZone
        let planner = OverridePlanner(
            limits: hotWater.limits,
            timeZone: timeZone,
            running: (present.mode, present.until),
            next: .init(site.schedules[hotWater.id], after: moment.now, in: status.mode, timeZone: timeZone),
            moment: moment
        )
        var notes: [PlannedCall.Note] = []
        var override: HotWaterOverride? = .followSchedule
        if case .hold(let wanted, let end) = self {
            guard let state = wanted ?? present.state else {
                throw Refusal(.incomplete, "The hot water's present state is not known; give one.")
            }
            override = try planner.override(holding: state, until: end, &notes)
        }
        guard let override else { return .needsSchedule }
        return PlannedCall(.hotWater(hotWater.id, override), notes: notes, in: status.mode).decision(given: status)
    }
}

extension SetpointCapabilities {
    /// The setpoint to send, rounded to the zone's step.
    fileprivate func value(
        for wanted: Temperature?,
        present: Temperature?,
        _ notes: inout [PlannedCall.Note]
    ) throws(Refusal) -> Temperature {
        guard let wanted else {
            guard let present else {
                throw Refusal(.incomplete, "The zone's present setpoint is not known; give one.")
            }
            // A mode such as heating_off shows setpoints that the zone itself does not accept.
            try checkRange(present)
            return present
        }
        let rounded = rounded(wanted)
        if !rounded.isClose(to: wanted, within: 0.0001) { notes.append(.rounded(from: wanted, to: rounded)) }
        return rounded
    }
}

/// When a command arrived, and the present time.
struct Moment {
    let received: Instant
    let now: Instant
}
