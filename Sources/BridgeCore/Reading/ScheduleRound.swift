import Basics
import HeatingModel

/// Whose schedule is read next. Schedules seldom change, so they are read one by one, with a pause in between.
struct ScheduleRound: Sendable {
    private static let pause = Duration.seconds(1)

    /// The one that was read longest ago comes first.
    private var entries: [(target: Target, read: Uptime?)] = []
    /// None is read before this.
    private var rests: Uptime

    init(at now: Uptime) {
        rests = now
    }

    /// - Parameter entries: All that have schedules, and when those that are known were read.
    mutating func know(_ entries: [(target: Target, read: Uptime?)], at now: Uptime) {
        self.entries = entries.sorted { ($0.read ?? .distantPast) < ($1.read ?? .distantPast) }
        rests = max(rests, now + Self.pause)
    }

    /// - Parameters:
    ///   - interval: How old a schedule may become.
    ///   - isFree: Whether the schedule of a target is not being read.
    func next(every interval: Duration, where isFree: (Target) -> Bool) -> (target: Target, at: Uptime)? {
        guard let first = entries.first(where: { isFree($0.target) }) else { return nil }
        return (first.target, max(first.read.map { $0 + interval } ?? rests, rests))
    }

    mutating func wasRead(_ target: Target, at now: Uptime) {
        guard let index = entries.firstIndex(where: { $0.target == target }) else { return }
        entries.remove(at: index)
        entries.append((target, now))
        rests = now + Self.pause
    }

    /// Puts a schedule that could not be read behind the others that are due.
    ///
    /// - Parameter interval: How old a schedule may become; `nil` if none is read unasked.
    mutating func postpone(_ target: Target, every interval: Duration?, at now: Uptime) {
        rests = now + Self.pause
        guard let interval, let index = entries.firstIndex(where: { $0.target == target }) else { return }
        let entry = entries.remove(at: index)
        let later = entries.firstIndex { $0.read.map { $0 + interval > now } ?? false }
        entries.insert(entry, at: later ?? entries.endIndex)
    }
}
