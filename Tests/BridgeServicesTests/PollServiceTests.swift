import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import Observability
import TestSupport
import Testing

@Suite("Reading the cloud", .timeLimit(.minutes(1)))
struct PollServiceTests {
    private let clock = ManualClock()
    private let counts = LoopCounts()
    private let pace = PollPace(PollPace.Intervals(status: .seconds(180), installation: .seconds(86_400)))
    private let cloud = ScriptedHome(Cottage.location(), zones: Cottage.zones())

    @Test("A first start reads the installation and keeps it; a restart reads the status alone")
    func starts() async throws {
        let memory = FleetingMemory()
        try await polling(memory) { homes, _ in
            try await eventually { homes.site(of: Cottage.systemID)?.status != nil }
            #expect(cloud.reads == (1, 1))
        }
        #expect(memory.installation()?.installation == Cottage.installation())
        try await polling(memory) { homes, _ in
            try await eventually { homes.site(of: Cottage.systemID)?.status != nil }
            #expect(cloud.reads == (1, 2))
        }
    }

    @Test("The installation is read again when it is a day old")
    func daily() async throws {
        let old = RememberedInstallation(installation: Cottage.installation(), read: clock.now - .seconds(86_401))
        try await polling(FleetingMemory(old)) { homes, _ in
            try await eventually { homes.isReady }
            #expect(cloud.reads.installation == 1)
        }
    }

    @Test("Locations that are not to be served have no homes", arguments: [("Cottage", 1), ("1", 1), ("Castle", 0)])
    func chosen(location: String, count: Int) async throws {
        try await polling(FleetingMemory(), locations: [location]) { homes, _ in
            try await eventually { homes.isReady }
            #expect(homes.systems.count == count)
            #expect(cloud.reads.status == count)
        }
    }

    @Test("A cloud that is away is asked again until it is back, and says meanwhile when that is")
    func outage() async throws {
        cloud.fails(CloudFailure(.unreachable, "Away."))
        try await polling(FleetingMemory()) { homes, _ in
            try await eventually { homes.isReady }
            #expect(homes.health.state == .unreachable)
            #expect(homes.health.retryAt.map { $0 > clock.now } == true)
            cloud.fails(nil)
            try await eventually {
                clock.advance(by: .seconds(1))
                return homes.health.state == .ok
            }
            #expect(homes.health.retryAt == nil)
            let text = PrometheusText.of(counts.metrics)
            #expect(text.contains("evohome_polls_total{outcome=\"failed\"} 1\n"))
            #expect(text.contains("evohome_polls_total{outcome=\"succeeded\"} 1\n"))
        }
    }

    @Test("A pace that is changed is in force at once, in either direction")
    func changedPace() async throws {
        try await polling(FleetingMemory()) { _, _ in
            try await eventually { clock.sleepers == 1 }
            pace.intervals.status = .seconds(60)
            clock.advance(by: .seconds(64))
            try await eventually { cloud.reads.status == 2 && clock.sleepers == 1 }
            pace.intervals.status = .seconds(600)
            clock.advance(by: .seconds(400))
            pace.intervals.status = .seconds(300)
            try await eventually { cloud.reads.status == 3 }
        }
    }

    private func polling(
        _ memory: FleetingMemory,
        locations: [String] = [],
        _ body: (SnapshotStore, RefreshRequests) async throws -> Void
    ) async throws {
        let homes = Cottage.homes(clock)
        let refreshes = RefreshRequests(pace: pace, clock: clock)
        let service = PollService(
            cloud: cloud,
            homes: homes,
            memory: memory,
            pace: pace,
            refreshes: refreshes,
            counts: counts,
            settings: PollService.Settings(locations: locations),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            try await body(homes, refreshes)
        }
    }
}
