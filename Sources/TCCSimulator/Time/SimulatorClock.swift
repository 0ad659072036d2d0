public import Foundation

/// Where a simulator gets the time from; tests pass their own.
public struct SimulatorClock: Sendable {
    let now: @Sendable () -> Date
    let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - now: Returns the current wall-clock time.
    ///   - sleep: Waits on the same clock; only injected latency uses it.
    public init(
        now: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The clock of this machine.
    public static let system = SimulatorClock(now: { Date() })
}

/// One instant on both clocks of a simulation.
struct Moment: Sendable, Hashable {
    /// On the clock that clients share: tokens, sessions and the login limit expire by it.
    let wall: Date
    /// On the homes' clock, which can run faster: schedules, overrides, tasks and temperatures follow it.
    let home: Date
}

/// Relates the two clocks of a simulation to each other.
struct SimulatedTime: Sendable {
    private let startedAt: Date
    private let homeStart: Date
    private let speed: Double
    /// How far both clocks have been advanced by hand, in seconds.
    private var advancedBy: TimeInterval = 0

    /// - Parameters:
    ///   - startedAt: The wall-clock time at the start.
    ///   - homeStart: The homes' time at the start.
    ///   - speed: How many times faster than the wall clock the homes' clock runs.
    init(startedAt: Date, homeStart: Date, speed: Double) {
        (self.startedAt, self.homeStart, self.speed) = (startedAt, homeStart, speed)
    }

    /// - Parameter now: The current wall-clock time.
    func moment(at now: Date) -> Moment {
        Moment(
            wall: now.addingTimeInterval(advancedBy),
            home: homeStart.addingTimeInterval(now.timeIntervalSince(startedAt) * speed + advancedBy)
        )
    }

    mutating func advance(by duration: Duration) { advancedBy += max(duration.seconds, 0) }
}

extension Duration {
    /// In seconds.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
