import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import TestSupport
import Testing

@Suite("What Home Assistant is told, and when", .timeLimit(.minutes(1)))
struct HomeAssistantTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let memory = FleetingMemory()
    private let cloud = ScriptedHome(Cottage.location(), zones: Cottage.zones())
    private let discovery = HomeAssistantDiscovery(
        prefix: "homeassistant",
        bridge: BridgeTopics(base: "evohome"),
        version: "1"
    )
    private let hall = "homeassistant/device/evohome_zone_5/config"

    @Test("Documents come before the state that they tell of")
    func order() async throws {
        try await publishing { _, _, _ in
            let topics = broker.messages.map(\.topic)
            let documents = topics.indices.filter { topics[$0].hasPrefix("homeassistant/") }
            #expect(documents == Array(0..<4))
            #expect(topics.first == "homeassistant/device/evohome_bridge_100/config")
            #expect(broker.messages.prefix(4).filter(\.isRetained).count == 4)
        }
    }

    @Test("What has not changed is not told again by a poll")
    func quiet() async throws {
        try await publishing { homes, _, _ in
            broker.forget()
            homes.apply(status(kitchen: 20), of: homes.beginReading())
            try await eventually { !broker.messages.isEmpty }
            #expect(!broker.messages.contains { $0.topic.hasPrefix("homeassistant/") })
        }
    }

    @Test("A renamed zone's topics are cleared after Home Assistant had time to leave them")
    func renamed() async throws {
        try await publishing { homes, _, _ in
            broker.forget()
            homes.apply(Cottage.installation(Cottage.location(hall: "Corridor")))
            try await eventually { broker.said(on: hall).count == 1 }
            try await eventually { clock.sleepers > 0 }
            #expect(broker.said(on: "evohome/cottage/zone/hall").isEmpty)
            clock.advance(by: .seconds(1))
            try await eventually { broker.said(on: "evohome/cottage/zone/hall") == [""] }
            #expect(broker.said(on: hall).count == 1)
        }
    }

    @Test("A zone that is gone is removed from Home Assistant before its topics are cleared")
    func removed() async throws {
        try await publishing { homes, _, _ in
            broker.forget()
            var location = Cottage.location()
            location.systems[0].zones.removeLast()
            homes.apply(Cottage.installation(location))
            try await eventually { broker.said(on: hall) == [""] }
            try await eventually { clock.sleepers > 0 }
            #expect(broker.said(on: "evohome/cottage/zone/hall").isEmpty)
            clock.advance(by: .seconds(1))
            try await eventually { broker.said(on: "evohome/cottage/zone/hall") == [""] }
        }
    }

    @Test("A home that is gone is removed in the same order")
    func goneHome() async throws {
        try await publishing { homes, _, _ in
            broker.forget()
            homes.apply(Installation(accountID: "100", locations: []))
            try await eventually { broker.said(on: hall) == [""] }
            try await eventually { clock.sleepers > 0 }
            #expect(broker.said(on: "evohome/cottage/availability").isEmpty)
            clock.advance(by: .seconds(1))
            try await eventually { broker.said(on: "evohome/cottage/availability") == [""] }
        }
    }

    @Test("What an earlier run has left is cleared when Home Assistant has had time to leave it")
    func leftovers() async throws {
        let earlier = Cottage.installation(Cottage.location(hall: "Corridor"))
        memory.keep(
            TopicInventory(
                earlier,
                in: TopicLayout(base: "evohome", naming: .name, installation: earlier),
                features: TopicInventory.Features(output: .both, schedules: false),
                discovery: discovery
            ),
            of: "evohome"
        )
        try await publishing { _, _, _ in
            try await eventually { clock.sleepers > 0 }
            #expect(broker.said(on: "evohome/cottage/zone/corridor").isEmpty)
            clock.advance(by: .seconds(1))
            try await eventually { broker.said(on: "evohome/cottage/zone/corridor") == [""] }
            #expect(broker.said(on: hall).count == 1)
        }
    }

    @Test("Some seconds after its start all is told again, once for several starts in a row")
    func started() async throws {
        try await publishing { _, _, reannouncement in
            let all = broker.retained
            broker.forget()
            reannouncement.homeAssistantStarted()
            try await eventually { clock.sleepers > 0 }
            clock.advance(by: .milliseconds(999))
            #expect(broker.messages.isEmpty)
            clock.advance(by: .seconds(5))
            try await eventually { broker.retained == all }
            #expect(broker.said(on: hall).count == 1)
        }
    }

    @Test("A document that the broker did not take is told with the next change")
    func failed() async throws {
        try await publishing { homes, _, _ in
            broker.forget()
            broker.takes(false)
            homes.apply(Cottage.installation(Cottage.location(hall: "Corridor")))
            try await eventually { broker.refusals > 0 }
            broker.takes(true)
            try await eventually {
                clock.advance(by: .seconds(1))
                homes.wakeUp()
                return broker.said(on: hall).count == 1
            }
        }
    }

    private func status(kitchen setpoint: Double = 18) -> LocationStatus {
        ScriptedHome.status(of: Cottage.location(), zones: Cottage.zones(kitchen: setpoint))
    }

    /// Runs `body` once everything was told for the first time.
    private func publishing(_ body: (SnapshotStore, PublishService, Reannouncement) async throws -> Void) async throws {
        let homes = Cottage.homes(clock)
        let publisher = PublishService(
            broker: broker,
            cloud: cloud,
            homes: homes,
            memory: memory,
            statistics: StatisticsService(counters: ScriptedCounters(), homes: homes, clock: clock),
            counts: LoopCounts(),
            settings: PublishService.Settings(
                bridge: discovery.bridge,
                output: .both,
                discovery: discovery,
                version: "1"
            ),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let reannouncement = Reannouncement(publisher: publisher, clock: clock)
        homes.apply(Cottage.installation())
        homes.apply(status(), of: homes.beginReading())
        homes.becomeReady()
        publisher.connected(RecordingBroker.version5)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            group.addTask { try await reannouncement.run() }
            defer { group.cancelAll() }
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            try await body(homes, publisher, reannouncement)
        }
    }
}
