import Basics
import Synchronization
import TestSupport
import Testing

@testable import BridgeServices

@Suite("An alarm", .timeLimit(.minutes(1)))
final class AlarmTests: Sendable {
    private let clock = ManualClock()
    private let rings = Mutex(0)
    private let settings = Mutex(0)

    @Test("It rings at the earliest moment that it was set to, and at each later one that it is set to after that")
    func earliest() async throws {
        try await setting { set in
            try await set(.seconds(60))
            try await set(.seconds(10))
            try await eventually { clock.sleepers == 2 }
            clock.advance(by: .seconds(10))
            try await eventually { rings.withLock(\.self) == 1 }
            try await set(.seconds(90))
            clock.advance(by: .seconds(50))
            // What it was set to before rings, too, and has it set again.
            try await eventually { rings.withLock(\.self) == 2 }
            try await set(.seconds(90))
            try await eventually { clock.sleepers == 1 }
            clock.advance(by: .seconds(30))
            try await eventually { rings.withLock(\.self) == 3 }
        }
    }

    @Test("However often a distant moment is set between nearer ones, one task waits for it")
    func sleepers() async throws {
        try await setting { set in
            for second in 1...100 {
                try await set(.seconds(86_400))
                try await set(.seconds(second))
                try await eventually { clock.sleepers == 2 }
                clock.advance(by: .seconds(1))
                try await eventually { rings.withLock(\.self) == second }
            }
            #expect(clock.sleepers == 1)
        }
    }

    /// - Parameter body: Sets the alarm to a time since the start, and goes on when that is done.
    private func setting(_ body: ((Duration) async throws -> Void) async throws -> Void) async throws {
        let (moments, moment) = AsyncStream<Duration>.makeStream()
        let alarm = Alarm(clock: clock) { [self] in rings.withLock { $0 += 1 } }
        async let ringing: Void = withDiscardingTaskGroup { [self] group in
            for await time in moments {
                alarm.set(to: Uptime(sinceStart: time), in: &group)
                settings.withLock { $0 += 1 }
            }
            group.cancelAll()
        }
        try await body { time in
            let before = settings.withLock(\.self)
            moment.yield(time)
            try await eventually { settings.withLock(\.self) == before + 1 }
        }
        moment.finish()
        await ringing
    }
}
