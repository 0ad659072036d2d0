import BridgeServices
import HeatingModel
import TestSupport
import Testing

@Suite("A home in which nothing happens", .timeLimit(.minutes(1)))
struct UnchangedPollsTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let cloud = ScriptedHome(Cottage.location(), zones: Cottage.zones())

    @Test("1,000 polls publish nothing but how the bridge itself is")
    func quiet() async throws {
        // Time runs ahead of the loops here; values are not to be old for that.
        let homes = Cottage.homes(clock, unavailableAfter: .seconds(86_400 * 365))
        let publisher = PublishService(telling: broker, of: homes, cloud: cloud, clock: clock)
        let polling = PollService(reading: cloud, into: homes, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            group.addTask { try await polling.run() }
            defer { group.cancelAll() }
            publisher.connected(RecordingBroker.version5)
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            broker.forget()
            let before = cloud.reads.status
            try await eventually {
                for _ in 0..<10 where cloud.reads.status < before + 1000 {
                    clock.advance(by: .seconds(60))
                    await Task.yield()
                }
                return cloud.reads.status >= before + 1000
            }
            // A change comes through, behind whatever came before it.
            _ = try await cloud.make(.zone(Cottage.kitchen, .hold(23, until: nil)))
            try await eventually {
                clock.advance(by: .seconds(60))
                return broker.retained["evohome/cottage/zone/kitchen/setpoint"] == "23.0"
            }
            let said = Set(broker.messages.map(\.topic)).filter { !$0.hasPrefix("evohome/bridge/") }
            #expect(said == Set(["", "/setpoint", "/mode"].map { "evohome/cottage/zone/kitchen" + $0 }))
        }
    }
}
