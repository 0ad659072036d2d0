public import Basics
import HeatingModel

/// What was done within the last hour, told from what was done since the start: it remembers how much that was at
/// moments of the past hour.
public struct HourWindow: Sendable {
    private static let length = Duration.seconds(3600)

    private var past: [(at: Instant, counts: BridgeStatistics.Counts)]

    /// - Parameter start: When counting began, with nothing.
    public init(start: Instant) {
        past = [(start, BridgeStatistics.Counts())]
    }

    /// - Parameters:
    ///   - counts: Since the start.
    ///   - now: Asked once a minute, it is right to the minute.
    /// - Returns: What of it was within the last hour.
    public mutating func lastHour(of counts: BridgeStatistics.Counts, at now: Instant) -> BridgeStatistics.Counts {
        // A clock that was set back must not keep anything longer than an hour from now.
        for index in past.indices { past[index].at = min(past[index].at, now) }
        past.append((now, counts))
        // The newest that is an hour old is what the hour began with.
        if let beginning = past.lastIndex(where: { $0.at + Self.length <= now }) { past.removeFirst(beginning) }
        return counts - past[0].counts
    }
}
