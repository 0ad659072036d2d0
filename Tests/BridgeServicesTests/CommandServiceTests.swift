import Basics
import BridgeCore
import BridgeServices
import Foundation
import HeatingModel
import Logging
import TestSupport
import Testing

@Suite("Commands, from the message to the outcome", .timeLimit(.minutes(1)))
struct CommandServiceTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let cloud = ScriptedHome(Cottage.location(), zones: Cottage.zones())
    private let counts = LoopCounts()
    private let kitchen = "evohome/cottage/zone/kitchen"

    @Test("What the gateway took and the status shows has succeeded, with one call")
    func succeeded() async throws {
        try await taking { homes, commands in
            read(homes)
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: Array(Self.twenty.utf8)))
            try await outcome("succeeded")
            #expect(cloud.overrides == [.hold(20, until: nil)])
            #expect(homes.site(of: Cottage.systemID)?.expectations.isEmpty == true)
        }
    }

    @Test("What the gateway took but the status never shows has failed")
    func notApplied() async throws {
        cloud.isObedient(false)
        try await taking { homes, commands in
            read(homes)
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: Array(Self.twenty.utf8)))
            try await outcome("failed", code: "not_applied")
            #expect(cloud.overrides.count == 1)
            #expect(homes.site(of: Cottage.systemID)?.shown(at: clock.now)?.zones.first?.setpoint == 18)
        }
    }

    @Test(
        "A task that fails, and one that never ends, are told apart",
        arguments: [("failed", "failed", "task_failed"), ("created", "expired", "expired")]
    )
    func task(state: String, outcome: String, code: String) async throws {
        cloud.ends(CommunicationTaskState(rawValue: state))
        cloud.isObedient(false)
        try await taking { homes, commands in
            read(homes)
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: Array(Self.twenty.utf8)))
            try await self.outcome(outcome, code: code)
            #expect(homes.site(of: Cottage.systemID)?.expectations.isEmpty == true)
        }
    }

    @Test("A command that comes before the first status waits for it")
    func early() async throws {
        try await taking { homes, commands in
            homes.apply(Cottage.installation())
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: Array(Self.twenty.utf8)))
            clock.advance(by: .seconds(5))
            #expect(broker.said(on: "\(kitchen)/result").isEmpty)
            read(homes)
            try await outcome("succeeded")
        }
    }

    @Test("A command to homes that the cloud never told of expires")
    func neverKnown() async throws {
        try await taking { _, commands in
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: Array(Self.twenty.utf8)))
            try await outcome("expired", code: "expired")
            #expect(cloud.overrides.isEmpty)
        }
    }

    @Test("A command waits while the cloud is away, and expires when it stays away")
    func away() async throws {
        try await taking { homes, commands in
            read(homes)
            cloud.fails(CloudFailure(.unreachable, "The cloud is on holiday."))
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: Array(Self.twenty.utf8)))
            try await outcome("expired", code: "expired")
            #expect(broker.said(on: "\(kitchen)/result").first?.contains("on holiday") == true)
            #expect(cloud.overrides.isEmpty)
        }
    }

    @Test("A refusal of the cloud's fails the command at once, with its code")
    func refused() async throws {
        try await taking { homes, commands in
            read(homes)
            cloud.fails(CloudFailure(.refused, "No.", code: "DeviceIsLost"))
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: Array(Self.twenty.utf8)))
            try await outcome("failed", code: "DeviceIsLost")
        }
    }

    @Test("Over 3.1.1 our own clearing of a retained command comes back, and is no command")
    func echo() async throws {
        try await taking { homes, commands in
            read(homes)
            commands.connected(
                BrokerConnection(facts: BrokerFacts(protocolVersion: "3.1.1", keepAliveSeconds: 30), echoes: true)
            )
            let topic = "\(kitchen)/set"
            commands.receive(IncomingMessage(topic: topic, payload: Array(Self.twenty.utf8), isRetained: true))
            try await eventually { broker.said(on: topic) == [""] }
            commands.receive(IncomingMessage(topic: topic, payload: []))
            commands.receive(IncomingMessage(topic: topic, payload: []))
            try await eventually { broker.said(on: "\(kitchen)/result").count == 2 }
            #expect(broker.said(on: "\(kitchen)/result").map { $0.contains("\"retained\"") } == [true, false])
        }
    }

    @Test("An outcome goes where the sender wants it, but never to one of our own topics")
    func answers() async throws {
        try await taking { homes, commands in
            read(homes)
            for response in ["me/answers", "\(kitchen)/set", "all/#"] {
                commands.receive(
                    IncomingMessage(
                        topic: "\(kitchen)/set",
                        payload: Array("?".utf8),
                        responseTopic: response,
                        correlationData: [7]
                    )
                )
            }
            try await eventually { broker.said(on: "\(kitchen)/result").count == 3 }
            #expect(broker.messages.first { $0.topic == "me/answers" }?.correlationData == [7])
            #expect(broker.said(on: "\(kitchen)/set").isEmpty && broker.said(on: "all/#").isEmpty)
        }
    }

    @Test("An outcome that the broker did not take is told when it does, once")
    func brokerAway() async throws {
        try await taking { homes, commands in
            read(homes)
            broker.takes(false)
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: Array("?".utf8)))
            try await eventually { broker.refusals > 0 }
            broker.takes(true)
            try await outcome("rejected", code: "malformed")
        }
    }

    @Test("A payload that was too large to be taken in is refused with its size")
    func oversized() async throws {
        try await taking { homes, commands in
            read(homes)
            commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: [], byteCount: 10 << 20))
            try await outcome("rejected", code: "too_large")
            #expect(broker.said(on: "\(kitchen)/result").first?.contains("10485760") == true)
        }
    }

    private static let twenty = #"{"setpoint":20,"until":"forever"}"#

    private func read(_ homes: SnapshotStore) {
        homes.apply(Cottage.installation())
        homes.apply(ScriptedHome.status(of: Cottage.location(), zones: Cottage.zones()), of: homes.beginReading())
    }

    /// Lets time go by until there is an outcome, which is the only one.
    private func outcome(
        _ kind: String,
        code: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await eventually(sourceLocation: sourceLocation) {
            clock.advance(by: .seconds(5))
            return !broker.said(on: "\(kitchen)/result").isEmpty
        }
        let said = broker.said(on: "\(kitchen)/result")
        let json = try JSONSerialization.jsonObject(with: Data(said[0].utf8)) as? [String: Any]
        #expect(said.count == 1, sourceLocation: sourceLocation)
        #expect(json?["outcome"] as? String == kind, sourceLocation: sourceLocation)
        #expect(json?["code"] as? String == code, sourceLocation: sourceLocation)
    }

    private func taking(_ body: (SnapshotStore, CommandService) async throws -> Void) async throws {
        let homes = Cottage.homes(clock)
        let commands = CommandService(
            cloud: cloud,
            broker: broker,
            homes: homes,
            counts: counts,
            settings: CommandService.Settings(
                bridge: BridgeTopics(base: "evohome"),
                expiry: .seconds(600),
                callsPerMinute: 30
            ),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await commands.run() }
            defer { group.cancelAll() }
            try await body(homes, commands)
        }
    }
}
