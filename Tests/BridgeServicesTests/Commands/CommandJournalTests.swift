import Basics
import BridgeCore
import HeatingModel
import Synchronization
import TestSupport
import Testing

@testable import BridgeServices

@Suite("What the loop of commands writes down, and what it makes of it after a restart", .timeLimit(.minutes(1)))
struct CommandJournalTests {
    private let clock = ManualClock()
    private let broker = RecordingBroker()
    private let cloud = ScriptedCloud()
    private let kitchen = "evohome/cottage/zone/kitchen"

    /// A journal in memory, which remembers how many calls the cloud had got when a record was written.
    private final class MemoryJournal: CommandJournal {
        private struct State {
            var journal: Journal
            var records: [(event: JournalRecord.Event, calls: Int)] = []
        }

        private let state: Mutex<State>
        private let cloud: ScriptedCloud

        init(_ journal: Journal = Journal(), cloud: ScriptedCloud) {
            state = Mutex(State(journal: journal))
            self.cloud = cloud
        }

        var journal: Journal { state.withLock(\.journal) }
        var records: [(event: JournalRecord.Event, calls: Int)] { state.withLock(\.records) }

        func takeLeftovers() async -> [Journal.Entry] { journal.entries }

        func keep(_ message: IncomingMessage) async -> Int? {
            state.withLock { state in
                let journaled = JournaledMessage(message, accepted: Instant(millisecondsSince1970: 0))
                guard case .new(let record) = state.journal.receive(journaled) else { return nil }
                state.records.append((record.event, 0))
                return record.entry
            }
        }

        func write(_ record: JournalRecord) async {
            let calls = cloud.overrides.count
            state.withLock { state in
                state.journal.apply(record)
                state.records.append((record.event, calls))
            }
        }
    }

    @Test("A call is in the journal before the cloud has it, and the outcome until the broker has it")
    func order() async throws {
        let journal = MemoryJournal(journalOfOneMessage(), cloud: cloud)
        try await taking(journal) { store, _ in
            read(store)
            try await outcome("succeeded")
            try await eventually { journal.journal.entries.isEmpty }
        }
        let records = journal.records
        #expect(records.count == 4)
        guard case .called = records[0].event, case .taken = records[1].event, case .ended = records[2].event,
            case .delivered = records[3].event
        else {
            Issue.record("\(records)")
            return
        }
        #expect(records.map(\.calls) == [0, 1, 1, 1])
    }

    @Test(
        "A call of an earlier run is read back and never made again",
        arguments: [(true, "succeeded", nil), (false, "failed", "interrupted")] as [(Bool, String, String?)]
    )
    func readBack(isShown: Bool, kind: String, code: String?) async throws {
        try await readBack(isShown: isShown) { try await outcome(kind, code: code) }
    }

    @Test("A zone of a message for several that has its outcome is left alone, since a later command may have set it")
    func partlyEnded() async throws {
        let zones = "evohome/cottage/zones"
        let message = JournaledMessage(
            topic: "\(zones)/set",
            payload: Array(#"{"setpoint":20,"until":"forever"}"#.utf8),
            accepted: clock.now
        )
        let end = JournaledEnd(.superseded, of: .zone(Cottage.kitchen, in: Cottage.system))
        let before = Journal([JournalRecord(1, .accepted(message)), JournalRecord(1, .settled(end))])
        #expect(Journal(before.records) == before)
        let journal = MemoryJournal(before, cloud: cloud)
        try await taking(journal) { store, _ in
            read(store)
            try await eventually {
                clock.advance(by: .milliseconds(500))
                return broker.payloads(on: "\(zones)/result").count == 1
            }
            try await eventually { journal.journal.entries.isEmpty }
        }
        #expect(cloud.count(.zone(Cottage.kitchen)) == 0)
        #expect(cloud.overrides.count == 1)
        #expect(broker.payloads(on: "\(zones)/result").first?.contains(#""outcome":"superseded""#) == true)
    }

    @Test("A command that does not come from the broker is kept, too")
    func fromElsewhere() async throws {
        let journal = MemoryJournal(cloud: cloud)
        let topic = try #require(CommandTopic("\(kitchen)/set"))
        try await taking(journal) { store, commands in
            read(store)
            async let ended = commands.outcome(of: ["setpoint": 20, "until": "forever"], on: topic)
            try await outcome("succeeded")
            #expect(await ended?.kind == .succeeded)
            try await eventually { journal.journal.entries.isEmpty }
        }
        guard case .accepted(let message)? = journal.records.first?.event else {
            Issue.record("\(journal.records)")
            return
        }
        #expect(message.topic == "\(kitchen)/set")
    }

    @Test("An outcome that an earlier run could not give is given as it was")
    func leftoverOutcome() async throws {
        var before = journalOfOneMessage()
        let outcome = [Publication(topic: "\(kitchen)/result", payload: #"{"outcome":"failed"}"#, isRetained: false)]
        before.apply(JournalRecord(1, .ended(outcome)))
        let journal = MemoryJournal(before, cloud: cloud)
        try await taking(journal) { _, _ in
            try await eventually { journal.journal.entries.isEmpty }
        }
        #expect(broker.payloads(on: "\(kitchen)/result") == [#"{"outcome":"failed"}"#])
        #expect(cloud.overrides.isEmpty)
    }

    @Test("However many messages wait from an earlier run, none is refused for want of room")
    func manyLeftovers() async throws {
        let count = 300
        let records = (1...count).map { number in
            let message = JournaledMessage(
                topic: "\(kitchen)/set",
                payload: Array(#"{"setpoint":\#(number.isMultiple(of: 2) ? 20 : 21),"until":"forever"}"#.utf8),
                accepted: clock.now
            )
            return JournalRecord(number, .accepted(message))
        }
        let journal = MemoryJournal(Journal(records), cloud: cloud)
        try await taking(journal) { store, _ in
            try await Task.sleep(for: .milliseconds(20))
            read(store)
            try await eventually {
                clock.advance(by: .milliseconds(500))
                return broker.payloads(on: "\(kitchen)/result").count == count
            }
        }
        let outcomes = broker.payloads(on: "\(kitchen)/result")
        #expect(!outcomes.contains { $0.contains("rejected") }, "\(outcomes.first { $0.contains("rejected") } ?? "")")
    }

    @Test(
        "A call of an earlier run is read back though its zone has another name by now",
        arguments: [(true, "succeeded", nil), (false, "failed", "The cloud shows 18.0 °C")] as [(Bool, String, String?)]
    )
    func renamedMeanwhile(isShown: Bool, kind: String, words: String?) async throws {
        let location = Cottage.location(kitchen: "Cookhouse")
        try await readBack(isShown: isShown, in: location) { try await outcome(kind) }
        let payload = broker.payloads(on: "\(kitchen)/result").last ?? ""
        #expect(words.map(payload.contains) ?? true, "\(payload)")
    }

    /// Reads back a call that was made before the restart.
    ///
    /// - Parameters:
    ///   - isShown: Whether the cloud has carried it out.
    ///   - location: As it is after the restart.
    ///   - ending: Waits for the outcome.
    private func readBack(
        isShown: Bool,
        in location: Location = Cottage.location(),
        _ ending: () async throws -> Void
    ) async throws {
        var before = journalOfOneMessage()
        let override = ZoneOverride.hold(20, until: nil)
        let call = JournaledCall(
            PlannedCall(.zone(Cottage.kitchen, override)),
            for: .zone(Cottage.kitchen, in: Cottage.system),
            isProvedByStatus: true
        )
        before.apply(JournalRecord(1, .called(call)))
        if isShown { _ = try await cloud.make(.zone(Cottage.kitchen, override)) }
        let calls = cloud.overrides.count
        let journal = MemoryJournal(before, cloud: cloud)
        try await taking(journal) { store, _ in
            store.apply(Cottage.installation(location))
            store.apply(Cottage.status(), clock)
            try await ending()
            try await eventually { journal.journal.entries.isEmpty }
        }
        #expect(cloud.overrides.count == calls)
    }

    private func journalOfOneMessage() -> Journal {
        let message = JournaledMessage(
            topic: "\(kitchen)/set",
            payload: Array(#"{"setpoint":20,"until":"forever"}"#.utf8),
            accepted: clock.now,
            packet: 1
        )
        return Journal([JournalRecord(1, .accepted(message))])
    }

    private func read(_ store: SnapshotStore) {
        store.apply(Cottage.installation())
        store.apply(Cottage.status(), clock)
    }

    private func taking(
        _ journal: MemoryJournal,
        _ body: (SnapshotStore, CommandService) async throws -> Void
    ) async throws {
        let store = SnapshotStore(clock)
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let commands = CommandService(
            cloud: cloud,
            reader: reader,
            broker: broker,
            store: store,
            journal: journal,
            counts: LoopCounts(),
            settings: .init(bridge: BridgeTopics(base: "evohome"), expiry: .seconds(600), callsPerMinute: 30),
            clock: clock,
            logger: .silent
        )
        try await running(reader, commands) { try await body(store, commands) }
    }

    private func outcome(_ kind: String, code: String? = nil) async throws {
        try await eventually {
            clock.advance(by: .milliseconds(500))
            return !broker.payloads(on: "\(kitchen)/result").isEmpty
        }
        let payload = broker.payloads(on: "\(kitchen)/result").last ?? ""
        #expect(payload.contains(#""outcome":"\#(kind)""#), "\(payload)")
        if let code { #expect(payload.contains(#""code":"\#(code)""#), "\(payload)") }
    }
}
