import Basics
import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Counting what the bridge has done", .timeLimit(.minutes(1)))
struct StatisticsServiceTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let counters = ScriptedCounters()

    @Test("The first answer is as of now, later ones as of the last full minute")
    func minutes() async throws {
        try await counting { _, statistics in
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

    @Test("Calls of today are as of now")
    func callsToday() async throws {
        try await counting { _, statistics in
            counters.set(BridgeStatistics.Counts(calls: ["token": 1]))
            #expect(statistics.callsToday == ["token": 1])
            counters.set(BridgeStatistics.Counts(calls: ["token": 2]))
            #expect(statistics.callsToday == ["token": 2])
        }
    }

    @Test("It is published once a minute at most, and only if something was done")
    func news() async throws {
        try await counting { store, _ in
            store.becomeReady()
            try await eventually { published.count == 1 }
            counters.set(BridgeStatistics.Counts(publishes: 5))
            try await passMinute()
            counters.set(BridgeStatistics.Counts(logins: 1, publishes: 6))
            store.wakeUp()
            try await passMinute()
            try await eventually { published.last?.contains(#""logins":1"#) == true }
            #expect(published.count == 2)
        }
    }

    @Test("After an hour without a login the last hour has none, and the whole time still has")
    func hour() async throws {
        try await counting { _, statistics in
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

    private var published: [String] { broker.payloads(on: "evohome/bridge/stats") }

    /// A loop that waits for the next minute has done its work for the last one.
    private func passMinute() async throws {
        try await eventually { clock.sleepers == 1 }
        clock.advance(by: .seconds(60))
        try await eventually { clock.sleepers == 1 }
    }

    private func counting(_ body: (SnapshotStore, StatisticsService) async throws -> Void) async throws {
        let store = SnapshotStore(clock)
        let statistics = StatisticsService(counters: counters, store: store, clock: clock)
        let publisher = PublishService(of: store, to: broker, statistics: statistics, clock: clock)
        publisher.connected(RecordingBroker.version5)
        try await running(statistics, publisher) { try await body(store, statistics) }
    }
}
