import Basics
import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Calls of other programs among the commands", .timeLimit(.minutes(1)))
struct SharedCallTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let cloud = ScriptedCloud()
    private let kitchen = Target.zone(Cottage.kitchen, in: Cottage.system)

    private func taking(_ body: (SnapshotStore, CommandService) async throws -> Void) async throws {
        let store = SnapshotStore(clock)
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let commands = CommandService(
            calling: cloud,
            reader: reader,
            broker: broker,
            store: store,
            counts: LoopCounts(),
            clock: clock
        )
        try await running(reader, commands) {
            store.apply(Cottage.installation())
            store.apply(Cottage.status(), clock)
            try await body(store, commands)
        }
    }

    private func make(_ override: ZoneOverride, _ commands: CommandService) async -> CallAnswer {
        await commands.make(
            .zone(Cottage.kitchen, override),
            of: kitchen,
            requested: ["setpointMode": "PermanentOverride"],
            patience: .seconds(25)
        )
    }

    @Test(
        "The cloud's answer comes before the outcome, which is reported like any other, and the change is the share's"
    )
    func accepted() async throws {
        try await taking { store, commands in
            #expect(await make(.hold(20, until: nil), commands) == .accepted("1"))
            #expect(commands.state(of: "1")?.rawValue == "running")
            #expect(store.site(of: Cottage.system)?.changes[kitchen]?.by == .share)
            try await eventually {
                clock.advance(by: .seconds(5))
                return commands.state(of: "1") == .succeeded
            }
            #expect(store.site(of: Cottage.system)?.changes[kitchen]?.by == .share)
            try await eventually {
                broker.payloads(on: "evohome/cottage/zone/kitchen/result").contains { $0.contains("succeeded") }
            }
            #expect(commands.state(of: "2") == nil)
        }
    }

    @Test("A second call for the same thing goes out once the first is answered, and has its outcome in its place")
    func again() async throws {
        try await taking { store, commands in
            #expect(await make(.hold(20, until: nil), commands) == .accepted("1"))
            #expect(await make(.hold(22, until: nil), commands) == .accepted("2"))
            #expect(store.site(of: Cottage.system)?.shown(at: clock.now)?.zones.first?.setpoint == 22)
            try await eventually {
                clock.advance(by: .seconds(5))
                return commands.state(of: "2") == .succeeded
            }
            try await eventually {
                broker.payloads(on: "evohome/cottage/zone/kitchen/result").count == 2
            }
            let outcomes = broker.payloads(on: "evohome/cottage/zone/kitchen/result")
            #expect(outcomes[0].contains("superseded") && outcomes[1].contains("succeeded"))
            #expect(store.site(of: Cottage.system)?.changes[kitchen]?.by == .share)
        }
    }

    @Test("A call for what is already so is made all the same, since its sender wants a task")
    func alreadySo() async throws {
        try await taking { _, commands in
            #expect(await make(.followSchedule, commands) == .accepted("1"))
            #expect(cloud.overrides == [.followSchedule])
        }
    }

    @Test("A limit of the cloud is told at once, and the call is not made again")
    func limited() async throws {
        let limit = CloudFailure(.rateLimited, "The cloud limits requests.")
        cloud.fails(limit)
        try await taking { _, commands in
            #expect(await make(.hold(20, until: nil), commands) == .failed(limit))
            cloud.fails(nil)
            clock.advance(by: .seconds(700))
            #expect(cloud.overrides.isEmpty)
        }
    }

    @Test("A call that cannot go out in time is given up, and not made later")
    func late() async throws {
        cloud.fails(CloudFailure(.unreachable, "The cloud is away."))
        try await taking { _, commands in
            async let answer = make(.hold(20, until: nil), commands)
            try await eventually {
                clock.advance(by: .seconds(1))
                return cloud.calls.count(where: \.isChange) > 0
            }
            for _ in 0..<30 {
                clock.advance(by: .seconds(1))
                try await Task.sleep(for: .milliseconds(2))
            }
            guard case .ended(let outcome) = await answer else {
                Issue.record("It did not end.")
                return
            }
            #expect(outcome.kind == .expired)
            cloud.fails(nil)
            clock.advance(by: .seconds(120))
            try await Task.sleep(for: .milliseconds(50))
            #expect(cloud.overrides.isEmpty)
        }
    }

    @Test("A thing without topics is not changed")
    func unknown() async throws {
        try await taking { _, commands in
            let answer = await commands.make(
                .zone("9", .followSchedule),
                of: .zone("9", in: Cottage.system),
                requested: .null,
                patience: .seconds(25)
            )
            guard case .ended(let outcome) = answer else {
                Issue.record("It was made.")
                return
            }
            #expect(outcome.kind == .rejected)
        }
    }
}
