public import Basics

/// Why a schedule cannot be written. It describes itself in one sentence, with the day, the switchpoint (counted from 1)
/// and what is allowed.
public enum ScheduleProblem: Hashable, Sendable {
    case dayMissing(Weekday)
    case wrongCount(Weekday, count: Int, allowed: ClosedRange<Int>)
    case notLater(SwitchpointPosition, previous: TimeOfDay)
    case offGrid(SwitchpointPosition, resolution: Duration)
    case outOfRange(SwitchpointPosition, value: String, lowest: String, highest: String)
}

/// Where in a schedule a switchpoint stands.
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
