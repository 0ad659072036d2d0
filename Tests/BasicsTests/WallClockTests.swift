import Basics
import Testing

@Suite("The machine's clock", .timeLimit(.minutes(1)))
struct WallClockTests {
    private let clock = SystemClock()

    @Test("Nobody wakes before the moment, however little away it is", arguments: [0, 1, 50, 400, 999, 1001, 2600])
    func neverEarly(microseconds: Int) async throws {
        for _ in 1...20 {
            let moment = clock.uptime + .microseconds(microseconds)
            try await clock.sleep(until: moment)
            #expect(clock.uptime >= moment)
        }
    }

    @Test("A moment that has passed is not waited for, and a cancelled sleep throws")
    func ends() async throws {
        try await clock.sleep(until: .distantPast)
        try await clock.sleep(for: .seconds(-1))
        let asleep = Task { try await clock.sleep(for: .seconds(3600)) }
        asleep.cancel()
        await #expect(throws: CancellationError.self) { try await asleep.value }
    }
}
