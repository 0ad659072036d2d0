import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import TestSupport
import Testing

@Suite("Reckoning up what the bridge has done", .timeLimit(.minutes(1)))
struct StatisticsServiceTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let counters = ScriptedCounters()

    @Test("What is asked for first is told as it is, and then as it was at the last full minute")
    func minutes() async throws {
        try await reckoning { _, statistics in
            counters.set(BridgeStatistics.Counts(logins: 1))
            #expect(statistics.latest.sinceStart.logins == 1)
            counters.set(BridgeStatistics.Counts(logins: 2))
            #expect(statistics.latest.sinceStart.logins == 1)
            try await eventually {
                clock.advance(by: .seconds(10))
                return statistics.latest.sinceStart.logins == 2
            }
        }
    }

    @Test("The broker is told once a minute at the most, and only when something was done")
    func news() async throws {
        try await reckoning { homes, _ in
            homes.becomeReady()
            try await eventually { told.count == 1 }
            counters.set(BridgeStatistics.Counts(publishes: 5))
            try await passMinute()
            counters.set(BridgeStatistics.Counts(logins: 1, publishes: 6))
            homes.wakeUp()
            try await passMinute()
            try await eventually { told.last?.contains(#""logins":1"#) == true }
            #expect(told.count == 2)
        }
    }

    @Test("After an hour without a login the last hour has none, and the whole time still has")
    func hour() async throws {
        try await reckoning { _, statistics in
            counters.set(BridgeStatistics.Counts(logins: 1))
            #expect(statistics.latest.lastHour.logins == 1)
            try await eventually {
                clock.advance(by: .seconds(60))
                return statistics.latest.lastHour.logins == 0
            }
            #expect(clock.now >= statistics.latest.started + .seconds(3600))
            #expect(statistics.latest.sinceStart.logins == 1)
        }
    }

    private var told: [String] { broker.said(on: "evohome/bridge/stats") }

    /// Whoever waits for the next minute has done what the last one asked for.
    private func passMinute() async throws {
        try await eventually { clock.sleepers == 1 }
        clock.advance(by: .seconds(60))
        try await eventually { clock.sleepers == 1 }
    }

    private func reckoning(_ body: (SnapshotStore, StatisticsService) async throws -> Void) async throws {
        let homes = Cottage.homes(clock)
        let statistics = StatisticsService(counters: counters, homes: homes, clock: clock)
        let publisher = PublishService(
            broker: broker,
            cloud: ScriptedHome(Cottage.location(), zones: Cottage.zones()),
            homes: homes,
            memory: FleetingMemory(),
            statistics: statistics,
            counts: LoopCounts(),
            settings: PublishService.Settings(bridge: BridgeTopics(base: "evohome"), output: .both, version: "1"),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        publisher.connected(RecordingBroker.version5)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await statistics.run() }
            group.addTask { try await publisher.run() }
            defer { group.cancelAll() }
            try await body(homes, statistics)
        }
    }
}
