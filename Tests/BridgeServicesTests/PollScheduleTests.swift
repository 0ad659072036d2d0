import Basics
import BridgeServices
import HeatingModel
import TestSupport
import Testing

@Suite("When the cloud is asked next")
struct PollScheduleTests {
    private let now = ManualClock().now

    @Test("After a success at the interval, a twentieth earlier or later")
    func success() {
        var schedule = PollSchedule(interval: .seconds(180))
        var randomness = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let wait = now.duration(to: schedule.succeeded(at: now, using: &randomness))
            #expect((Duration.seconds(171)...Duration.seconds(189)).contains(wait))
        }
    }

    @Test(
        "Failures that may pass are backed off from, up to the longer of a minute and the interval",
        arguments: [(1, 60), (30, 60), (600, 600)]
    )
    func backoff(interval: Int, longest: Int) {
        var schedule = PollSchedule(interval: .seconds(interval))
        var largest = LargestDraws()
        let failure = CloudFailure(.unreachable, "Away.")
        let waits = (0..<12).map { _ in
            now.duration(to: schedule.failed(failure, at: now, using: &largest)).components.seconds
        }
        #expect(waits.prefix(3) == [5, 10, 20])
        #expect(waits.last == Int64(longest))
        #expect(waits == waits.sorted())
    }

    @Test("A success ends the back-off")
    func recovered() {
        var schedule = PollSchedule(interval: .seconds(600))
        var largest = LargestDraws()
        let failure = CloudFailure(.unreachable, "Away.")
        for _ in 0..<5 { _ = schedule.failed(failure, at: now, using: &largest) }
        _ = schedule.succeeded(at: now, using: &largest)
        #expect(schedule.failed(failure, at: now, using: &largest) == now + .seconds(5))
    }

    @Test("A changed interval counts from the last answer, and shortens no back-off")
    func changed() {
        var schedule = PollSchedule(interval: .seconds(600))
        var largest = LargestDraws()
        #expect(schedule.next == nil)
        schedule.succeeded(at: now, using: &largest)
        schedule.interval = .seconds(100)
        #expect(schedule.next == now + .seconds(105))
        let retry = now + .seconds(900)
        _ = schedule.failed(CloudFailure(.rateLimited, "Too many.", retryAt: retry), at: now, using: &largest)
        schedule.interval = .seconds(1)
        #expect(schedule.next == retry)
    }

    @Test("What the cloud asks for is kept, and never shortened")
    func retryAt() {
        var schedule = PollSchedule(interval: .seconds(180))
        var randomness = SystemRandomNumberGenerator()
        let failure = CloudFailure(.rateLimited, "Too many.", retryAt: now + .seconds(900))
        #expect(schedule.failed(failure, at: now, using: &randomness) == now + .seconds(900))
    }

    @Test(
        "A failure that a person must see to is asked about at the interval",
        arguments: [.unauthorised, .refused] as [CloudFailure.Kind]
    )
    func lasting(kind: CloudFailure.Kind) {
        var schedule = PollSchedule(interval: .seconds(180))
        var randomness = SystemRandomNumberGenerator()
        let next = schedule.failed(CloudFailure(kind, "No."), at: now, using: &randomness)
        #expect(next == now + .seconds(180))
    }

    @Test("A refused account is looked at before its next attempt is due, since somebody may have logged in")
    func refusedAccount() {
        var schedule = PollSchedule(interval: .seconds(180))
        var randomness = SystemRandomNumberGenerator()
        let failure = CloudFailure(.unauthorised, "No.", retryAt: now + .seconds(900))
        #expect(schedule.failed(failure, at: now, using: &randomness) == now + .seconds(180))
    }
}

/// Always the largest number there is, so that full jitter draws its longest wait.
struct LargestDraws: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max }
}
