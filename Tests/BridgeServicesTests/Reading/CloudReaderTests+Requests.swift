import Basics
import BridgeCore
import HeatingModel
import ServiceLifecycle
import Synchronization
import TestBasics
import TestSupport
import Testing

@testable import BridgeServices

// What is read because somebody waits for it.

extension CloudReaderTests {
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

    @Test("A reading that began earlier does not serve who asks afresh")
    func afresh() async throws {
        try await reading(polls: false) { store, reader in
            try await reader.read([.installation])
            cloud.holds(.status("1"))
            async let earlier = failure(of: reader, reading: .status("1"))
            try await eventually { cloud.statusReads == 1 }
            clock.advance(by: .seconds(1))
            _ = try await cloud.make(.zone(Cottage.kitchen, .hold(21, until: nil)))
            async let later = failure(of: reader, reading: .status("1"), afresh: true)
            try await Task.sleep(for: .milliseconds(20))
            cloud.releases(.status("1"))
            #expect(await earlier == nil)
            #expect(await later == nil)
            #expect(cloud.statusReads == 2)
            #expect(store.site(of: Cottage.system)?.status?.zones[0].setpoint == 21)
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

    /// Why something could not be read.
    private func failure(
        of reader: CloudReader,
        reading: Reading = .installation,
        afresh: Bool = false
    ) async -> CloudFailure? {
        do throws(CloudFailure) {
            try await reader.read([reading], afresh: afresh)
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
}
