import Basics
import BridgeCore
import HeatingModel
import Observability
import ServiceLifecycle
import Synchronization
import TestBasics
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Reading the cloud", .timeLimit(.minutes(1)))
struct CloudReaderTests {
    let clock = ManualClock()
    let counts = LoopCounts()
    let cloud = ScriptedCloud()
    let sensors = ScriptedSensors(["4": 19.47, "99": 1])

    /// - Parameter body: Gets the reader, too.
    func reading(
        _ memory: FleetingMemory = FleetingMemory(),
        from cloud: ScriptedCloud? = nil,
        highPrecision: Bool = false,
        schedules: Duration? = nil,
        locations: [String] = [],
        polls: Bool = true,
        shortest: Duration = .zero,
        _ body: (SnapshotStore, CloudReader) async throws -> Void
    ) async throws {
        let store = SnapshotStore(clock)
        let reader = CloudReader(
            of: cloud ?? self.cloud,
            into: store,
            highPrecision: highPrecision ? sensors : nil,
            memory: memory,
            counts: counts,
            schedules: schedules,
            locations: locations,
            polls: polls,
            shortestPollInterval: shortest,
            clock: clock
        )
        try await running(reader) { try await body(store, reader) }
    }

    /// Lets time go by, a minute at a time, until a condition holds.
    func pass(until condition: () -> Bool) async throws {
        try await eventually {
            clock.advance(by: .seconds(60))
            return condition()
        }
    }

    /// Lets the loop finish what it has begun.
    func settle() async throws {
        try await eventually { clock.sleepers > 0 }
        try await Task.sleep(for: .milliseconds(20))
    }

    // MARK: - Starts

    @Test("A first start reads the installation and keeps it; a restart reads the status alone")
    func starts() async throws {
        let memory = FleetingMemory()
        try await reading(memory) { store, _ in
            try await eventually { store.site(of: Cottage.system)?.status != nil }
            #expect(cloud.calls == [.installation, .status("1")])
            try await eventually { memory.installation() != nil }
        }
        #expect(memory.installation()?.installation == Cottage.installation())
        try await reading(memory) { store, _ in
            try await eventually { store.site(of: Cottage.system)?.status != nil }
            #expect(cloud.calls == [.installation, .status("1"), .status("1")])
        }
    }

    @Test("An installation that is a day old is read again")
    func daily() async throws {
        let old = RememberedInstallation(installation: Cottage.installation(), read: clock.now - .seconds(86_401))
        try await reading(FleetingMemory(old)) { store, _ in
            try await eventually { store.isReady }
            try await eventually { cloud.installationReads == 1 }
        }
    }

    @Test("Only the chosen locations are served", arguments: [("Cottage", 1), ("1", 1), ("cottage", 1), ("Castle", 0)])
    func chosen(location: String, count: Int) async throws {
        try await reading(locations: [location]) { store, _ in
            try await eventually { store.isReady }
            #expect(store.systems.count == count)
            #expect(cloud.statusReads == count)
            #expect((store.problem == nil) == (count == 1))
        }
    }

    @Test("A restart that has nothing to serve reads the installation again, and is ready")
    func nothingToServe() async throws {
        let kept = RememberedInstallation(installation: Cottage.installation(), read: clock.now)
        try await reading(FleetingMemory(kept), locations: ["castle"]) { store, _ in
            try await eventually { store.isReady }
            #expect(cloud.calls == [.installation])
            #expect(store.problem?.contains("castle") == true)
            #expect(store.health.state == .ok)
        }
    }

    @Test("An account without locations is ready, says so, and recovers from an outage")
    func emptyAccount() async throws {
        let cloud = ScriptedCloud([])
        cloud.fails(CloudFailure(.unreachable, "Away."))
        try await reading(from: cloud) { store, _ in
            try await eventually { store.isReady }
            #expect(store.health.state == .unreachable)
            cloud.fails(nil)
            try await pass { store.health.state == .ok }
            #expect(store.problem == "The account has no locations.")
        }
    }

    // MARK: - Failures

    @Test("A cloud that is away is asked again until it is back, and the time of the next attempt is known")
    func outage() async throws {
        cloud.fails(CloudFailure(.unreachable, "Away."))
        let old = RememberedInstallation(installation: Cottage.installation(), read: clock.now)
        try await reading(FleetingMemory(old)) { store, _ in
            try await eventually { store.isReady }
            #expect(store.health.state == .unreachable)
            #expect(store.health.retryAt.map { $0 > clock.now } == true)
            cloud.fails(nil)
            try await eventually {
                clock.advance(by: .seconds(1))
                return store.health.state == .ok
            }
            #expect(store.health.retryAt == nil)
            let text = PrometheusText.of(counts.metrics)
            #expect(text.contains("evohome_polls_total{outcome=\"failed\"} 1\n"))
            #expect(text.contains("evohome_polls_total{outcome=\"succeeded\"} 1\n"))
            let events = store.take { $0.takeChanges() }.events.map(\.kind)
            #expect(events.count == 2)
            #expect(events.last.map { if case .outageEnded = $0 { true } else { false } } == true)
        }
    }

    @Test("A location that the cloud does not know has the installation read at once, every 15 minutes at most")
    func locationNotFound() async throws {
        try await reading { store, _ in
            try await eventually { store.isReady }
            cloud.fails(CloudFailure(.refused, "No.", isNotFound: true), at: .status("1"))
            try await pass { cloud.installationReads == 2 }
            let begin = clock.uptime
            let statuses = cloud.statusReads
            try await pass { cloud.installationReads == 3 }
            #expect(begin.duration(to: clock.uptime) >= .seconds(840))
            #expect((3...8).contains(cloud.statusReads - statuses))
            // It was made anew under another id.
            cloud.has([Cottage.location(id: "7")])
            try await pass { cloud.count(.status("7")) > 0 }
            #expect(store.installation?.locations.map(\.id) == ["7"])
        }
    }

    @Test("After the cloud has asked for a pause, nothing is read until it is over")
    func retryAfter() async throws {
        try await reading { store, reader in
            try await eventually { store.isReady }
            try await settle()
            let retry = clock.now + .seconds(3600)
            cloud.fails(CloudFailure(.rateLimited, "Too many.", retryAt: retry))
            try await pass { store.health.state == .rateLimited }
            let reads = cloud.calls.count
            cloud.fails(nil)
            async let refresh: Void = reader.refresh()
            try await settle()
            for _ in 0..<50 {
                clock.advance(by: .seconds(60))
                try await settle()
            }
            #expect(cloud.calls.count == reads)
            try await pass { store.health.state == .ok }
            try await refresh
        }
    }

    // MARK: - Intervals

    @Test("A change of the interval takes effect at once, in either direction, and health follows it")
    func changedInterval() async throws {
        try await reading { _, reader in
            #expect(reader.pulse.limit == .seconds(180))
            try await eventually { cloud.statusReads == 1 && clock.sleepers == 1 }
            reader.intervals.status = .seconds(60)
            #expect(reader.pulse.limit == .seconds(180))
            try await settle()
            clock.advance(by: .seconds(64))
            try await eventually { cloud.statusReads == 2 }
            try await settle()
            reader.intervals.status = .seconds(600)
            #expect(reader.pulse.limit == .seconds(600))
            try await settle()
            clock.advance(by: .seconds(400))
            try await settle()
            #expect(cloud.statusReads == 2)
            reader.intervals.status = .seconds(300)
            try await eventually { cloud.statusReads == 3 }
        }
    }

    @Test("Health notices a reading that never ends, though others ask for something meanwhile")
    func stuck() async throws {
        try await reading { store, reader in
            try await eventually { store.isReady }
            try await settle()
            cloud.holds(.status("1"))
            try await pass { cloud.statusReads == 2 }
            let begun = SuspendingClock.now
            for _ in 0..<5 { try await reader.read([]) }
            reader.intervals.schedules = nil
            try await Task.sleep(for: .milliseconds(20))
            let twice = reader.pulse.reading(at: begun + .seconds(181))
            #expect(twice.isStuck)
            cloud.releases(.status("1"))
            try await eventually { !reader.pulse.reading(at: .now + .seconds(181)).isStuck }
        }
    }
}
