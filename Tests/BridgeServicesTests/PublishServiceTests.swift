import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import TestSupport
import Testing

@Suite("What the broker is told", .timeLimit(.minutes(1)))
struct PublishServiceTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let memory = FleetingMemory()
    private let cloud = ScriptedHome(Cottage.location(), zones: Cottage.zones())

    @Test("Online comes last, and not before the cloud was asked")
    func online() async throws {
        try await publishing { homes, publisher in
            publisher.connected(RecordingBroker.version5)
            homes.apply(Cottage.installation())
            homes.apply(status(), of: homes.beginReading())
            try await eventually { broker.retained["evohome/cottage/zone/kitchen"] != nil }
            #expect(broker.said(on: "evohome/bridge/state").isEmpty)
            homes.becomeReady()
            try await eventually { broker.messages.last?.topic == "evohome/bridge/state" }
            #expect(broker.retained["evohome/bridge/state"] == "online")
        }
    }

    @Test("A new connection is told everything again, and an old one nothing twice")
    func reconnected() async throws {
        try await publishing { homes, publisher in
            try await comeOnline(homes, publisher)
            let all = broker.retained
            broker.forget()
            homes.apply(status(), of: homes.beginReading())
            homes.apply(status(kitchen: 20), of: homes.beginReading())
            try await eventually { broker.retained["evohome/cottage/zone/kitchen/setpoint"] == "20.0" }
            #expect(broker.said(on: "evohome/cottage/zone/hall").isEmpty)
            #expect(broker.said(on: "evohome/bridge/state").isEmpty)
            broker.forget()
            publisher.connected(RecordingBroker.version5)
            try await eventually { broker.retained.keys == all.keys }
        }
    }

    @Test("A zone that is renamed leaves nothing behind")
    func renamed() async throws {
        try await publishing { homes, publisher in
            try await comeOnline(homes, publisher)
            homes.apply(Cottage.installation(Cottage.location(hall: "Corridor")))
            try await eventually { broker.retained["evohome/cottage/zone/corridor"] != nil }
            try await eventually { !broker.retained.keys.contains { $0.contains("/hall") } }
        }
    }

    @Test("The current switchpoint moves on at its second, though nobody says so")
    func switchpoint() async throws {
        try await publishing { homes, publisher in
            let start = clock.now
            let zone = LocationTimeZone(windowsName: "GMTStandardTime", offsetMinutes: 0)
            let today = zone.localDateTime(at: start)
            let soon = try #require(TimeOfDay(hour: (today.timeOfDay.hour + 1) % 24, minute: 0))
            let day = [Switchpoint(time: soon, value: 23.0)]
            let week = Schedule(days: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, day) }))
            homes.apply(week, of: Cottage.kitchen, in: Cottage.systemID)
            try await comeOnline(homes, publisher)
            try await eventually { clock.sleepers == 1 }
            let before = broker.said(on: "evohome/cottage/zone/kitchen").count
            let next = try #require(week.next(after: start, in: zone)).start
            clock.advance(by: start.duration(to: next) - .seconds(1))
            #expect(broker.said(on: "evohome/cottage/zone/kitchen").count == before)
            clock.advance(by: .seconds(1))
            try await eventually { broker.said(on: "evohome/cottage/zone/kitchen").count == before + 1 }
            let told = try #require(broker.said(on: "evohome/cottage/zone/kitchen").last)
            #expect(told.contains(#""current":{"setpoint":23.0,"since":"\#(next)"}"#))
        }
    }

    @Test("A fault that comes or goes is told once")
    func fault() async throws {
        try await publishing { homes, publisher in
            try await comeOnline(homes, publisher)
            var status = status()
            status.systems[0].zones[0].faults = [Fault(kind: .init(rawValue: "temp_zone_low_battery"), since: nil)]
            homes.apply(status, of: homes.beginReading())
            homes.apply(status, of: homes.beginReading())
            status.systems[0].zones[0].faults = []
            homes.apply(status, of: homes.beginReading())
            try await eventually { broker.said(on: "evohome/bridge/event").count == 2 }
            let told = broker.said(on: "evohome/bridge/event")
            #expect(told[0].contains(#""topic":"evohome/cottage/zone/kitchen","state":"began""#))
            #expect(told[0].contains(#""class":"battery""#))
            #expect(told[1].contains(#""state":"ended""#))
        }
    }

    @Test("What the broker did not take is told with the next change")
    func failed() async throws {
        try await publishing { homes, publisher in
            try await comeOnline(homes, publisher)
            broker.takes(false)
            homes.apply(status(kitchen: 20), of: homes.beginReading())
            try await eventually { broker.refusals > 0 }
            broker.takes(true)
            homes.wakeUp()
            try await eventually { broker.retained["evohome/cottage/zone/kitchen/setpoint"] == "20.0" }
        }
    }

    @Test("Without a connection nothing is sent, and the next one is told everything once")
    func offline() async throws {
        try await publishing { homes, publisher in
            publisher.connected(RecordingBroker.version5)
            publisher.disconnected()
            try await comeOnline(homes, publisher)
            #expect(Set(broker.messages.map(\.topic)).count == broker.messages.count)
        }
    }

    private func status(kitchen setpoint: Double = 18) -> LocationStatus {
        ScriptedHome.status(of: Cottage.location(), zones: Cottage.zones(kitchen: setpoint))
    }

    private func comeOnline(_ homes: SnapshotStore, _ publisher: PublishService) async throws {
        homes.apply(Cottage.installation())
        homes.apply(status(), of: homes.beginReading())
        homes.becomeReady()
        publisher.connected(RecordingBroker.version5)
        try await eventually { broker.retained["evohome/bridge/state"] == "online" }
    }

    private func publishing(_ body: (SnapshotStore, PublishService) async throws -> Void) async throws {
        let homes = Cottage.homes(clock)
        let publisher = PublishService(telling: broker, of: homes, cloud: cloud, memory: memory, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            defer { group.cancelAll() }
            try await body(homes, publisher)
        }
    }
}
