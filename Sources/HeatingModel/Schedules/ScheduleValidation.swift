public import Basics

/// Which schedules a zone or hot water accepts, from its `scheduleCapabilities`.
public struct ScheduleLimits: Hashable, Sendable {
    /// How many switchpoints a day may have.
    public let switchpointsPerDay: ClosedRange<Int>

    /// Times are multiples of this since midnight; zero or less allows any time.
    public let timingResolution: Duration

    /// The limits that the cloud reported. It reports none for some thermostats (evohome-async's captures); the defaults
    /// are those of an evohome controller.
    ///
    /// - Parameters:
    ///   - minimumSwitchpoints: The fewest switchpoints of a day; less than 0 counts as 0.
    ///   - maximumSwitchpoints: The most switchpoints of a day; at least the fewest.
    ///   - timingResolution: The grid of times.
    public init(
        minimumSwitchpoints: Int = 1,
        maximumSwitchpoints: Int = 6,
        timingResolution: Duration = .seconds(600)
    ) {
        let fewest = max(minimumSwitchpoints, 0)
        switchpointsPerDay = fewest...max(maximumSwitchpoints, fewest)
        self.timingResolution = timingResolution
    }
}

/// Why a schedule cannot be written. It describes itself in one sentence, with the day, the switchpoint (counted from 1)
/// and what is allowed.
public enum ScheduleProblem: Hashable, Sendable {
    case dayMissing(Weekday)
    case wrongCount(Weekday, count: Int, allowed: ClosedRange<Int>)
    case notLater(SwitchpointPosition, previous: TimeOfDay)
    case offGrid(SwitchpointPosition, resolution: Duration)
    case outOfRange(SwitchpointPosition, value: String, lowest: String, highest: String)
}

/// The position of a switchpoint in a schedule.
public struct SwitchpointPosition: Hashable, Sendable {
    public let day: Weekday
    /// Counted from 1.
    public let number: Int
    public let time: TimeOfDay

    public init(day: Weekday, number: Int, time: TimeOfDay) {
        self.day = day
        self.number = number
        self.time = time
    }
}

extension SwitchpointPosition: CustomStringConvertible {
    public var description: String {
        "\(day.capitalizedName), switchpoint \(number) (\(time))"
    }
}

extension ScheduleProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .dayMissing(let day):
            "\(day.capitalizedName) is missing; a schedule names all seven days."
        case .wrongCount(let day, let count, let allowed):
            "\(day.capitalizedName) has \(Self.switchpoints(count)); \(Self.allowance(allowed))."
        case .notLater(let position, let previous):
            "\(position): it must be later than the one before it (\(previous))."
        case .offGrid(let position, let resolution):
            "\(position): the time must be a multiple of \(resolution.readable)."
        case .outOfRange(let position, let value, let lowest, let highest):
            "\(position): \(value) is not in the range from \(lowest) to \(highest)."
        }
    }

    private static func switchpoints(_ count: Int) -> String {
        switch count {
        case 0: "no switchpoints"
        case 1: "1 switchpoint"
        default: "\(count) switchpoints"
        }
    }

    private static func allowance(_ allowed: ClosedRange<Int>) -> String {
        allowed.lowerBound == allowed.upperBound
            ? "\(allowed.lowerBound) a day must be given"
            : "\(allowed.lowerBound) to \(allowed.upperBound) a day are allowed"
    }
}

extension Schedule {
    /// Every reason why the cloud or the controller would refuse the schedule, from Monday to Sunday; none for a good one.
    ///
    /// All seven days must be there (else the cloud answers `DayOfWeekMissing`), each with an allowed number of
    /// switchpoints, in order, at times on the grid.
    public func problems(against limits: ScheduleLimits) -> [ScheduleProblem] {
        let days = self.days
        return Weekday.allCases.flatMap { day in
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

extension Schedule where Value: Comparable {
    /// The problems as above, and every value that is out of a range.
    ///
    /// Only the range counts. The step that the cloud reports (`setpointValueResolution`, 0.5 °C) is not checked, since
    /// controllers hold and report values between the steps, such as 18.1 °C, and a schedule that was read must be
    /// one that can be written back.
    public func problems(against limits: ScheduleLimits, values: ClosedRange<Value>) -> [ScheduleProblem] {
        let days = self.days
        return problems(against: limits)
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
