import Basics
import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import BridgeServices

@Suite("What is published to Home Assistant, and when", .timeLimit(.minutes(1)))
struct PublisherTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let memory = FleetingMemory()
    private let cloud = ScriptedCloud()
    private let discovery = HomeAssistantDiscovery(
        prefix: "homeassistant",
        bridge: BridgeTopics(base: "evohome"),
        version: "1"
    )
    private let hall = "homeassistant/device/evohome_zone_5/config"

    @Test("Discovery documents come before the state that they describe")
    func order() async throws {
        try await publishing { _, _ in
            let topics = broker.messages.map(\.topic)
            let documents = topics.indices.filter { topics[$0].hasPrefix("homeassistant/") }
            #expect(documents == Array(0..<4))
            #expect(topics.first == "homeassistant/device/evohome_bridge_100/config")
            #expect(broker.messages.prefix(4).filter(\.isRetained).count == 4)
        }
    }

    @Test("A poll does not publish documents that have not changed")
    func quiet() async throws {
        try await publishing { store, _ in
            broker.forget()
            store.apply(status(kitchen: 20), clock)
            try await eventually { !broker.messages.isEmpty }
            #expect(!broker.messages.contains { $0.topic.hasPrefix("homeassistant/") })
        }
    }

    @Test("The topics of a renamed zone are cleared after Home Assistant had time to unsubscribe")
    func renamed() async throws {
        try await publishing { store, _ in
            broker.forget()
            store.apply(Cottage.installation(Cottage.location(hall: "Corridor")))
            try await eventually { broker.payloads(on: hall).count == 1 }
            try await eventually { clock.sleepers > 0 }
            #expect(broker.payloads(on: "evohome/cottage/zone/hall").isEmpty)
            // Other things sleep on this clock, too.
            try await eventually {
                clock.advance(by: .seconds(1))
                return broker.payloads(on: "evohome/cottage/zone/hall") == [""]
            }
            #expect(broker.payloads(on: hall).count == 1)
        }
    }

    @Test("A zone that is gone is removed from Home Assistant before its topics are cleared")
    func removed() async throws {
        try await publishing { store, _ in
            broker.forget()
            var location = Cottage.location()
            location.systems[0].zones.removeLast()
            store.apply(Cottage.installation(location))
            try await eventually { broker.payloads(on: hall) == [""] }
            try await eventually { clock.sleepers > 0 }
            #expect(broker.payloads(on: "evohome/cottage/zone/hall").isEmpty)
            // Other things sleep on this clock, too.
            try await eventually {
                clock.advance(by: .seconds(1))
                return broker.payloads(on: "evohome/cottage/zone/hall") == [""]
            }
        }
    }

    @Test("A location that is gone is removed in the same order")
    func goneHome() async throws {
        try await publishing { store, _ in
            broker.forget()
            store.apply(Installation(accountID: "100", locations: []))
            try await eventually { broker.payloads(on: hall) == [""] }
            try await eventually { clock.sleepers > 0 }
            #expect(broker.payloads(on: "evohome/cottage/availability").isEmpty)
            // Other things sleep on this clock, too.
            try await eventually {
                clock.advance(by: .seconds(1))
                return broker.payloads(on: "evohome/cottage/availability") == [""]
            }
        }
    }

    @Test("What an earlier run has left is cleared after Home Assistant had time to unsubscribe")
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
        try await publishing { _, _ in
            try await eventually { clock.sleepers > 0 }
            #expect(broker.payloads(on: "evohome/cottage/zone/corridor").isEmpty)
            // Other things sleep on this clock, too.
            try await eventually {
                clock.advance(by: .seconds(1))
                return broker.payloads(on: "evohome/cottage/zone/corridor") == [""]
            }
            #expect(broker.payloads(on: hall).count == 1)
        }
    }

    @Test("Some seconds after Home Assistant has started, everything is published again")
    func started() async throws {
        try await publishing { _, publisher in
            let all = broker.retained
            broker.forget()
            publisher.homeAssistantStarted()
            try await eventually { clock.sleepers > 0 }
            clock.advance(by: .milliseconds(999))
            #expect(broker.messages.isEmpty)
            clock.advance(by: .seconds(5))
            try await eventually { broker.retained == all }
            #expect(broker.payloads(on: hall).count == 1)
        }
    }

    @Test("A document that the broker did not take is published with the next change")
    func failed() async throws {
        try await publishing { store, _ in
            broker.forget()
            broker.takes(false)
            store.apply(Cottage.installation(Cottage.location(hall: "Corridor")))
            try await eventually { broker.refusals > 0 }
            broker.takes(true)
            try await eventually {
                clock.advance(by: .seconds(1))
                store.wakeUp()
                return broker.payloads(on: hall).count == 1
            }
        }
    }

    @Test(
        "Everything is published again in time, whatever the clock is set to meanwhile",
        arguments: [-86_400, 86_400]
    )
    func clockIsSet(step: Int) async throws {
        try await publishing { _, publisher in
            let all = broker.retained
            broker.forget()
            publisher.homeAssistantStarted()
            try await eventually { clock.sleepers > 0 }
            clock.set(to: clock.now + .seconds(step))
            clock.advance(by: .seconds(6))
            try await eventually { broker.retained.keys == all.keys }
        }
    }

    @Test("What a bridge under another base topic has left is cleared when it has stopped")
    func otherBase() async throws {
        let other = Cottage.installation()
        memory.keep(
            TopicInventory(
                other,
                in: TopicLayout(base: "old", naming: .name, installation: other),
                features: TopicInventory.Features(output: .both, schedules: false),
                discovery: nil
            ),
            of: "old"
        )
        try await publishing { _, publisher in
            publisher.bridgeStopped(base: "old")
            try await eventually {
                clock.advance(by: .seconds(1))
                return broker.payloads(on: "old/cottage/zone/kitchen") == [""]
            }
            try await eventually { memory.inventory(of: "old") == nil }
        }
    }

    private func status(kitchen setpoint: Temperature = 18) -> LocationStatus {
        Cottage.status(kitchen: setpoint)
    }

    /// Runs `body` once everything was published for the first time.
    private func publishing(_ body: (SnapshotStore, PublishService) async throws -> Void) async throws {
        let store = SnapshotStore(clock)
        let publisher = PublishService(
            of: store,
            to: broker,
            cloud: cloud,
            memory: memory,
            discovery: discovery,
            clock: clock
        )
        store.apply(Cottage.installation())
        store.apply(status(), clock)
        store.becomeReady()
        publisher.connected(RecordingBroker.version5)
        try await running(publisher) {
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            try await body(store, publisher)
        }
    }
}
