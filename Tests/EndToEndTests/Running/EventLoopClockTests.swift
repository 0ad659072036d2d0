import Basics
import Testing

@testable import evohome_mqtt

@Suite("The clock whose sleeps end on the event loop", .timeLimit(.minutes(1)))
struct EventLoopClockTests {
    private let clock = EventLoopClock()

    @Test("Nobody wakes before the moment, however little away it is", arguments: [0, 1, 50, 400, 999, 1001, 2600])
    func neverEarly(microseconds: Int) async throws {
        for _ in 1...20 {
            let moment = clock.uptime + .microseconds(microseconds)
            try await clock.sleep(until: moment)
            #expect(clock.uptime >= moment)
            let time = clock.now + .microseconds(microseconds)
            try await clock.sleep(until: time)
            #expect(clock.now >= time)
        }
    }

    @Test("A long sleep looks at the clock again and again, and ends when it is due")
    func naps() async throws {
        let clock = EventLoopClock(longestNap: .milliseconds(2))
        let began = clock.uptime
        try await clock.sleep(for: .milliseconds(41))
        #expect(clock.uptime - began >= .milliseconds(41))
    }

    @Test("A moment that has passed is not waited for, and a sleep that is cancelled at any time throws")
    func ends() async throws {
        try await clock.sleep(until: .distantPast)
        try await clock.sleep(for: .seconds(-1))
        try await clock.sleep(until: clock.now - .seconds(3600))
        for pause in [0, 5] {
            let asleep = Task { try await clock.sleep(for: .seconds(100 * 365 * 86_400)) }
            try await Task.sleep(for: .milliseconds(pause))
            asleep.cancel()
            await #expect(throws: CancellationError.self) { try await asleep.value }
        }
    }
}
