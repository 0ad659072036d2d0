import Basics
import Testing

@testable import MosquittoClient

@Suite struct BackoffTests {
    @Test("Waiting times lie anywhere between nothing and the most", arguments: [1, 3, 50, 10_000])
    func spread(failures: Int) {
        let backoff = Backoff(first: .seconds(1), limit: .seconds(60))
        let most: Duration = failures == 1 ? .seconds(1) : failures == 3 ? .seconds(4) : .seconds(60)
        var generator = Dice(seed: 1)
        let delays = (0..<1000).map { _ in backoff.delay(after: failures, using: &generator) }
        #expect(delays.allSatisfy { (.zero...most).contains($0) })
        #expect(delays.contains { $0 < most / 4 } && delays.contains { $0 > most * 3 / 4 })
    }

    @Test("The generator alone decides")
    func isDeterministic() {
        var generator = Longest()
        #expect(Backoff.standard.delay(after: 1, using: &generator) == .milliseconds(500))
        #expect(Backoff.standard.delay(after: 100, using: &generator) == .seconds(5))
    }
}

/// Random numbers that are the same in every run (SplitMix64).
private struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
