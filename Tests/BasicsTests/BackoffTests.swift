import Basics
import TestBasics
import Testing

@Suite("Back-off")
struct BackoffTests {
    /// Always the longest wait.
    private struct Highest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    @Test(
        "The longest wait doubles with each failure, up to the cap",
        arguments: [(0, 5), (1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (21, 60), (1000, 60), (.max, 60)]
    )
    func longest(failures: Int, seconds: Int) {
        var randomness = Highest()
        let backoff = Backoff(base: .seconds(5), cap: .seconds(60))
        let delay = backoff.delay(afterFailures: failures, using: &randomness)
        #expect(abs(delay / .seconds(1) - Double(seconds)) < 0.001)
    }

    @Test("A wait is never shorter than the floor, and the floor is never above the cap")
    func shortest() {
        var randomness = SeededGenerator(seed: 1)
        let backoff = Backoff(base: .seconds(2), cap: .seconds(60))
        let delays = (0..<200).map { _ in backoff.delay(afterFailures: 1, using: &randomness) }
        #expect(delays.min() == .seconds(1))
        let low = Backoff(base: .milliseconds(1), cap: .milliseconds(2), floor: .seconds(9))
        #expect(low.delay(afterFailures: 3, using: &randomness) == .milliseconds(2))
    }

    @Test("Waits are spread over the whole range", arguments: 0..<20)
    func jitter(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        let backoff = Backoff(base: .seconds(16), cap: .seconds(60), floor: .zero)
        let delays = (0..<200).map { _ in backoff.delay(afterFailures: 1, using: &randomness) }
        for quarter in 0..<4 {
            let range = Duration.seconds(4 * quarter)..<Duration.seconds(4 * quarter + 4)
            #expect(delays.count(where: range.contains) > 20)
        }
    }
}
