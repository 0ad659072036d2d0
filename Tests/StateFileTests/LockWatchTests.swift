import Testing

@testable import StateFile

@Suite("The watch over a lock's holder")
struct LockWatchTests {
    let timing = LockTiming(limit: .seconds(60), lease: .seconds(10))

    @Test("A holder that gives signs of life keeps the lock until the limit is reached")
    func livingHolder() {
        var watch = LockWatch(timing: timing)
        var slept = Duration.zero
        var looks: Int64 = 0
        while case .sleep(let duration) = watch.observe(sight(modified: looks / 30), jitter: 1) {
            slept += duration
            looks += 1
        }
        #expect(slept >= timing.limit && slept < timing.limit + .milliseconds(64))
    }

    @Test("A holder without a sign of life is replaced after the lease", arguments: [0, 0.5, 1])
    func silentHolder(jitter: Double) {
        var watch = LockWatch(timing: timing)
        var slept = Duration.zero
        var action = watch.observe(sight(modified: 1), jitter: jitter)
        while case .sleep(let duration) = action {
            slept += duration
            action = watch.observe(sight(modified: 1), jitter: jitter)
        }
        #expect(action == .takeOver)
        #expect(slept >= timing.lease && slept < timing.lease + .milliseconds(64))
    }

    @Test("A new holder has the whole lease for itself, whatever its time says", arguments: [-1, 0, 2] as [Int64])
    func newHolder(modified: Int64) {
        var watch = LockWatch(timing: timing)
        var action = watch.observe(sight(modified: 1), jitter: 1)
        while case .sleep = action { action = watch.observe(sight(modified: 1), jitter: 1) }
        #expect(action == .takeOver)
        var slept = Duration.zero
        action = watch.observe(sight(modified: modified, inode: 2), jitter: 1)
        while case .sleep(let duration) = action {
            slept += duration
            action = watch.observe(sight(modified: modified, inode: 2), jitter: 1)
        }
        #expect(action == .takeOver)
        #expect(slept >= timing.lease)
    }

    @Test("Looks begin short apart and never more than 64 ms")
    func steps() {
        var watch = LockWatch(timing: timing)
        let actions = (1...8).map { watch.observe(sight(modified: $0), jitter: 1) }
        #expect(actions == [2, 4, 8, 16, 32, 64, 64, 64].map { .sleep(.milliseconds($0)) })
    }

    private func sight(modified: Int64, inode: UInt64 = 1) -> LockWatch.Sight {
        LockWatch.Sight(identity: FileStatus.Identity(device: 1, inode: inode), modified: modified)
    }
}
