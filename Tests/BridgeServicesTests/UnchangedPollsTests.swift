import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import TestSupport
import Testing

@Suite("A home in which nothing happens", .timeLimit(.minutes(1)))
struct UnchangedPollsTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let cloud = ScriptedHome(Cottage.location(), zones: Cottage.zones())
    private let homes: Homes
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() {
        homes = Cottage.homes(clock)
    }

    @Test("1,000 polls publish nothing but how the bridge itself is")
    func quiet() async throws {
        let (polling, publisher) = (polling, publisher)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            group.addTask { try await polling.run() }
            defer { group.cancelAll() }
            publisher.connected(RecordingBroker.version5)
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            broker.forget()
            let before = cloud.reads.status
            while cloud.reads.status < before + 1000, !Task.isCancelled {
                // Not while something is read: time stands still for the loops then.
                if clock.sleepers > 0 { clock.advance(by: .seconds(60)) }
                await Task.yield()
            }
            // A change comes through, behind whatever came before it.
            _ = try await cloud.make(.zone(Cottage.kitchen, .hold(23, until: nil)))
            try await eventually {
                clock.advance(by: .seconds(60))
                return broker.retained["evohome/cottage/zone/kitchen/setpoint"] == "23.0"
            }
            #expect(cloud.reads.status >= before + 1000)
            let said = Set(broker.messages.map(\.topic)).filter { !$0.hasPrefix("evohome/bridge/") }
            #expect(said == Set(["", "/setpoint", "/mode"].map { "evohome/cottage/zone/kitchen" + $0 }))
        }
    }

    private var polling: PollService {
        let pace = PollPace(PollPace.Intervals(status: .seconds(180), installation: .seconds(86_400)))
        return PollService(
            cloud: cloud,
            homes: homes,
            memory: FleetingMemory(),
            pace: pace,
            refreshes: RefreshRequests(pace: pace, clock: clock),
            counts: LoopCounts(),
            settings: PollService.Settings(locations: []),
            clock: clock,
            logger: logger
        )
    }

    private var publisher: PublishService {
        PublishService(
            broker: broker,
            cloud: cloud,
            homes: homes,
            memory: FleetingMemory(),
            statistics: StatisticsService(counters: ScriptedCounters(), homes: homes, clock: clock),
            counts: LoopCounts(),
            settings: PublishService.Settings(bridge: BridgeTopics(base: "evohome"), output: .both, version: "1"),
            clock: clock,
            logger: logger
        )
    }
}
