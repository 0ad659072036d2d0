/// A moment in elapsed time, counted from the start of the program.
///
/// It goes on while the machine sleeps, and does not step when the wall clock is set: what must happen after a while is
/// due at an uptime; what must happen at a time of day is due at an ``Instant``.
public struct Uptime: Hashable, Sendable {
    public let sinceStart: Duration

    public init(sinceStart: Duration) {
        self.sinceStart = sinceStart
    }

    public static let start = Uptime(sinceStart: .zero)

    /// Earlier than everything that a program can have known: a hundred years before its start.
    public static let distantPast = Uptime(sinceStart: .seconds(-36_500 * 86_400))

    public func duration(to other: Uptime) -> Duration { other.sinceStart - sinceStart }

    public static func + (uptime: Uptime, duration: Duration) -> Uptime {
        Uptime(sinceStart: uptime.sinceStart + duration)
    }

    public static func - (uptime: Uptime, duration: Duration) -> Uptime {
        Uptime(sinceStart: uptime.sinceStart - duration)
    }

    public static func - (later: Uptime, earlier: Uptime) -> Duration { earlier.duration(to: later) }
}

extension Uptime: Comparable {
    public static func < (left: Uptime, right: Uptime) -> Bool { left.sinceStart < right.sinceStart }
}
