import Basics
import BridgeCore
import Foundation
import HeatingModel
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Commands, from the message to the outcome", .timeLimit(.minutes(1)))
struct CommandServiceTests {
    let clock = ManualClock()
    let broker = RecordingBroker()
    let cloud = ScriptedCloud()
    private let counts = LoopCounts()
    let kitchen = "evohome/cottage/zone/kitchen"

    @Test("A change that the status shows has succeeded, with one call")
    func succeeded() async throws {
        try await taking { store, commands in
            read(store)
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await outcome("succeeded")
            #expect(cloud.overrides == [.hold(20, until: nil)])
            #expect(store.site(of: Cottage.system)?.expectations.isEmpty == true)
        }
    }

    @Test("A change that the status never shows has failed")
    func notApplied() async throws {
        cloud.isObedient(false)
        try await taking { store, commands in
            read(store)
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await outcome("failed", code: "not_applied")
            #expect(cloud.overrides.count == 1)
            #expect(store.site(of: Cottage.system)?.shown(at: clock.now)?.zones.first?.setpoint == 18)
        }
    }

    @Test(
        "A task that fails, and one that never ends, are told apart",
        arguments: [("failed", "failed", "task_failed"), ("created", "expired", "expired")]
    )
    func task(state: String, outcome: String, code: String) async throws {
        cloud.ends(CommunicationTaskState(rawValue: state))
        cloud.isObedient(false)
        try await taking { store, commands in
            read(store)
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await self.outcome(outcome, code: code)
            #expect(store.site(of: Cottage.system)?.expectations.isEmpty == true)
        }
    }

    @Test("A command that comes before the first status waits for it")
    func early() async throws {
        try await taking { store, commands in
            store.apply(Cottage.installation())
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            clock.advance(by: .seconds(5))
            #expect(broker.payloads(on: "\(kitchen)/result").isEmpty)
            read(store)
            try await outcome("succeeded")
        }
    }

    @Test("A command expires if the installation is never known, and its outcome has its id")
    func neverKnown() async throws {
        try await taking { _, commands in
            await commands.receive(#"{"setpoint":20,"id":"x"}"#, on: "\(kitchen)/set")
            try await outcome("expired", code: "expired")
            #expect(broker.payloads(on: "\(kitchen)/result").first?.contains(#""id":"x""#) == true)
            #expect(cloud.overrides.isEmpty)
        }
    }

    @Test("A command waits while the cloud is away, and expires when it stays away")
    func away() async throws {
        try await taking { store, commands in
            read(store)
            cloud.fails(CloudFailure(.unreachable, "The cloud is on holiday."))
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await outcome("expired", code: "expired")
            #expect(broker.payloads(on: "\(kitchen)/result").first?.contains("on holiday") == true)
            #expect(cloud.overrides.isEmpty)
        }
    }

    @Test("An outcome goes to the response topic, unless that is one of our own")
    func answers() async throws {
        try await taking { store, commands in
            read(store)
            for response in ["me/answers", "\(kitchen)/set", "all/#"] {
                await commands.receive(
                    IncomingMessage(
                        topic: "\(kitchen)/set",
                        payload: Array("?".utf8),
                        responseTopic: response,
                        correlationData: [7]
                    )
                )
            }
            try await eventually { broker.payloads(on: "\(kitchen)/result").count == 3 }
            #expect(broker.messages.first { $0.topic == "me/answers" }?.correlationData == [7])
            #expect(broker.payloads(on: "\(kitchen)/set").isEmpty && broker.payloads(on: "all/#").isEmpty)
        }
    }

    @Test("An outcome that the broker did not take is published when it does, once")
    func brokerAway() async throws {
        try await taking { store, commands in
            read(store)
            broker.takes(false)
            await commands.receive("?", on: "\(kitchen)/set")
            try await eventually { broker.refusals > 0 }
            broker.takes(true)
            try await outcome("rejected", code: "malformed")
        }
    }

    @Test("A payload that was too large to be received is refused with its size")
    func oversized() async throws {
        try await taking { store, commands in
            read(store)
            await commands.receive(IncomingMessage(topic: "\(kitchen)/set", payload: [], byteCount: 10 << 20))
            try await outcome("rejected", code: "too_large")
            #expect(broker.payloads(on: "\(kitchen)/result").first?.contains("10485760") == true)
        }
    }

    @Test("1,024 messages may wait for the loop; the sender of another one hears at once that it is busy")
    func busy() async throws {
        let store = SnapshotStore(clock)
        read(store)
        let commands = service(store)
        for _ in 0..<1024 { await commands.receive("?", on: "\(kitchen)/set") }
        #expect(broker.messages.isEmpty)
        await commands.receive(#"{"setpoint":20,"id":"x"}"#, on: "\(kitchen)/set")
        #expect(broker.payloads(on: "\(kitchen)/result").count == 1)
        #expect(broker.payloads(on: "\(kitchen)/result").first?.contains(#""code":"busy""#) == true)
        #expect(broker.payloads(on: "\(kitchen)/result").first?.contains(#""id":"x""#) == true)
        broker.forget()
        try await running(commands) {
            try await eventually { broker.payloads(on: "\(kitchen)/result").count == 1024 }
            #expect(!broker.payloads(on: "\(kitchen)/result").contains { $0.contains("busy") })
            // There is room again.
            await commands.receive("?", on: "\(kitchen)/set")
            try await eventually { broker.payloads(on: "\(kitchen)/result").count == 1025 }
        }
    }

    @Test("256 messages may wait for the first status; more are refused at once")
    func busyBeforeFirstStatus() async throws {
        try await taking { store, commands in
            store.apply(Cottage.installation())
            for _ in 0..<260 { await commands.receive("?", on: "\(kitchen)/set") }
            try await eventually { broker.payloads(on: "\(kitchen)/result").count == 4 }
            #expect(broker.payloads(on: "\(kitchen)/result").allSatisfy { $0.contains(#""code":"busy""#) })
            store.apply(Cottage.status(), clock)
            try await eventually { broker.payloads(on: "\(kitchen)/result").count == 260 }
            #expect(broker.payloads(on: "\(kitchen)/result").count { $0.contains("busy") } == 4)
        }
    }

    @Test("A single command makes one change and at most four readings; a slider two changes and at most six")
    func calls() async throws {
        for (messages, changes, readings) in [(1, 1, 4), (40, 2, 6)] {
            broker.forget()
            try await taking { store, commands in
                read(store)
                cloud.forgetCalls()
                for number in 0..<messages {
                    await commands.receive("\(Double(20 + number % 20) / 2)", on: "\(kitchen)/set/setpoint")
                }
                try await eventually {
                    clock.advance(by: .milliseconds(500))
                    return broker.payloads(on: "\(kitchen)/result").count == messages
                }
                #expect(cloud.calls.count(where: \.isChange) <= changes)
                #expect(cloud.calls.count { !$0.isChange } <= readings)
            }
        }
    }

    @Test(
        "A clock that is set ends no command early or late",
        arguments: [40, 3600, 3 * 86_400, -40, -3600, -3 * 86_400, -1_795_500_000]
    )
    func clockIsSet(step: Int) async throws {
        cloud.ends(CommunicationTaskState(rawValue: "created"))
        cloud.isObedient(false)
        try await taking { store, commands in
            read(store)
            let begin = clock.uptime
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await eventually { cloud.overrides.count == 1 && clock.sleepers > 0 }
            clock.set(to: clock.now + .seconds(step))
            while begin.duration(to: clock.uptime) < .seconds(590) {
                clock.advance(by: .seconds(10))
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(broker.payloads(on: "\(kitchen)/result").isEmpty)
            try await outcome("expired", code: "expired")
            #expect(begin.duration(to: clock.uptime) < .seconds(630))
        }
    }

    @Test("An outcome is kept for a broker that is away, though the clock is set meanwhile")
    func brokerAwayAndClockSet() async throws {
        try await taking { store, commands in
            read(store)
            broker.takes(false)
            await commands.receive("?", on: "\(kitchen)/set")
            try await eventually { broker.refusals > 0 && clock.sleepers > 0 }
            clock.set(to: clock.now + .seconds(3 * 86_400))
            clock.advance(by: .seconds(1))
            try await eventually { clock.sleepers > 0 }
            broker.takes(true)
            try await outcome("rejected", code: "malformed")
        }
    }

    @Test("A command of the bridge's own that waits when the loop stops, or comes later, ends at once")
    func stopped() async throws {
        let store = SnapshotStore(clock)
        read(store)
        let commands = service(store)
        cloud.holds(.zone(Cottage.kitchen))
        let command = Command(
            id: 0,
            target: Cottage.kitchenTarget,
            action: .zoneSchedule(Cottage.schedule(20)),
            sender: Command.Sender(subject: kitchen, requested: .null),
            received: clock.uptime
        )
        cloud.holds(.zoneSchedule(Cottage.kitchen))
        let loop = Task { try await commands.run() }
        let outcome = Task { await commands.carryOut(command) }
        try await eventually { cloud.count(.zoneSchedule(Cottage.kitchen)) == 1 }
        loop.cancel()
        try await loop.value
        #expect(await outcome.value.kind == .expired)
        #expect(await commands.carryOut(command).kind == .expired)
    }

    @Test("A message for all zones has one outcome, and what takes the place of one zone's command is told apart")
    func group() async throws {
        let zones = kitchen.split(separator: "/").prefix(2).joined(separator: "/") + "/zones"
        try await taking { store, commands in
            await commands.receive(
                IncomingMessage(
                    topic: "\(zones)/set",
                    payload: Array(#"{"setpoint":19,"until":"forever"}"#.utf8),
                    responseTopic: "me/answers",
                    correlationData: [7]
                )
            )
            #expect(broker.messages.isEmpty)
            cloud.holds(.zone(Cottage.kitchen))
            read(store)
            try await eventually { cloud.count(.zone(Cottage.kitchen)) == 1 }
            await commands.receive(Self.twenty, on: kitchen.replacing("kitchen", with: "hall") + "/set")
            await commands.receive("follow_schedule", on: "\(zones)/set/mode")
            await commands.receive("17", on: "\(zones)/set/setpoint")
            cloud.releases(.zone(Cottage.kitchen))
            try await eventually {
                clock.advance(by: .seconds(2))
                return broker.payloads(on: "\(zones)/result").count == 3
            }
            let results = try broker.payloads(on: "\(zones)/result").map { try JSONValue(parsing: $0) }
            // The second message came last for no zone.
            #expect(results.map { $0["outcome"] } == ["superseded", "superseded", "succeeded"])
            #expect(results.map { $0["code"] } == ["superseded", "partial", JSONValue.null])
            #expect(results[1]["zones"]?["kitchen"]?["outcome"] == "succeeded")
            #expect(results[1]["zones"]?["hall"]?["outcome"] == "superseded")
            #expect(results[2]["zones"]?["kitchen"]?["applied"]?["setpoint"] == 17.0)
            #expect(broker.payloads(on: "\(kitchen)/result").isEmpty)
            #expect(broker.messages.count { $0.topic == "me/answers" && $0.correlationData == [7] } == 1)
        }
    }

    @Test("A retained message for all zones is refused, and so is one that names none, without a call")
    func refusedGroup() async throws {
        try await taking { store, commands in
            read(store)
            let zones = kitchen.split(separator: "/").prefix(2).joined(separator: "/") + "/zones"
            await commands.receive(IncomingMessage(topic: "\(zones)/set", payload: Array("{}".utf8), isRetained: true))
            await commands.receive(#"{"setpoint":19,"zones":[]}"#, on: "\(zones)/set")
            try await eventually { broker.payloads(on: "\(zones)/result").count == 2 }
            let results = broker.payloads(on: "\(zones)/result")
            #expect(results.contains { $0.contains(#""code":"retained""#) })
            #expect(results.contains { $0.contains("Known zones: Kitchen and Hall.") })
            #expect(cloud.overrides.isEmpty)
        }
    }

    static let twenty = #"{"setpoint":20,"until":"forever"}"#

    /// What the cloud says before the commands.
    func read(_ store: SnapshotStore) {
        store.apply(Cottage.installation())
        store.apply(Cottage.status(), clock)
    }

    /// Lets time go by until there is an outcome, which is the only one.
    func outcome(
        _ kind: String,
        code: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await eventually(sourceLocation: sourceLocation) {
            clock.advance(by: .seconds(5))
            return !broker.payloads(on: "\(kitchen)/result").isEmpty
        }
        let results = broker.payloads(on: "\(kitchen)/result")
        let json = try JSONSerialization.jsonObject(with: Data(results[0].utf8)) as? [String: Any]
        #expect(results.count == 1, sourceLocation: sourceLocation)
        #expect(json?["outcome"] as? String == kind, sourceLocation: sourceLocation)
        #expect(json?["code"] as? String == code, sourceLocation: sourceLocation)
    }

    /// Runs the loops while `body` runs. Nothing is polled.
    func taking(_ body: (SnapshotStore, CommandService) async throws -> Void) async throws {
        let store = SnapshotStore(clock)
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let commands = service(store, reader)
        try await running(reader, commands) { try await body(store, commands) }
    }

    private func service(_ store: SnapshotStore, _ reader: CloudReader? = nil) -> CommandService {
        CommandService(
            calling: cloud,
            reader: reader ?? CloudReader(of: cloud, into: store, polls: false, clock: clock),
            broker: broker,
            store: store,
            counts: counts,
            clock: clock
        )
    }
}
