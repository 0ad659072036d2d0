public import Basics
public import HeatingModel

/// Who changed what: takes in statuses and our own calls, and explains every difference. It survives a restart.
///
/// A call explains a change from the moment at which it is made, since its effect may show before its answer. It does so
/// until a status has shown it and its command has succeeded, or for an hour: a gateway that was away carries out its tasks
/// when it is back. A setting that goes back to what it was before a call that did not succeed has not changed.
public struct KnownChanges: Equatable, Sendable {
    /// A call that may explain a change.
    fileprivate struct Call: Codable, Equatable, Sendable {
        /// What it replaced.
        struct Replaced: Codable, Equatable, Sendable {
            var setting: Setting
            var change: Change?
        }

        var by: Change.Cause
        var asked: Setting
        var made: Instant
        /// When it was made, in elapsed time.
        var uptime = Uptime.distantPast
        var isAccepted = false
        /// Whether its command has an outcome.
        var hasEnded = false
        /// `nil` until a status shows the call's effect.
        var replaced: Replaced?

        /// Whether it is under way: its effect is shown though no status shows it.
        var isExpected: Bool { isAccepted && !hasEnded && replaced == nil }

        private enum CodingKeys: String, CodingKey { case by, asked, made, isAccepted, hasEnded, replaced }
    }

    fileprivate struct Entry: Codable, Equatable, Sendable {
        /// As the cloud reported it last.
        var setting: Setting
        /// When that was noticed.
        var since: Instant
        /// The same in elapsed time.
        var uptime = Uptime.distantPast
        /// `nil` while nobody knows.
        var change: Change?
        /// Those that may explain a change, in order.
        var calls: [Call] = []
        /// When we wrote its schedule.
        var scheduleWritten: Uptime?

        private enum CodingKeys: String, CodingKey { case setting, since, change, calls }
    }

    /// What has happened to the mode of a control system in this run.
    fileprivate struct Mode: Equatable, Sendable {
        var changed: Uptime?
        /// When the bridge ended all overrides, which does not change the mode.
        var reset: Uptime?
    }

    /// A moment on both clocks.
    fileprivate struct Moment {
        var wall: Instant
        var uptime: Uptime
    }

    /// What a status says around a setting.
    fileprivate struct Circumstances {
        var system: ChangeExplanation.SystemChange
        var mode: SystemMode?
        var schedules: KnownSchedules
    }

    /// The gateway's clock differs from ours.
    private static let tolerance = Duration.seconds(120)
    /// Values may follow a mode or a schedule this much later: in the next status.
    private static let lag = Duration.seconds(240)
    /// A command is followed, so that its effect is seen within this time.
    private static let ownLag = Duration.seconds(60)
    private static let callsStand = Duration.seconds(3600)
    private static let callLimit = 4
    /// How many are kept over a restart.
    private static let limit = 500

    private var zones: [ZoneID: Entry] = [:]
    private var hotWater: [HotWaterID: Entry] = [:]
    private var systems: [ControlSystemID: Entry] = [:]
    private var modes: [ControlSystemID: Mode] = [:]
    private var areUnsaved = false

    public init() {}

    /// Of how many things something is known.
    public var count: Int { zones.count + hotWater.count + systems.count }

    /// Who has changed it last; `nil` while nobody knows. A call that the cloud has accepted counts at once.
    public subscript(target: Target) -> Change? {
        guard let entry = self[entry: target] else { return nil }
        return entry.calls.last(where: \.isExpected).map { Change(by: $0.by, at: $0.made) } ?? entry.change
    }

    private subscript(entry target: Target) -> Entry? {
        get {
            switch target {
            case .zone(let id, in: _): zones[id]
            case .hotWater(let id, in: _): hotWater[id]
            case .system(let id): systems[id]
            }
        }
        set {
            switch target {
            case .zone(let id, in: _): zones[id] = newValue
            case .hotWater(let id, in: _): hotWater[id] = newValue
            case .system(let id): systems[id] = newValue
            }
        }
    }
}

// MARK: - What the cloud reports

extension KnownChanges {
    /// Takes in what a status says of a control system.
    ///
    /// - Parameters:
    ///   - schedules: As far as they were read.
    ///   - now: On the wall clock, which may have been set.
    ///   - uptime: The same in elapsed time.
    /// - Returns: What nothing explains.
    public mutating func apply(
        _ status: ControlSystemStatus,
        schedules: KnownSchedules,
        at now: Instant,
        uptime: Uptime
    ) -> [UnexplainedChange] {
        let moment = Moment(wall: now, uptime: uptime)
        var circumstances = Circumstances(system: .none, mode: status.mode, schedules: schedules)
        let before = systems[status.id]?.setting.mode
        var unexplained = [report(Setting(status), of: .system(status.id), in: circumstances, at: moment)]
        if let before, let after = systems[status.id]?.setting.mode, after != before {
            modes[status.id, default: Mode()].changed = uptime
        }
        circumstances.system = systemChange(of: status.id, at: uptime)
        if let hotWater = status.hotWater {
            let target = Target.hotWater(hotWater.id, in: status.id)
            unexplained.append(report(Setting(hotWater), of: target, in: circumstances, at: moment))
        }
        for zone in status.zones {
            let target = Target.zone(zone.id, in: status.id)
            unexplained.append(report(Setting(zone), of: target, in: circumstances, at: moment))
        }
        return unexplained.compactMap(\.self)
    }

    private func systemChange(of system: ControlSystemID, at now: Uptime) -> ChangeExplanation.SystemChange {
        guard let mode = modes[system] else { return .none }
        if mode.changed == now { return .now }
        if let reset = mode.reset, reset.duration(to: now) <= Self.ownLag { return .now }
        return mode.changed.map { $0.duration(to: now) <= Self.lag } == true ? .lately : .none
    }

    /// - Parameter after: `nil` if the cloud did not say it: then it is what it was.
    private mutating func report(
        _ after: Setting?,
        of target: Target,
        in circumstances: Circumstances,
        at moment: Moment
    ) -> UnexplainedChange? {
        guard let after else { return nil }
        guard var entry = self[entry: target] else {
            self[entry: target] = Entry(setting: after, since: moment.wall, uptime: moment.uptime)
            areUnsaved = true
            return nil
        }
        guard !after.isAbout(entry.setting) else { return nil }
        entry.calls.removeAll { $0.uptime.duration(to: moment.uptime) > Self.callsStand }
        let before = entry.setting
        var unexplained: UnexplainedChange?
        if !entry.explainByCalls(after, isMasked: target.isMasked(in: circumstances.mode), at: moment.wall) {
            let explanation = explanation(of: entry, becoming: after, target, in: circumstances, at: moment)
            entry.change = Change(by: explanation.cause, at: moment.wall)
            if explanation.cause == .elsewhere {
                let flags = explanation.flags
                unexplained = UnexplainedChange(target: target, before: before, after: after, flags: flags)
            }
        }
        (entry.setting, entry.since, entry.uptime) = (after, moment.wall, moment.uptime)
        self[entry: target] = entry
        areUnsaved = true
        return unexplained
    }

    private func explanation(
        of entry: Entry,
        becoming after: Setting,
        _ target: Target,
        in circumstances: Circumstances,
        at moment: Moment
    ) -> ChangeExplanation {
        let isMasked = target.isMasked(in: circumstances.mode)
        return ChangeExplanation(
            before: entry.setting,
            after: after,
            isOver: entry.isOver(at: moment, tolerance: Self.tolerance),
            system: circumstances.system,
            isMasked: isMasked,
            isScheduleInForce: !isMasked && circumstances.mode != .off,
            scheduled: .init(after.value, of: target, in: circumstances.schedules, mode: circumstances.mode),
            isScheduleOurs: entry.scheduleWritten.map { $0.duration(to: moment.uptime) <= Self.ownLag } == true
        )
    }
}

extension KnownChanges.Entry {
    /// - Returns: Whether one of the bridge's calls explains the present setting.
    fileprivate mutating func explainByCalls(_ after: Setting, isMasked: Bool, at now: Instant) -> Bool {
        if let index = calls.lastIndex(where: { $0.asked.isShown(by: after, isMasked: isMasked) }) {
            let call = calls[index]
            calls[index].replaced = .init(setting: setting, change: change)
            change = Change(by: call.by, at: call.hasEnded ? now : call.made)
            // It has overtaken those before it. What is set after a command that has ended has another cause.
            calls.removeFirst(call.hasEnded ? index + 1 : index)
            return true
        }
        guard let index = calls.lastIndex(where: { $0.replaced?.setting.isAbout(after) == true }) else { return false }
        // The task has failed, or the status is older than the last one.
        change = calls[index].replaced?.change
        calls[index].replaced = nil
        return true
    }

    /// Whether the end of what is set has come, by one clock or the other: the wall clock may have been set meanwhile.
    fileprivate func isOver(at moment: KnownChanges.Moment, tolerance: Duration) -> Bool {
        guard let until = setting.until else { return false }
        let elapsed = since + uptime.duration(to: moment.uptime)
        return until <= max(moment.wall, elapsed) + tolerance
    }
}

extension Target {
    /// Whether the mode of the control system decides about the value, whatever is set.
    fileprivate func isMasked(in mode: SystemMode?) -> Bool {
        switch self {
        case .zone: mode?.masksZones == true
        case .hotWater: mode?.masksHotWater == true
        case .system: false
        }
    }
}

// MARK: - What we did

extension KnownChanges {
    /// A call is about to be made.
    ///
    /// - Parameter cause: Whose it is.
    public mutating func willMake(
        _ call: CloudCall,
        of target: Target,
        by cause: Change.Cause = .bridge,
        at now: Instant,
        uptime: Uptime
    ) {
        guard var entry = self[entry: target] else { return }
        if let asked = Setting(asked: call) {
            // One that is made again after a failure counts once.
            entry.calls.removeAll { !$0.isAccepted && $0.asked == asked }
            entry.calls.append(Call(by: cause, asked: asked, made: now, uptime: uptime))
            entry.calls = entry.calls.suffix(Self.callLimit)
        } else {
            entry.scheduleWritten = uptime
        }
        if case .system(let id, mode: .autoWithReset, until: _) = call { modes[id, default: Mode()].reset = uptime }
        self[entry: target] = entry
    }

    /// The cloud has accepted the call.
    public mutating func accepted(_ call: CloudCall, of target: Target) {
        change(target, call) { calls, index in calls[index].isAccepted = true }
    }

    /// The cloud has refused the call, so that it explains nothing.
    public mutating func refused(_ call: CloudCall, of target: Target) {
        change(target, call) { calls, index in calls.remove(at: index) }
    }

    /// The command of the call has ended.
    public mutating func ended(_ call: CloudCall, of target: Target, as outcome: Outcome) {
        guard let setting = self[entry: target]?.setting else { return }
        change(target, call) { calls, index in
            let isShown = calls[index].replaced != nil || calls[index].asked.isAbout(setting)
            if outcome.kind == .succeeded && isShown || outcome.code == Outcome.taskFailed && !isShown {
                // What is set from now on has another cause, or this will never be set.
                calls.removeSubrange(...index)
            } else {
                calls[index].hasEnded = true
            }
        }
    }

    private mutating func change(_ target: Target, _ call: CloudCall, _ change: (inout [Call], Int) -> Void) {
        guard let asked = Setting(asked: call), var entry = self[entry: target],
            let index = entry.calls.lastIndex(where: { $0.asked == asked && !$0.hasEnded })
        else { return }
        change(&entry.calls, index)
        self[entry: target] = entry
        areUnsaved = true
    }
}

// MARK: - Over a restart

extension KnownChanges: Codable {
    private enum CodingKeys: String, CodingKey { case zones, hotWater, systems }

    /// What an earlier run knew, at the start of this one.
    public func restored(at now: Instant, uptime: Uptime) -> KnownChanges {
        // By the wall clock, which may have been wrong: nothing happened after this moment.
        func elapsed(_ moment: Instant) -> Uptime { uptime - max(.zero, moment.duration(to: now)) }
        func restored(_ entry: Entry) -> Entry {
            var entry = entry
            entry.uptime = elapsed(entry.since)
            for index in entry.calls.indices { entry.calls[index].uptime = elapsed(entry.calls[index].made) }
            return entry
        }
        var changes = self
        changes.zones = zones.mapValues(restored)
        changes.hotWater = hotWater.mapValues(restored)
        changes.systems = systems.mapValues(restored)
        return changes
    }

    /// What is worth keeping for the next run; `nil` if there is nothing new. Of very many, those that changed last are
    /// kept.
    mutating func takeUnsaved() -> KnownChanges? {
        guard areUnsaved else { return nil }
        areUnsaved = false
        var kept = self
        kept.modes = [:]
        let moments = zones.values.map(\.since) + hotWater.values.map(\.since) + systems.values.map(\.since)
        guard moments.count > Self.limit else { return kept }
        let oldest = moments.sorted(by: >)[Self.limit - 1]
        kept.zones = zones.filter { $0.value.since >= oldest }
        kept.hotWater = hotWater.filter { $0.value.since >= oldest }
        kept.systems = systems.filter { $0.value.since >= oldest }
        return kept
    }

    /// Forgets what is in no installation any more.
    mutating func forget(notIn installation: Installation) {
        let present = installation.systems.map(\.system)
        let ids = Set(present.map(\.id))
        let zoneIDs = Set(present.flatMap { $0.zones.map(\.id) })
        let hotWaterIDs = Set(present.compactMap { $0.hotWater?.id })
        systems = systems.filter { ids.contains($0.key) }
        modes = modes.filter { ids.contains($0.key) }
        zones = zones.filter { zoneIDs.contains($0.key) }
        hotWater = hotWater.filter { hotWaterIDs.contains($0.key) }
    }
}
