import Foundation

/// The time on the wall, which survives a restart and may be set at any moment, and elapsed time, which never steps.
public protocol WallClock: Clock<Duration>, Sendable where Instant == Basics.Instant {
    var uptime: Uptime { get }

    /// Sleeps until a moment in elapsed time; returns at once when it has passed, and never before it. Whoever waits for a
    /// moment that is a fraction of a millisecond away would otherwise spin until it comes.
    func sleep(until deadline: Uptime) async throws
}

extension WallClock {
    /// Sleeps until a moment on the wall; returns at once when it has passed.
    public func sleep(until deadline: Basics.Instant) async throws {
        try await sleep(until: deadline, tolerance: nil)
    }

    public func sleep(for duration: Duration) async throws {
        try await sleep(until: uptime + duration)
    }
}

/// The machine's own clock.
///
/// A sleep measures elapsed time, so that a wall clock that is set (a Raspberry Pi boots in the past) does not stretch it.
public struct SystemClock: WallClock {
    private static let start = ContinuousClock.now

    public init() {}

    public var uptime: Uptime { Uptime(sinceStart: Self.start.duration(to: .now)) }
    public var now: Basics.Instant { Basics.Instant(Date()) }
    public var minimumResolution: Duration { .milliseconds(1) }

    public func sleep(until deadline: Uptime) async throws {
        try await ContinuousClock().sleep(until: Self.start + deadline.sinceStart)
    }

    public func sleep(until deadline: Basics.Instant, tolerance: Duration?) async throws {
        let remaining = now.duration(to: deadline)
        guard remaining > .zero else { return try Task.checkCancellation() }
        try await ContinuousClock().sleep(for: remaining, tolerance: tolerance)
    }
}

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
