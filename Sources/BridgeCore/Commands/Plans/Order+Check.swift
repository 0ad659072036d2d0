import HeatingModel

extension Order {
    /// Checks what does not depend on the moment, so that a bad order is refused as soon as it comes.
    ///
    /// - Parameter target: Of the site's.
    public func check(_ target: Target, in site: Site) throws(Refusal) {
        switch self {
        case .zone(let order): try order.check(against: try site.zone(target))
        case .hotWater(let order): try order.check(against: try site.hotWater(target))
        case .system(let order): _ = try order.timing(in: site.system)
        case .zoneSchedule(let week):
            let zone = try site.zone(target)
            try Self.check(week.problems(against: ScheduleLimits(zone.schedule), values: zone.setpoint.range))
        case .hotWaterSchedule(let week):
            let hotWater = try site.hotWater(target)
            try Self.check(week.problems(against: ScheduleLimits(hotWater.schedule)))
        }
    }

    private static func check(_ problems: [ScheduleProblem]) throws(Refusal) {
        guard let first = problems.first else { return }
        let others = problems.count == 1 ? "" : " (\(problems.count - 1) more)"
        throw Refusal(.outOfRange, "\(first)\(others)")
    }
}

extension ZoneOrder {
    func check(against zone: Zone) throws(Refusal) {
        guard case .hold(let setpoint, let end) = self else {
            return try zone.setpoint.limits.checkAllows(.followSchedule)
        }
        if let setpoint { try zone.setpoint.checkRange(setpoint) }
        try zone.setpoint.limits.check(end)
    }
}

extension HotWaterOrder {
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
        else { throw Refusal(.unknownTarget, "The zone is not there any more.") }
        return zone
    }

    /// The hot water that a command is for.
    func hotWater(_ target: Target) throws(Refusal) -> HotWater {
        guard case .hotWater(let id, in: system.id) = target, let hotWater = system.hotWater, hotWater.id == id else {
            throw Refusal(.unknownTarget, "The hot water is not there any more.")
        }
        return hotWater
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
