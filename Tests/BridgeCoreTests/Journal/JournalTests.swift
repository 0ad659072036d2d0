import Basics
import BridgeCore
import Foundation
import HeatingModel
import TestBasics
import Testing

@Suite("The journal of commands")
struct JournalTests {
    private static let now = Instant(millisecondsSince1970: 1_795_500_000_000)

    private func message(_ payload: String = "21.5", on topic: String = "a/set/setpoint", packet: Int? = 1)
        -> JournaledMessage
    {
        JournaledMessage(topic: topic, payload: Array(payload.utf8), accepted: Self.now, packet: packet)
    }

    private func entry(of reception: Journal.Reception) -> Int? {
        if case .new(let record) = reception { record.entry } else { nil }
    }

    @Test("holds a message from its arrival until the broker has its outcome")
    func life() throws {
        var journal = Journal()
        let id = try #require(entry(of: journal.receive(message())))
        #expect(journal.entries.map(\.id) == [id])
        let outcome = [Publication(topic: "a/result", payload: "{}", isRetained: false)]
        journal.apply(JournalRecord(id, .ended(outcome)))
        #expect(journal.entries.first?.outcome == outcome)
        journal.apply(JournalRecord(id, .delivered))
        #expect(journal.entries.isEmpty)
        #expect(journal.records.isEmpty)
    }

    /// A message that comes again over a new connection.
    struct Again: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var resumesSession = true
        var packet: Int? = 7
        var payload = "21.5"
        let isRedelivery: Bool

        static let all = [
            Again(testDescription: "under its number", isRedelivery: true),
            Again(
                testDescription: "under a lower number, as of a broker that numbers anew",
                packet: 1,
                isRedelivery: true
            ),
            Again(testDescription: "under a higher number: somebody sent it again", packet: 8, isRedelivery: false),
            Again(testDescription: "with another content", payload: "22", isRedelivery: false),
            Again(testDescription: "at QoS 0", packet: nil, isRedelivery: false),
            Again(testDescription: "in a new session", resumesSession: false, isRedelivery: false),
        ]
    }

    @Test("tells what the broker delivers again from what is sent again", arguments: Again.all, [false, true])
    func redelivery(again: Again, isOverARestart: Bool) throws {
        var journal = Journal()
        journal.connected(resumesSession: false)
        let first = journal.receive(message(packet: 7))
        if isOverARestart { journal = Journal(journal.records) }
        journal.connected(resumesSession: again.resumesSession)
        let second = journal.receive(message(again.payload, packet: again.packet))
        #expect((second == .redelivered) == again.isRedelivery)
        #expect(journal.entries.count == (again.isRedelivery ? 1 : 2))
        #expect(entry(of: first) != nil)
    }

    @Test("takes the same command twice over one connection for two")
    func twiceOverOneConnection() {
        var journal = Journal()
        journal.connected(resumesSession: true)
        #expect(journal.receive(message(packet: 3)) != .redelivered)
        #expect(journal.receive(message(packet: 3)) != .redelivered)
        #expect(journal.entries.count == 2)
    }

    @Test("recognises a message however often it is delivered again, once over each connection")
    func manyConnections() {
        var journal = Journal()
        journal.connected(resumesSession: false)
        _ = journal.receive(message(packet: 5))
        for _ in 0..<5 {
            journal.connected(resumesSession: true)
            #expect(journal.receive(message(packet: 5)) == .redelivered)
        }
        #expect(journal.entries.count == 1)
    }

    @Test("keeps no more than its bounds")
    func bounds() {
        var journal = Journal()
        for number in 0..<3000 { _ = journal.receive(message(packet: number)) }
        #expect(journal.entries.count == 2048)
        #expect(journal.receive(message()) == .full)
        journal = Journal()
        let big = String(repeating: "x", count: 64 << 10)
        for number in 0..<1000 { _ = journal.receive(message(big, packet: number)) }
        #expect(journal.entries.count < 260)
    }

    @Test(
        "reads each kind of call back as it was written",
        arguments: [
            CloudCall.zone("1", .followSchedule),
            .zone("1", .hold(21.5, until: nil)),
            .zone("1", .hold(21.5, until: now)),
            .hotWater("2", .hold(.on, until: now)),
            .system("3", mode: SystemMode(rawValue: "away"), until: now),
        ]
    )
    func calls(call: CloudCall) throws {
        let planned = PlannedCall(
            call,
            notes: [.rounded(from: 21.43, to: 21.5), .masked(by: SystemMode(rawValue: "away"))]
        )
        var journaled = JournaledCall(planned, for: .zone("1", in: "3"), isProvedByStatus: true)
        journaled.task = "77"
        let record = JournalRecord(4, .called(journaled))
        let read = try JSONDecoder().decode(JournalRecord.self, from: JSONEncoder().encode(record))
        #expect(read == record)
        #expect(journaled.interrupted(.succeeded(journaled.planned), shown: nil) == .succeeded(planned))
        let failed = journaled.interrupted(.expired("late"), shown: "19.0 °C, follow_schedule")
        #expect(failed.kind == .failed)
        #expect(failed.code == "interrupted")
        #expect(failed.message?.contains("19.0 °C, follow_schedule") == true)
    }
}
