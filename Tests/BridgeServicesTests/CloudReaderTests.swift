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
    private let clock = ManualClock()
    private let counts = LoopCounts()
    private let cloud = ScriptedCloud()
    private let sensors = ScriptedSensors(["4": 19.47, "99": 1])

    /// - Parameter body: Gets the reader, too.
    private func reading(
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
    private func pass(until condition: () -> Bool) async throws {
        try await eventually {
            clock.advance(by: .seconds(60))
            return condition()
        }
    }

    /// Lets the loop finish what it has begun.
    private func settle() async throws {
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
            cloud.fails(CloudFailure(.refused, "No.", code: "LocationNotFound"), at: .status("1"))
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

    // MARK: - Elapsed time

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

    // MARK: - Requests

    @Test("One status serves a poll, a refresh and a command")
    func merged() async throws {
        try await reading { store, reader in
            try await eventually { store.isReady }
            try await settle()
            let task = try await cloud.make(.zone(Cottage.kitchen, .hold(21, until: nil)))
            async let outcome = reader.follow(followed(task: task))
            try await settle()
            cloud.forgetCalls()
            cloud.holds(.status("1"))
            clock.advance(by: .seconds(189))
            try await eventually { cloud.statusReads == 1 }
            async let refresh: Void = reader.refresh()
            try await eventually { cloud.installationReads == 1 }
            cloud.releases(.status("1"))
            try await refresh
            #expect(await outcome?.kind == .succeeded)
            try await settle()
            clock.advance(by: .seconds(100))
            try await settle()
            #expect(cloud.calls == [.status("1"), .installation])
        }
    }

    @Test("A refresh reads everything but schedules, and again after 30 s at the earliest")
    func refresh() async throws {
        try await reading(schedules: .seconds(86_400)) { store, reader in
            try await eventually { store.isReady }
            cloud.forgetCalls()
            try await reader.refresh()
            #expect(Set(cloud.calls).isSuperset(of: [.installation, .status("1")]))
            await #expect(throws: CloudReader.Refusal.self) { try await reader.refresh() }
            clock.advance(by: .seconds(30))
            cloud.fails(CloudFailure(.unreachable, "Away."))
            await #expect(throws: CloudReader.Refusal(sentence: "Away.")) { try await reader.refresh() }
        }
    }

    @Test("Without polls only what somebody asks for is read")
    func noPolls() async throws {
        try await reading(polls: false) { store, reader in
            try await reader.read([])
            #expect(cloud.calls.isEmpty)
            try await reader.read([.installation])
            try await reader.read([.status("1")])
            #expect(cloud.calls == [.installation, .status("1")])
            #expect(store.site(of: Cottage.system)?.status != nil)
        }
    }

    @Test("Schedules are kept in the pause after them, and read again when they are old enough")
    func schedules() async throws {
        let memory = FleetingMemory()
        try await reading(memory, schedules: .seconds(86_400)) { store, _ in
            try await eventually {
                clock.advance(by: .milliseconds(200))
                return memory.schedules().count == 2
            }
        }
        let reads = cloud.calls.count { $0 == .schedule(Cottage.kitchen) || $0 == .schedule(Cottage.hall) }
        #expect(reads == 2)
        try await reading(memory, schedules: .seconds(86_400)) { store, _ in
            try await eventually { store.isReady }
            clock.advance(by: .seconds(10))
            try await settle()
            #expect(cloud.count(.schedule(Cottage.kitchen)) == 1)
        }
    }

    @Test("Every schedule is read for a backup; what the cloud refuses is named, and an outage ends it")
    func readSchedules() async throws {
        try await reading(polls: false) { store, reader in
            try await reader.read([.installation])
            let targets = try #require(store.installation).zonesAndHotWater
            let refusal = CloudFailure(.refused, "Not for this zone.")
            cloud.fails(refusal, at: .schedule(Cottage.hall))
            let (read, refused) = try await passing(clock) { try await reader.readSchedules(of: targets) }
            #expect(read.map(\.name) == ["Kitchen"])
            #expect(refused.map(\.failure) == [refusal])
            cloud.fails(CloudFailure(.unreachable, "Away."), at: .schedule(Cottage.hall))
            await #expect(throws: CloudFailure.self) {
                _ = try await passing(clock) { try await reader.readSchedules(of: targets) }
            }
        }
    }

    @Test("Whoever waits when the reader stops, or asks later, hears so at once")
    func stopped() async throws {
        let reader = CloudReader(of: cloud, into: SnapshotStore(clock), clock: clock)
        cloud.holds(.installation)
        let loop = Task { try await reader.run() }
        let waiting = Task { await failure(of: reader) }
        let command = Task { await reader.follow(followed(task: nil)) }
        try await eventually { cloud.installationReads == 1 }
        loop.cancel()
        try await loop.value
        #expect(await waiting.value?.kind == .cancelled)
        #expect(await command.value == nil)
        #expect(await failure(of: reader)?.kind == .cancelled)
        await #expect(throws: CloudReader.Refusal.self) { try await reader.refresh() }
        #expect(await reader.follow(followed(task: nil)) == nil)
    }

    @Test("A graceful stop answers everybody who waits, over and over", arguments: 0..<50)
    func stoppedGracefully(round: Int) async throws {
        let store = SnapshotStore(clock)
        let reader = CloudReader(of: cloud, into: store, clock: clock)
        let broker = RecordingBroker()
        let commands = CommandService(calling: cloud, reader: reader, broker: broker, store: store, clock: clock)
        cloud.holds(.installation)
        let group = ServiceGroup(services: [commands, reader], gracefulShutdownSignals: [], logger: .silent)
        let loops = Task { try await group.run() }
        try await eventually { cloud.installationReads == 1 }
        // Some of these come before the stop, some after it.
        let readings = (0..<20).map { _ in Task { await failure(of: reader) } }
        let commandsThatWait = (0..<20).map { id in
            Task {
                var command = followed(task: nil)
                command.id = id
                command.target = .zone(ZoneID("\(id)"), in: Cottage.system)
                return await reader.follow(command)
            }
        }
        await group.triggerGracefulShutdown()
        try await loops.value
        for reading in readings { #expect(await reading.value?.kind == .cancelled) }
        for command in commandsThatWait { #expect(await command.value == nil) }
    }

    /// Why the installation could not be read.
    private func failure(of reader: CloudReader) async -> CloudFailure? {
        do throws(CloudFailure) {
            try await reader.read([.installation])
            return nil
        } catch {
            return error
        }
    }

    private func followed(task: CommunicationTaskID?) -> CommandFollower.Followed {
        CommandFollower.Followed(
            id: 1,
            target: Cottage.kitchenTarget,
            location: "1",
            gateway: "2",
            call: PlannedCall(.zone(Cottage.kitchen, .hold(21, until: nil)), notes: []),
            task: task,
            // So that the first reading for it falls together with the next poll.
            accepted: clock.uptime + .seconds(184),
            deadline: clock.uptime + .seconds(600),
            isProvedByStatus: true
        )
    }

    // MARK: - High-precision temperatures

    @Test("The first round after a start makes no call to API v1, and the second brings hundredths of a degree")
    func highPrecision() async throws {
        try await reading(highPrecision: true) { store, _ in
            try await eventually { store.isReady }
            #expect(kitchen(store) == 19.5)
            #expect(sensors.calls == 0)
            try await pass { kitchen(store) == 19.47 }
            #expect(store.site(of: Cottage.system)?.reported(Cottage.hall)?.temperature == 19.5)
        }
    }

    @Test("When API v1 fails, what is shown stands, the cloud is well, and polls go on")
    func failingHighPrecision() async throws {
        try await reading(highPrecision: true) { store, _ in
            try await pass { kitchen(store) == 19.47 }
            sensors.fails(CloudFailure(.unauthorised, "No."))
            let (calls, reads) = (sensors.calls, cloud.statusReads)
            try await pass { sensors.calls > calls + 2 && cloud.statusReads > reads + 2 }
            #expect(kitchen(store) == 19.47)
            #expect(store.health.state == .ok)
        }
    }

    @Test("While API v1 hangs, statuses are read, and the reader is healthy")
    func hangingHighPrecision() async throws {
        try await reading(highPrecision: true) { store, reader in
            sensors.hangs()
            try await pass { sensors.calls == 1 }
            let reads = cloud.statusReads
            try await pass { cloud.statusReads > reads + 3 }
            #expect(sensors.calls == 1)
            try await settle()
            #expect(!reader.pulse.reading(at: .now + .seconds(180)).isStuck)
        }
    }

    @Test("What was shown last is remembered when the reader stops, and shown from the first status on")
    func rememberedTemperatures() async throws {
        let memory = FleetingMemory()
        try await reading(memory, highPrecision: true) { store, _ in try await pass { kitchen(store) == 19.47 } }
        #expect(memory.temperatures() == ["4": HighPrecisionTemperature(value: 19.47, beside: 19.5)])
        let calls = sensors.calls
        try await reading(memory, highPrecision: true) { store, _ in
            try await eventually { store.isReady }
            #expect(kitchen(store) == 19.47)
            #expect(sensors.calls == calls)
        }
    }

    private func kitchen(_ store: SnapshotStore) -> Temperature? {
        store.site(of: Cottage.system)?.reported(Cottage.kitchen)?.temperature
    }
}

/// Lets time go by until `body` is done: a hundred times as fast as real time, no faster. On a busy machine a loop may not
/// get its turn for some time; a clock that did not wait for it would run up to the end of every deadline meanwhile.
func passing<Result: Sendable>(
    _ clock: ManualClock,
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            while !Task.isCancelled {
                clock.advance(by: .milliseconds(100))
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        defer { group.cancelAll() }
        return try await body()
    }
}
