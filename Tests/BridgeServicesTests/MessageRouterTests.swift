import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Where messages go", .timeLimit(.minutes(1)))
struct MessageRouterTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let cloud = ScriptedCloud()
    private let memory = FleetingMemory()
    private let kitchen = "evohome/cottage/zone/kitchen"

    @Test("A command, a request and a connection each reach their loop")
    func routes() async throws {
        try await routing { store in
            broker.send(.connected(RecordingBroker.version5))
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            broker.send("?", to: "\(kitchen)/set")
            broker.send(#"{"transaction":"a1"}"#, to: "evohome/bridge/request/health")
            try await eventually { broker.payloads(on: "\(kitchen)/result").count == 1 }
            try await eventually { broker.payloads(on: "evohome/bridge/response/health").count == 1 }
            #expect(broker.payloads(on: "evohome/bridge/response/health")[0].contains(#""transaction":"a1""#))
            broker.send("nobody listens to this", to: "evohome/something/else")
            broker.send(.disconnected)
            try await eventually {
                store.wakeUp()
                return broker.payloads(on: "\(kitchen)/result").count == 1
            }
        }
    }

    @Test("A broker that takes no wildcards is asked for each topic of commands, and any other for none")
    func exactTopics() async throws {
        try await routing { _ in
            broker.send(.connected(RecordingBroker.version5))
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            #expect(broker.listenedTopics.isEmpty)
            broker.send(.connected(RecordingBroker.withoutWildcards))
            try await eventually { broker.listenedTopics.contains("\(kitchen)/set/setpoint") }
            #expect(broker.listenedTopics.contains("evohome/bridge/request/refresh"))
        }
    }

    @Test("A start of Home Assistant has everything published again; its end does not")
    func homeAssistant() async throws {
        try await routing { _ in
            broker.send(.connected(RecordingBroker.version5))
            try await eventually { broker.retained["evohome/bridge/state"] == "online" }
            broker.forget()
            broker.send("offline", to: "homeassistant/status")
            broker.send("online", to: "homeassistant/status")
            try await eventually {
                clock.advance(by: .seconds(1))
                return broker.payloads(on: "evohome/bridge/state") == ["online"]
            }
        }
    }

    @Test("Topics of a bridge under another base are cleared when that has stopped")
    func otherBridge() async throws {
        let installation = Cottage.installation()
        memory.keep(
            TopicInventory(
                installation,
                in: TopicLayout(base: "old", naming: .name, installation: installation),
                features: TopicInventory.Features(output: .both, schedules: false),
                discovery: nil
            ),
            of: "old"
        )
        try await routing { _ in
            broker.send(.connected(RecordingBroker.version5))
            broker.send("online", to: "old/bridge/state")
            broker.send("offline", to: "old/bridge/state")
            try await eventually {
                clock.advance(by: .seconds(1))
                return broker.payloads(on: "old/cottage/zone/kitchen") == [""]
            }
        }
    }

    @Test("A retained command or request is refused and cleared, once", arguments: [true, false])
    func retained(isCommand: Bool) async throws {
        try await routing { _ in
            broker.send(.connected(RecordingBroker.version5))
            let topic = isCommand ? "\(kitchen)/set" : "evohome/bridge/request/refresh"
            let answer = isCommand ? "\(kitchen)/result" : "evohome/bridge/response/refresh"
            broker.send(#"{"setpoint":20,"transaction":7}"#, to: topic, isRetained: true)
            try await eventually { broker.payloads(on: topic) == [""] && broker.payloads(on: answer).count == 1 }
            #expect(broker.payloads(on: answer)[0].contains("etained"))
            #expect(broker.payloads(on: answer)[0].contains(isCommand ? #""id":7"# : #""transaction":7"#))
            #expect(cloud.overrides.isEmpty)
        }
    }

    @Test(
        "A retained request is refused for that, whatever it holds",
        arguments: ["{", #"{"x":1}"#, String(repeating: "x", count: 70_000)]
    )
    func retainedRequest(payload: String) async throws {
        try await routing { _ in
            broker.send(.connected(RecordingBroker.version5))
            broker.send(payload, to: "evohome/bridge/request/refresh", isRetained: true)
            let answer = "evohome/bridge/response/refresh"
            try await eventually { broker.payloads(on: answer).count == 1 }
            #expect(broker.payloads(on: answer)[0].contains("etained"))
        }
    }

    @Test("Over 3.1.1 our own clearing of a retained command comes back, and is no command")
    func echo() async throws {
        try await routing { _ in
            broker.send(.connected(RecordingBroker.version311))
            broker.send(#"{"setpoint":20}"#, to: "\(kitchen)/set", isRetained: true)
            try await eventually { broker.payloads(on: "\(kitchen)/set") == [""] }
            broker.send("", to: "\(kitchen)/set")
            broker.send("", to: "\(kitchen)/set")
            try await eventually { broker.payloads(on: "\(kitchen)/result").count == 2 }
            let results = broker.payloads(on: "\(kitchen)/result")
            #expect(results.count { $0.contains("\"retained\"") } == 1)
            #expect(results.count { $0.contains("\"malformed\"") } == 1)
        }
    }

    @Test("A clearing comes back once, and only over a connection that echoes")
    func clearings() {
        let empty = IncomingMessage(topic: "a/set", payload: [])
        let full = IncomingMessage(topic: "a/set", payload: [1])
        let elsewhere = IncomingMessage(topic: "b/set", payload: [])
        var quiet = RetainedClearings()
        quiet.connected(isEchoing: false)
        quiet.add("a/set")
        // Retained messages come before it is known how the connection is.
        var echoing = RetainedClearings()
        echoing.add("a/set")
        echoing.connected(isEchoing: true)
        #expect([empty, empty].map { quiet.isEcho($0) } == [false, false])
        #expect([full, elsewhere, empty, empty].map { echoing.isEcho($0) } == [false, false, true, false])
    }

    private func routing(_ body: (SnapshotStore) async throws -> Void) async throws {
        let store = SnapshotStore(clock)
        store.apply(Cottage.installation())
        store.apply(Cottage.status(), clock)
        store.becomeReady()
        let bridge = BridgeTopics(base: "evohome")
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let commands = CommandService(calling: cloud, reader: reader, broker: broker, store: store, clock: clock)
        let publisher = PublishService(of: store, to: broker, cloud: cloud, memory: memory, clock: clock)
        let requests = RequestService(
            broker: broker,
            store: store,
            commands: commands,
            reader: reader,
            library: FleetingLibrary(),
            control: ScriptedControl(),
            bridge: bridge,
            clock: clock,
            logger: .silent
        )
        let router = MessageRouter(
            broker: broker,
            topics: SubscribedTopics(bridge: bridge, birthTopics: ["homeassistant/status"], otherBases: ["old"]),
            publisher: publisher,
            commands: commands,
            requests: requests
        )
        try await running(reader, commands, publisher, requests, router) { try await body(store) }
    }
}
