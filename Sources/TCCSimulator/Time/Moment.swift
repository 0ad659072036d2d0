public import Foundation

/// One instant on both clocks of a simulation.
struct Moment: Sendable, Hashable {
    /// The clock that clients share: lives of tokens, sessions and login windows run on it.
    let wall: Date
    /// The clock of the homes, which can run faster: schedules, overrides, tasks and temperatures follow it.
    let home: Date
}

/// Where a simulation gets the time from; tests hand in one of their own.
public struct SimulatorClock: Sendable {
    let now: @Sendable () -> Date
    let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - now: the present wall-clock time.
    ///   - sleep: waits on the same clock; used by injected latency only.
    public init(
        now: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's clock.
    public static let system = SimulatorClock(now: { Date() })
}
