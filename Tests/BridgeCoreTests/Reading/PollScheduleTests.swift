import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("When something is read next")
struct PollScheduleTests {
    private let now = Uptime(sinceStart: .seconds(1000))
    private let unreachable = CloudFailure(.unreachable, "Away.")

    @Test("After a success it is read at the interval, up to a twentieth earlier or later")
    func success() {
        var schedule = PollSchedule(interval: .seconds(180))
        var randomness = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let wait = now.duration(to: schedule.succeeded(at: now, using: &randomness))
            #expect((Duration.seconds(171)...Duration.seconds(189)).contains(wait))
        }
    }

    @Test(
        "The pause after failures that may pass grows to a minute, or to the interval if that is longer",
        arguments: [(1, 60), (30, 60), (600, 600)]
    )
    func backoff(interval: Int, longest: Int) {
        var schedule = PollSchedule(interval: .seconds(interval))
        var largest = LargestDraws()
        let waits = (0..<12).map { _ in
            now.duration(to: schedule.failed(unreachable, until: nil, at: now, using: &largest)).components.seconds
        }
        #expect(waits.prefix(3) == [5, 10, 20])
        #expect(waits.last == Int64(longest))
        #expect(waits == waits.sorted())
    }

    @Test("A success ends the back-off")
    func recovered() {
        var schedule = PollSchedule(interval: .seconds(600))
        var largest = LargestDraws()
        for _ in 0..<5 { _ = schedule.failed(unreachable, until: nil, at: now, using: &largest) }
        _ = schedule.succeeded(at: now, using: &largest)
        #expect(schedule.failed(unreachable, until: nil, at: now, using: &largest) == now + .seconds(5))
    }

    @Test("A new interval counts from the last answer, and shortens no pause")
    func changed() {
        var schedule = PollSchedule(interval: .seconds(600))
        var largest = LargestDraws()
        #expect(schedule.next == nil)
        schedule.succeeded(at: now, using: &largest)
        schedule.interval = .seconds(100)
        #expect(schedule.next == now + .seconds(105))
        let retry = now + .seconds(900)
        _ = schedule.failed(CloudFailure(.rateLimited, "Too many."), until: retry, at: now, using: &largest)
        schedule.interval = .seconds(1)
        #expect(schedule.next == retry)
    }

    @Test("A pause that the cloud asks for is never shortened")
    func hold() {
        var schedule = PollSchedule(interval: .seconds(180))
        var randomness = SystemRandomNumberGenerator()
        let retry = now + .seconds(900)
        let failure = CloudFailure(.rateLimited, "Too many.")
        #expect(schedule.failed(failure, until: retry, at: now, using: &randomness) == retry)
    }

    @Test(
        "After a failure that does not pass by itself it is read at the interval",
        arguments: [.unauthorised, .refused] as [CloudFailure.Kind]
    )
    func lasting(kind: CloudFailure.Kind) {
        var schedule = PollSchedule(interval: .seconds(180))
        var randomness = SystemRandomNumberGenerator()
        let next = schedule.failed(CloudFailure(kind, "No."), until: nil, at: now, using: &randomness)
        #expect(next == now + .seconds(180))
    }
}

/// Draws the largest number each time, so that full jitter gives its longest wait.
struct LargestDraws: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max }
}
