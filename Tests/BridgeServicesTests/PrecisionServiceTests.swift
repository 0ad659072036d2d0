import Basics
import BridgeCore
import HeatingModel
import Synchronization
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Fine temperatures beside polling", .timeLimit(.minutes(1)))
struct PrecisionServiceTests {
    private let clock = ManualClock()
    private let cloud = ScriptedHome(Cottage.location(), zones: Cottage.zones())
    private let older = ScriptedReadings(["4": 19.47, "99": 1])

    @Test("The first round after a start makes no call, and the second brings hundredths of a degree")
    func second() async throws {
        try await polling(FleetingMemory()) { homes in
            try await eventually { homes.isReady }
            #expect(kitchen(homes) == 19.5)
            #expect(older.calls == 0)
            try await nextRound { kitchen(homes) == 19.47 }
            #expect(homes.site(of: Cottage.systemID)?.reported("5")?.temperature == 19.5)
        }
    }

    @Test("When it fails, what is shown stands, the cloud is well, and polls go on")
    func failing() async throws {
        try await polling(FleetingMemory()) { homes in
            try await nextRound { kitchen(homes) == 19.47 }
            older.fails(CloudFailure(.unauthorised, "No."))
            let (calls, reads) = (older.calls, cloud.reads.status)
            try await nextRound { older.calls > calls + 2 && cloud.reads.status > reads + 2 }
            #expect(kitchen(homes) == 19.47)
            #expect(homes.health.state == .ok)
        }
    }

    @Test("While it hangs, statuses are read and shown")
    func hanging() async throws {
        try await polling(FleetingMemory()) { homes in
            older.hangs()
            try await nextRound { older.calls == 1 }
            let reads = cloud.reads.status
            try await nextRound { cloud.reads.status > reads + 3 }
            #expect(older.calls == 1)
        }
    }

    @Test("What was shown last is remembered when it stops, and shown from the first status on")
    func remembered() async throws {
        let memory = FleetingMemory()
        try await polling(memory) { homes in
            try await nextRound { kitchen(homes) == 19.47 }
        }
        #expect(memory.temperatures() == ["4": HighPrecisionTemperature(value: 19.47, beside: 19.5)])
        let calls = older.calls
        try await polling(memory) { homes in
            try await eventually { homes.isReady }
            #expect(kitchen(homes) == 19.47)
            #expect(older.calls == calls)
        }
    }

    @Test("One call is made for all locations, when the first of them is read again")
    func locations() async throws {
        let homes = Cottage.homes(clock)
        let precision = HighPrecisionService(readings: older, homes: homes, memory: FleetingMemory(), logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await precision.run() }
            defer { group.cancelAll() }
            for round in 0..<4 {
                for location in ["1", "2", "3"] as [LocationID] { precision.statusWasRead(of: location) }
                try await eventually { older.calls == round }
            }
        }
    }

    private func kitchen(_ homes: SnapshotStore) -> Double? {
        homes.site(of: Cottage.systemID)?.reported(Cottage.kitchen)?.temperature
    }

    private func nextRound(until condition: () -> Bool) async throws {
        try await eventually {
            clock.advance(by: .seconds(60))
            return condition()
        }
    }

    private func polling(_ memory: FleetingMemory, _ body: (SnapshotStore) async throws -> Void) async throws {
        let homes = Cottage.homes(clock)
        let precision = HighPrecisionService(readings: older, homes: homes, memory: memory, logger: .silent)
        let polling = PollService(reading: cloud, into: homes, memory: memory, precision: precision, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await polling.run() }
            group.addTask { try await precision.run() }
            defer { group.cancelAll() }
            try await body(homes)
        }
    }
}

/// The older API of one account.
private final class ScriptedReadings: HighPrecisionSource {
    private struct State {
        var temperatures: [SensorID: Temperature]
        var failure: CloudFailure?
        var isHanging = false
        var calls = 0
    }

    private let state: Mutex<State>

    init(_ temperatures: [SensorID: Temperature]) {
        state = Mutex(State(temperatures: temperatures))
    }

    var calls: Int { state.withLock { $0.calls } }

    func fails(_ failure: CloudFailure) { state.withLock { $0.failure = failure } }
    func hangs() { state.withLock { $0.isHanging = true } }

    func temperatures() async throws(CloudFailure) -> [SensorID: Temperature] {
        let now = state.withLock { state in
            state.calls += 1
            return state
        }
        if now.isHanging { try? await Task.sleep(for: .seconds(3600)) }
        if let failure = now.failure { throw failure }
        return now.temperatures
    }
}
