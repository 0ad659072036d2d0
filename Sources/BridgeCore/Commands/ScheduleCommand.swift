import Basics
public import HeatingModel

// A command for a schedule names the days that are to change, all of them or some. The cloud takes whole schedules only,
// so the other days are those of the schedule that was read.

extension Schedule where Value: SetpointOrState {
    /// How old what is known of the other days may be when some days are written. Somebody may have changed them in the
    /// app since, and that must not be undone.
    private static var longestAge: Duration { .seconds(300) }

    /// Reads the payload of a command.
    init(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        guard form == .object else {
            throw Refusal(
                .unknownKey,
                "A schedule has no attributes to set; send the schedule, or some of its days, to …/schedule/set."
            )
        }
        try self.init(message: requested)
    }

    /// Refuses what can be refused without reading the schedule.
    ///
    /// - Parameters:
    ///   - problems: Of the days that this names. That it lacks days is not one of them.
    ///   - known: The schedule that is to change.
    func check(_ problems: [ScheduleProblem], for known: KnownSchedule<Value>) throws(Refusal) {
        guard !days.isEmpty else {
            throw Refusal(.incomplete, "The schedule names no day; it needs at least one, from monday to sunday.")
        }
        let named = try whole(for: known)?.days.keys
        let missing = Weekday.allCases.filter { named?.contains($0) == false }
        let all = problems.filter { !$0.isMissingDay } + missing.map(ScheduleProblem.dayMissing)
        guard let first = all.first else { return }
        throw Refusal(.outOfRange, "\(first)\(all.count == 1 ? "" : " (\(all.count - 1) more)")")
    }

    /// Decides what to do now.
    ///
    /// - Parameters:
    ///   - known: The schedule that is to change.
    ///   - read: When it was read.
    ///   - call: Makes the call from the whole schedule.
    func decision(
        for known: KnownSchedule<Value>,
        read: Instant?,
        now: Instant,
        call: (Schedule) -> CloudCall
    ) throws(Refusal) -> Decision {
        guard let whole = try whole(for: known) else { return .needsSchedule }
        if known == .known(whole) { return .nothingToDo(PlannedCall(call(whole)).noted(.alreadySo)) }
        // After a clock was set back, it seems to have been read in the future.
        let isRecent = read.map { (.zero...Self.longestAge).contains($0.duration(to: now)) } ?? false
        guard isComplete || isRecent else { return .needsSchedule }
        return .send(PlannedCall(call(whole)))
    }

    /// The whole schedule with the days that this names.
    ///
    /// - Returns: `nil` while the other days are not known.
    private func whole(for known: KnownSchedule<Value>) throws(Refusal) -> Schedule? {
        guard !isComplete else { return self }
        switch known {
        case .unread: return nil
        case .known(let schedule): return schedule.replacingDays(with: self)
        case .absent: throw Refusal(.incomplete, "There is no schedule yet, so all seven days are needed.")
        }
    }
}

extension AnySchedule {
    /// Whether a schedule is as this one says on the days that this one names.
    public func isSet(in present: AnySchedule?) -> Bool {
        switch (self, present) {
        case (.zone(let wanted), .zone(let present)?): present.replacingDays(with: wanted) == present
        case (.hotWater(let wanted), .hotWater(let present)?): present.replacingDays(with: wanted) == present
        default: false
        }
    }
}

extension CommandAction {
    /// What there is to do when this takes the place of an older command that was not carried out: the days of a schedule
    /// that only the older one names are still meant.
    public func superseding(_ older: CommandAction) -> CommandAction {
        switch (older, self) {
        case (.zoneSchedule(let older), .zoneSchedule(let newer)): .zoneSchedule(older.replacingDays(with: newer))
        case (.hotWaterSchedule(let older), .hotWaterSchedule(let newer)):
            .hotWaterSchedule(older.replacingDays(with: newer))
        default: self
        }
    }
}

extension ScheduleProblem {
    fileprivate var isMissingDay: Bool {
        if case .dayMissing = self { true } else { false }
    }
}

extension ScheduleLimits {
    init(_ capabilities: ScheduleCapabilities?) {
        self.init(
            minimumSwitchpoints: capabilities?.minimumSwitchpointsPerDay ?? 1,
            maximumSwitchpoints: capabilities?.maximumSwitchpointsPerDay ?? 6,
            timingResolution: Duration(reportedSeconds: capabilities?.timingResolution ?? 600)
        )
    }
}
