import Basics
import Synchronization
import TestSupport
import Testing

@testable import BridgeServices

@Suite("An alarm", .timeLimit(.minutes(1)))
final class AlarmTests: Sendable {
    private let clock = ManualClock()
    private let rings = Mutex(0)

    @Test("It rings at the earliest moment that it was set to, and at a later one once it is set to that again")
    func earliest() async throws {
        try await setting { set in
            set(.seconds(60))
            set(.seconds(10))
            try await eventually { clock.sleepers == 2 }
            clock.advance(by: .seconds(10))
            try await eventually { rings.withLock(\.self) == 1 }
            set(.seconds(60))
            clock.advance(by: .seconds(50))
            try await eventually { rings.withLock(\.self) == 2 }
        }
    }

    @Test("However often a distant moment is set between nearer ones, one task waits for it")
    func sleepers() async throws {
        try await setting { set in
            for second in 1...100 {
                set(.seconds(86_400))
                set(.seconds(second))
                try await eventually { clock.sleepers == 2 }
                clock.advance(by: .seconds(1))
                try await eventually { rings.withLock(\.self) == second }
            }
            #expect(clock.sleepers == 1)
        }
    }

    /// - Parameter body: Sets the alarm to a time since the start.
    private func setting(_ body: ((Duration) -> Void) async throws -> Void) async throws {
        let (moments, moment) = AsyncStream<Duration>.makeStream()
        let alarm = Alarm(clock: clock) { [self] in rings.withLock { $0 += 1 } }
        async let ringing: Void = withDiscardingTaskGroup { group in
            for await time in moments { alarm.set(to: Uptime(sinceStart: time), in: &group) }
            group.cancelAll()
        }
        try await body { moment.yield($0) }
        moment.finish()
        await ringing
    }
}
