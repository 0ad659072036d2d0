import Basics
import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import BridgeServices

@Suite("What is published", .timeLimit(.minutes(1)))
struct PublishServiceTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let memory = FleetingMemory()
    private let cloud = ScriptedCloud()

    @Test("Online comes last, and not before the cloud was asked")
    func online() async throws {
        try await publishing { store, publisher in
            publisher.connected(RecordingBroker.version5)
            store.apply(Cottage.installation())
            store.apply(status(), clock)
            try await eventually { broker.retained["evohome/cottage/zone/kitchen"] != nil }
            #expect(broker.payloads(on: "evohome/bridge/state").isEmpty)
            store.becomeReady()
            try await eventually { broker.messages.last?.topic == "evohome/bridge/state" }
            #expect(broker.retained["evohome/bridge/state"] == "online")
        }
    }

    @Test("Everything is published again over a new connection, and nothing twice over an old one")
    func reconnected() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            let all = broker.retained
            broker.forget()
            store.apply(status(), clock)
            store.apply(status(kitchen: 20), clock)
            try await eventually { broker.retained["evohome/cottage/zone/kitchen/setpoint"] == "20.0" }
            #expect(broker.payloads(on: "evohome/cottage/zone/hall").isEmpty)
            #expect(broker.payloads(on: "evohome/bridge/state").isEmpty)
            broker.forget()
            publisher.connected(RecordingBroker.version5)
            // Who changed the kitchen is known by now.
            let changed = ["changed_by", "changed_at"].map { "evohome/cottage/zone/kitchen/\($0)" }
            try await eventually { Set(broker.retained.keys) == Set(all.keys).union(changed) }
        }
    }

    @Test("An answer that says nothing new is not published, but bridge/cloud tells of it every five seconds")
    func unchanged() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            broker.forget()
            for second in 1...12 {
                clock.advance(by: .seconds(1))
                store.apply(status(), clock)
                let isTold = second.isMultiple(of: 5)
                if isTold { try await eventually { broker.payloads(on: "evohome/bridge/cloud").count == second / 5 } }
            }
            #expect(Set(broker.messages.map(\.topic)) == ["evohome/bridge/cloud"])
            publisher.connected(RecordingBroker.version5)
            try await eventually { broker.payloads(on: "evohome/bridge/cloud").count == 3 }
        }
    }

    @Test("A zone that is renamed leaves nothing behind")
    func renamed() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            store.apply(Cottage.installation(Cottage.location(hall: "Corridor")))
            try await eventually { broker.retained["evohome/cottage/zone/corridor"] != nil }
            try await eventually { !broker.retained.keys.contains { $0.contains("/hall") } }
        }
    }

    @Test("The current switchpoint changes on time, without an answer of the cloud")
    func switchpoint() async throws {
        try await publishing(unavailableAfter: .seconds(86_400)) { store, publisher in
            let start = clock.now
            let zone = LocationTimeZone(windowsName: "GMTStandardTime", offsetMinutes: 0)
            let today = zone.localDateTime(at: start)
            let soon = try #require(TimeOfDay(hour: (today.timeOfDay.hour + 1) % 24, minute: 0))
            let day = [Switchpoint(time: soon, value: 23 as Temperature)]
            let schedule = Schedule(days: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, day) }))
            store.update { $0.apply(.zone(schedule), of: Cottage.kitchenTarget, at: $1) }
            try await comeOnline(store, publisher)
            try await eventually { clock.sleepers == 1 }
            let before = broker.payloads(on: "evohome/cottage/zone/kitchen").count
            let next = try #require(schedule.next(after: start, in: zone)).start
            clock.advance(by: start.duration(to: next) - .seconds(1))
            #expect(broker.payloads(on: "evohome/cottage/zone/kitchen").count == before)
            clock.advance(by: .seconds(1))
            try await eventually { broker.payloads(on: "evohome/cottage/zone/kitchen").count == before + 1 }
            let published = try #require(broker.payloads(on: "evohome/cottage/zone/kitchen").last)
            #expect(published.contains(#""current":{"setpoint":23.0,"since":"\#(next)"}"#))
        }
    }

    @Test("A fault that begins or ends is an event, once")
    func fault() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            var status = status()
            status.systems[0].zones[0].faults = [Fault(kind: .init(rawValue: "temp_zone_low_battery"), since: nil)]
            store.apply(status, clock)
            store.apply(status, clock)
            status.systems[0].zones[0].faults = []
            store.apply(status, clock)
            try await eventually { broker.payloads(on: "evohome/bridge/event").count == 2 }
            let events = broker.payloads(on: "evohome/bridge/event")
            #expect(events[0].contains(#""topic":"evohome/cottage/zone/kitchen","state":"began""#))
            #expect(events[0].contains(#""class":"battery""#))
            #expect(events[1].contains(#""state":"ended""#))
        }
    }

    @Test("What the broker did not take is published with the next change")
    func failed() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            broker.takes(false)
            store.apply(status(kitchen: 20), clock)
            try await eventually { broker.refusals > 0 }
            broker.takes(true)
            store.wakeUp()
            try await eventually { broker.retained["evohome/cottage/zone/kitchen/setpoint"] == "20.0" }
        }
    }

    @Test("An event that the broker did not take is told with the next change, once and in order")
    func eventsAgain() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            broker.takes(false)
            store.update { $0.report(.outageEnded(after: .seconds(1)), at: $1) }
            try await eventually { broker.refusals > 0 }
            broker.takes(true)
            store.update { $0.report(.outageEnded(after: .seconds(2)), at: $1) }
            try await eventually { broker.payloads(on: "evohome/bridge/event").count == 2 }
            store.update { $0.report(.outageEnded(after: .seconds(3)), at: $1) }
            try await eventually { broker.payloads(on: "evohome/bridge/event").count == 3 }
            let events = broker.payloads(on: "evohome/bridge/event")
            for (event, length) in zip(events, ["1 s", "2 s", "3 s"]) { #expect(event.contains("after \(length).")) }
        }
    }

    @Test("Another bridge under the same base topic is told of to those who watch without a broker, too")
    func neighbour() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            let info = #"{"version":"1","instance":"another","account_id":"200"}"#
            let message = IncomingMessage(topic: "evohome/bridge/info", payload: Array(info.utf8))
            try await eventually {
                publisher.received(message, on: .info)
                return broker.payloads(on: "evohome/bridge/event").count == 1
            }
            var events = store.events.events(after: 0).makeAsyncIterator()
            #expect(await events.next()?.payload == broker.payloads(on: "evohome/bridge/event").first)
        }
    }

    @Test("Without a connection nothing is sent; over the next one everything is, once")
    func offline() async throws {
        try await publishing { store, publisher in
            publisher.connected(RecordingBroker.version5)
            publisher.disconnected()
            try await comeOnline(store, publisher)
            #expect(Set(broker.messages.map(\.topic)).count == broker.messages.count)
        }
    }

    @Test("While the broker is away the loop rests, whatever falls due meanwhile")
    func rests() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            try await eventually { clock.sleepers > 0 }
            publisher.disconnected()
            clock.advance(by: .seconds(86_400))
            store.wakeUp()
            try await Task.sleep(for: .milliseconds(20))
            let naps = clock.naps
            try await Task.sleep(for: .milliseconds(50))
            #expect(clock.naps == naps)
            publisher.connected(RecordingBroker.version5)
            try await eventually { broker.retained["evohome/cottage/availability"] == "offline" }
        }
    }

    @Test("A site goes offline when its values are too old, though the cloud is not even asked")
    func stale() async throws {
        try await publishing { store, publisher in
            try await comeOnline(store, publisher)
            let availability = "evohome/cottage/availability"
            try await eventually { clock.sleepers > 0 }
            clock.advance(by: .seconds(1000))
            store.apply(status(), clock)
            try await eventually { clock.sleepers > 0 }
            clock.advance(by: .seconds(1800))
            try await Task.sleep(for: .milliseconds(20))
            #expect(broker.retained[availability] == "online")
            try await eventually {
                clock.advance(by: .seconds(1))
                return broker.retained[availability] == "offline"
            }
        }
    }

    @Test("1,000 polls of a location in which nothing happens publish nothing about it")
    func quiet() async throws {
        // Time runs ahead of the loops here, which must not make values too old.
        let store = SnapshotStore(clock, unavailableAfter: .seconds(86_400 * 365))
        let publisher = PublishService(of: store, to: broker, cloud: cloud, clock: clock)
        let reader = CloudReader(of: cloud, into: store, clock: clock)
        try await running(publisher, reader) {
            publisher.connected(RecordingBroker.version5)
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            broker.forget()
            let before = cloud.statusReads
            try await eventually {
                for _ in 0..<10 where cloud.statusReads < before + 1000 {
                    clock.advance(by: .seconds(60))
                    await Task.yield()
                }
                return cloud.statusReads >= before + 1000
            }
            // A change is published after everything that was published before it.
            _ = try await cloud.make(.zone(Cottage.kitchen, .hold(23, until: nil)))
            try await eventually {
                clock.advance(by: .seconds(60))
                return broker.retained["evohome/cottage/zone/kitchen/setpoint"] == "23.0"
            }
            let topics = Set(broker.messages.map(\.topic)).filter { !$0.hasPrefix("evohome/bridge/") }
            let changed = ["", "/setpoint", "/mode", "/changed_by", "/changed_at"]
            #expect(topics == Set(changed.map { "evohome/cottage/zone/kitchen" + $0 }))
        }
    }

    @Test("A bridge that has nothing to serve is online, and says so on bridge/cloud")
    func nothingToServe() async throws {
        let store = SnapshotStore(clock)
        let publisher = PublishService(of: store, to: broker, cloud: cloud, clock: clock)
        let reader = CloudReader(of: cloud, into: store, locations: ["castle"], clock: clock)
        try await running(publisher, reader) {
            publisher.connected(RecordingBroker.version5)
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            let text = try #require(broker.retained["evohome/bridge/cloud"])
            #expect(text.contains(#""state":"ok""#))
            #expect(text.contains("castle") && text.contains("Cottage (1)"))
        }
    }

    private func status(kitchen setpoint: Temperature = 18) -> LocationStatus {
        Cottage.status(kitchen: setpoint)
    }

    private func comeOnline(_ store: SnapshotStore, _ publisher: PublishService) async throws {
        store.apply(Cottage.installation())
        store.apply(status(), clock)
        store.becomeReady()
        publisher.connected(RecordingBroker.version5)
        try await eventually { broker.retained["evohome/bridge/state"] == "online" }
    }

    private func publishing(
        unavailableAfter: Duration = .seconds(1800),
        _ body: (SnapshotStore, PublishService) async throws -> Void
    ) async throws {
        let store = SnapshotStore(clock, unavailableAfter: unavailableAfter)
        let publisher = PublishService(of: store, to: broker, cloud: cloud, memory: memory, clock: clock)
        try await running(publisher) { try await body(store, publisher) }
    }
}
