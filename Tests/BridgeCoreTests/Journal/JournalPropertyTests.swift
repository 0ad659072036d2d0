import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("The journal, killed between any two steps", .timeLimit(.minutes(5)))
struct JournalPropertyTests {
    @Test("A kill costs no message its one outcome, and makes no call twice", arguments: 0..<400)
    func kills(seed: Int) {
        var house = House(seed: seed, losesPower: false)
        house.run()
        for (number, sent) in house.broker.sent.enumerated() {
            #expect(sent.outcomes.count == 1, "seed \(seed), message \(number): \(sent.outcomes)")
            #expect(sent.calls <= 1, "seed \(seed), message \(number)")
        }
        #expect(house.broker.sent.count == House.messages)
    }

    @Test("A loss of power costs no more than what was not synced", arguments: 0..<400)
    func losesPower(seed: Int) {
        var house = House(seed: seed, losesPower: true)
        house.run()
        for (number, sent) in house.broker.sent.enumerated() {
            let isExcused = house.disk.lost.contains(number)
            #expect(sent.outcomes.count == 1 || isExcused, "seed \(seed), message \(number): \(sent.outcomes)")
            #expect(sent.calls <= 1 || isExcused, "seed \(seed), message \(number)")
        }
    }
}

/// A broker, a disk and a bridge that takes one step at a time and may die before any.
private struct House {
    static let messages = 30

    struct Sent {
        var payload: String
        var calls = 0
        var outcomes: Set<String> = []
    }

    struct Broker {
        var sent: [Sent] = []
        /// Not acknowledged yet, with the numbers of their packets.
        var pending: [(packet: Int, message: Int)] = []
        var lastPacket = 0
    }

    struct Disk {
        var records: [JournalRecord] = []
        var synced = 0
        /// Messages about which the disk forgot something.
        var lost: Set<Int> = []
        var messages: [Int: Int] = [:]
    }

    /// What a process knows.
    struct Process {
        enum Stage { case waiting, called, taken, ended, interrupted }

        var journal: Journal
        var stages: [Int: Stage] = [:]
        var delivered = 0
        var unacknowledged: [Int] = []
    }

    var broker = Broker()
    var disk = Disk()
    private var process: Process
    private var random: SeededGenerator
    private let losesPower: Bool

    init(seed: Int, losesPower: Bool) {
        random = SeededGenerator(seed: seed)
        self.losesPower = losesPower
        process = Process(journal: Journal())
        process.journal.connected(resumesSession: true)
    }

    mutating func run() {
        var steps = 0
        while steps < 20_000, broker.sent.count < Self.messages || !isDone {
            steps += 1
            let dice = Int.random(in: 0..<100, using: &random)
            switch dice {
            case 0..<10 where broker.sent.count < Self.messages: send()
            case 10..<14 where steps < 4000: die()
            case 14..<20: disk.synced = disk.records.count
            default: step()
            }
        }
    }

    private var isDone: Bool { broker.pending.isEmpty && process.journal.entries.isEmpty }

    private mutating func send() {
        // Some have the same content as others.
        let payload = "\(Int.random(in: 15..<18, using: &random))"
        broker.lastPacket += 1
        broker.pending.append((broker.lastPacket, broker.sent.count))
        broker.sent.append(Sent(payload: payload))
    }

    private mutating func die() {
        if losesPower {
            let kept = Int.random(in: disk.synced...disk.records.count, using: &random)
            for record in disk.records[kept...] {
                if let message = disk.messages[record.entry] { disk.lost.insert(message) }
            }
            // A number that the disk forgot is given again.
            disk.records = Array(disk.records.prefix(kept))
            disk.synced = kept
        }
        process = Process(journal: Journal(disk.records))
        process.journal.connected(resumesSession: true)
        for entry in process.journal.entries {
            process.stages[entry.id] = entry.outcome != nil ? .ended : entry.calls.isEmpty ? .waiting : .interrupted
        }
    }

    private mutating func write(_ id: Int, _ event: JournalRecord.Event) {
        let record = JournalRecord(id, event)
        process.journal.apply(record)
        disk.records.append(record)
    }

    /// One step of the bridge: it takes in a message, acknowledges one, or gets on with one.
    private mutating func step() {
        switch Int.random(in: 0..<3, using: &random) {
        case 0 where process.delivered < broker.pending.count: receive(broker.pending[process.delivered])
        case 1 where !process.unacknowledged.isEmpty:
            let packet = process.unacknowledged.removeFirst()
            broker.pending.removeAll { $0.packet == packet }
            process.delivered -= 1
        default:
            guard let id = process.stages.keys.sorted().randomElement(using: &random) else { return }
            getOn(with: id)
        }
    }

    private mutating func receive(_ next: (packet: Int, message: Int)) {
        process.delivered += 1
        process.unacknowledged.append(next.packet)
        let message = JournaledMessage(
            topic: "t/set",
            payload: Array(broker.sent[next.message].payload.utf8),
            accepted: Instant(millisecondsSince1970: 0),
            packet: next.packet
        )
        guard case .new(let record) = process.journal.receive(message) else { return }
        disk.records.append(record)
        disk.messages[record.entry] = next.message
        process.stages[record.entry] = .waiting
    }

    private mutating func getOn(with id: Int) {
        guard let stage = process.stages[id], let message = disk.messages[id] else { return }
        let target = Target.zone("1", in: "2")
        let call = JournaledCall(PlannedCall(.zone("1", .followSchedule)), for: target, isProvedByStatus: true)
        switch stage {
        case .waiting:
            write(id, .called(call))
            process.stages[id] = .called
        case .called:
            broker.sent[message].calls += 1
            process.stages[id] = .taken
        case .taken:
            write(id, .taken(target, task: "9"))
            write(id, .ended([Publication(topic: "t/result", payload: "done \(id)")]))
            process.stages[id] = .ended
        case .interrupted:
            write(id, .ended([Publication(topic: "t/result", payload: "interrupted \(id)")]))
            process.stages[id] = .ended
        case .ended:
            // The outcome goes out after the acknowledgement of its message.
            if let packet = process.unacknowledged.first(where: { packet in
                broker.pending.contains { $0.packet == packet && $0.message == message }
            }) {
                process.unacknowledged.removeAll { $0 == packet }
                broker.pending.removeAll { $0.packet == packet }
                process.delivered -= 1
            }
            // So it comes again, if at all, before its outcome is acknowledged.
            guard !broker.pending.contains(where: { $0.message == message }) else { return }
            let outcome = process.journal.entries.first { $0.id == id }?.outcome?.first?.payload
            broker.sent[message].outcomes.insert(outcome ?? "none")
            if Int.random(in: 0..<4, using: &random) == 0 { return die() }
            write(id, .delivered)
            process.stages[id] = nil
        }
    }
}
