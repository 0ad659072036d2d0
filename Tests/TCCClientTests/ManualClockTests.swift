import Basics
import HeatingModel
import TestSupport
import Testing

@Suite("The clock of tests", .timeLimit(.minutes(1)))
struct ManualClockTests {
    private let clock = ManualClock()

    private func sleepers(_ count: Int) async {
        while clock.sleepers != count { await Task.yield() }
    }

    @Test("Time goes by when it is told to, and wakes who is due")
    func advance() async throws {
        let start = clock.now
        let short = Task { try await clock.sleep(for: .seconds(10)) }
        let long = Task { try await clock.sleep(until: start + .seconds(20)) }
        await sleepers(2)
        clock.advance(by: .seconds(9))
        #expect(clock.sleepers == 2)
        clock.advance(by: .seconds(1))
        try await short.value
        #expect(clock.sleepers == 1)
        clock.advance(by: .seconds(3600))
        try await long.value
        #expect(start.duration(to: clock.now) == .seconds(3610))
    }

    @Test("A fraction of a millisecond is slept for, too")
    func fraction() async throws {
        let sleep = Task { try await clock.sleep(until: clock.uptime + .microseconds(300)) }
        await sleepers(1)
        clock.advance(by: .microseconds(300))
        try await sleep.value
    }

    @Test("Setting the time stretches no sleep")
    func set() async throws {
        let sleep = Task { try await clock.sleep(for: .seconds(10)) }
        await sleepers(1)
        clock.set(to: Instant(millisecondsSince1970: 0))
        #expect(clock.sleepers == 1)
        clock.advance(by: .seconds(10))
        try await sleep.value
        #expect(clock.now == Instant(millisecondsSince1970: 10_000))
    }

    @Test("A sleep that is over does not wait, and a cancelled one throws, whenever it was cancelled")
    func ends() async throws {
        try await clock.sleep(for: .zero)
        try await clock.sleep(for: .seconds(-1))
        let during = Task { try await clock.sleep(for: .seconds(10)) }
        await sleepers(1)
        during.cancel()
        await #expect(throws: CancellationError.self) { try await during.value }
        let before = Task {
            while !Task.isCancelled { await Task.yield() }
            try await clock.sleep(for: .seconds(10))
        }
        before.cancel()
        await #expect(throws: CancellationError.self) { try await before.value }
        #expect(clock.sleepers == 0)
    }
}
