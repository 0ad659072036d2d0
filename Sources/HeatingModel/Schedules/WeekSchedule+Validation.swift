import Basics

extension WeekSchedule {
    /// Everything for which the cloud or the controller would not take the schedule, from Monday to Sunday; nothing for
    /// a good one.
    ///
    /// All seven days must be there (else the cloud answers `DayOfWeekMissing`), each with an allowed number of
    /// switchpoints, in order, at times on the grid.
    public func problems(against limits: ScheduleLimits) -> [ScheduleProblem] {
        Weekday.allCases.flatMap { day in
            guard let switchpoints = days[day] else { return [ScheduleProblem.dayMissing(day)] }
            return Self.problems(of: switchpoints, on: day, against: limits)
        }
    }

    private static func problems(
        of switchpoints: [Switchpoint<Value>],
        on day: Weekday,
        against limits: ScheduleLimits
    ) -> [ScheduleProblem] {
        var problems: [ScheduleProblem] = []
        if !limits.switchpointsPerDay.contains(switchpoints.count) {
            problems.append(.wrongCount(day, count: switchpoints.count, allowed: limits.switchpointsPerDay))
        }
        var previous: TimeOfDay?
        for (index, switchpoint) in switchpoints.enumerated() {
            let position = SwitchpointPosition(day: day, number: index + 1, time: switchpoint.time)
            if let previous, switchpoint.time <= previous {
                problems.append(.notLater(position, previous: previous))
            }
            let sinceMidnight = Duration.seconds(switchpoint.time.secondsSinceMidnight)
            if sinceMidnight.rounded(.down, to: limits.timingResolution) != sinceMidnight {
                problems.append(.offGrid(position, resolution: limits.timingResolution))
            }
            previous = switchpoint.time
        }
        return problems
    }
}

extension WeekSchedule where Value: Comparable {
    /// The problems as above, and every value that is out of a range.
    ///
    /// Only the range counts. The step that the cloud reports (`setpointValueResolution`, 0.5 °C) is not asked for, since
    /// controllers hold and report values between the steps, such as 18.1 °C, and a schedule that was read must be
    /// one that can be written back.
    public func problems(against limits: ScheduleLimits, values: ClosedRange<Value>) -> [ScheduleProblem] {
        problems(against: limits)
            + Weekday.allCases.flatMap { day in
                (days[day] ?? []).enumerated().compactMap { index, switchpoint in
                    guard !values.contains(switchpoint.value) else { return nil }
                    return .outOfRange(
                        SwitchpointPosition(day: day, number: index + 1, time: switchpoint.time),
                        value: "\(switchpoint.value)",
                        lowest: "\(values.lowerBound)",
                        highest: "\(values.upperBound)"
                    )
                }
            }
    }
}
