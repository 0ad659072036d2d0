import Basics
import BridgeCore
import HeatingModel
import TestBasics
import TestSupport
import Testing

@testable import BridgeServices

// What is read when time passes, and when the clock is set.

extension CloudReaderTests {
    @Test("A clock that is set loses no poll", arguments: [40, 3600, 3 * 86_400])
    func clockIsSet(step: Int) async throws {
        try await reading { store, _ in
            try await eventually { store.isReady }
            for (round, step) in [step, -step, step].enumerated() {
                try await settle()
                clock.set(to: clock.now + .seconds(step))
                clock.advance(by: .seconds(170))
                try await settle()
                #expect(cloud.statusReads == round + 1)
                clock.advance(by: .seconds(19))
                try await eventually { cloud.statusReads == round + 2 }
            }
            #expect(cloud.installationReads == 1)
        }
    }

    @Test("A start in 1970 loses no poll when the clock is set")
    func clockFrom1970() async throws {
        let today = clock.now
        clock.set(to: Instant(millisecondsSince1970: 0))
        let kept = RememberedInstallation(installation: Cottage.installation(), read: today - .seconds(3600))
        try await reading(FleetingMemory(kept), schedules: .seconds(86_400)) { store, _ in
            try await eventually { store.isReady }
            try await settle()
            clock.set(to: today)
            for _ in 0..<4 {
                let reads = cloud.statusReads
                for _ in 0..<19 {
                    clock.advance(by: .seconds(10))
                    try await settle()
                }
                #expect(cloud.statusReads == reads + 1)
            }
        }
    }

    @Test("A status is read within 20 s after a switchpoint, and never a minute after the last one", arguments: 0..<8)
    func switchpoint(seed: Int) async throws {
        var randomness = SeededGenerator(seed: seed)
        let cloud = ScriptedCloud(schedules: [Cottage.kitchen: Cottage.schedule(21)])
        // Seven o'clock is some minutes away.
        let seven: Instant = "2026-11-24T07:00:00Z"
        clock.set(to: seven - .seconds(Int.random(in: 200...900, using: &randomness)))
        var moments: [Instant] = []
        try await reading(from: cloud, schedules: .seconds(86_400), shortest: .seconds(60)) { store, _ in
            try await eventually { store.isReady }
            moments = try await statusMoments(of: cloud, until: "2026-11-24T07:02:00Z")
        }
        let first = try #require(moments.first { $0 >= seven })
        #expect(first <= seven + .seconds(20), "\(moments)")
        let gaps = zip(moments, moments.dropFirst()).map { $0.duration(to: $1) }
        #expect(gaps.allSatisfy { $0 >= .seconds(58) }, "\(moments)")
    }

    @Test("A switchpoint is expected again once a clock that was a day ahead has been put back")
    func switchpointAfterStepBack() async throws {
        let cloud = ScriptedCloud(schedules: [Cottage.kitchen: Cottage.schedule(21)])
        let seven: Instant = "2026-11-24T07:00:00Z"
        clock.set(to: seven + .seconds(86_400 + 1800))
        var moments: [Instant] = []
        try await reading(from: cloud, schedules: .seconds(86_400), shortest: .seconds(60)) { store, _ in
            try await eventually { store.isReady }
            clock.set(to: seven - .seconds(600))
            moments = try await statusMoments(of: cloud, until: "2026-11-24T07:02:00Z")
        }
        #expect(moments.contains { (seven...seven + .seconds(20)).contains($0) }, "\(moments)")
    }

    /// Lets time go by, a second at a time.
    private func statusMoments(of cloud: ScriptedCloud, until end: Instant) async throws -> [Instant] {
        var moments: [Instant] = []
        while clock.now < end {
            let reads = cloud.statusReads
            clock.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(4))
            if cloud.statusReads > reads { moments.append(clock.now) }
        }
        return moments
    }
}
