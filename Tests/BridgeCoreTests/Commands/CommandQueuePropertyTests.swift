import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Whatever happens to commands")
struct CommandQueuePropertyTests {
    /// Each seed runs many interleavings.
    static let interleavingsPerSeed = 100

    @Test("Every command has exactly one outcome, and no promise is broken on the way", arguments: 0..<50)
    func interleavings(seed: Int) throws {
        var randomness = SeededGenerator(seed: seed)
        for _ in 0..<Self.interleavingsPerSeed {
            var world = QueueWorld(using: &randomness)
            for _ in 0..<Int.random(in: 5...80, using: &randomness) { world.step(using: &randomness) }
            world.finish(using: &randomness)
            #expect(world.broken.isEmpty, "seed \(seed): \(world.broken)")
        }
    }
}

/// A queue with a random cloud around it, which keeps count of what was promised.
private struct QueueWorld {
    private(set) var broken: Set<String> = []

    private var queue: CommandQueue
    private var now = Uptime.start
    private let expiry: Duration
    private let callsPerMinute: Int
    private var lastID = 0
    private var latestReceived = Uptime.distantPast

    private var received: [Int: Command] = [:]
    private var outcomes: [Int: Outcome.Kind] = [:]
    private var sending: Set<Int> = []
    private var following: Set<Int> = []
    private var calls: [GatewayID: [Uptime]] = [:]
    private var lastReceived: [Target: Int] = [:]

    init(using randomness: inout SeededGenerator) {
        expiry = .seconds([5, 60, 600].randomElement(using: &randomness) ?? 60)
        callsPerMinute = [1, 2, 5, 30].randomElement(using: &randomness) ?? 1
        queue = CommandQueue(
            expiry: expiry,
            callsPerMinute: callsPerMinute,
            backoff: Backoff(base: .seconds(2), cap: .seconds(60))
        )
    }

    mutating func step(using randomness: inout SeededGenerator) {
        switch Int.random(in: 0..<10, using: &randomness) {
        case 0..<4: receive(using: &randomness)
        case 4..<6: answer(using: &randomness)
        case 6..<8: conclude(using: &randomness)
        case 8: pass(.milliseconds(Int.random(in: 0...20_000, using: &randomness)))
        default: stray(using: &randomness)
        }
    }

    /// Nothing more comes: time passes, and everything that is on its way ends.
    mutating func finish(using randomness: inout SeededGenerator) {
        for _ in 0..<10_000 where queue.count > 0 {
            if !sending.isEmpty {
                answer(using: &randomness)
            } else if !following.isEmpty {
                conclude(using: &randomness)
            } else if let next = queue.nextMoment {
                require(next > now, "The next moment was past already.")
                pass(now.duration(to: next))
            } else {
                require(false, "Something waits that nobody wakes.")
                return
            }
        }
        require(queue.count == 0 && queue.nextMoment == nil, "The queue did not become empty.")
        require(Set(outcomes.keys) == Set(received.keys), "A command has no outcome.")
        for (_, last) in lastReceived {
            require(outcomes[last] != .superseded, "The last command for a target was superseded.")
        }
    }

    private mutating func receive(using randomness: inout SeededGenerator) {
        lastID += 1
        let number = Int.random(in: 0..<5, using: &randomness)
        let age = Duration.milliseconds(
            Bool.random(using: &randomness) ? 0 : Int.random(in: 0...8000, using: &randomness)
        )
        let command = Command(
            id: lastID,
            target: .zone(ZoneID("\(number)"), in: "1"),
            action: .zone(.followSchedule),
            sender: Command.Sender(subject: "a"),
            // Messages come in the order in which they were received, though not at once.
            received: max(now - age, latestReceived),
            by: Int.random(in: 0..<3, using: &randomness) == 0 ? .share : .bridge
        )
        latestReceived = command.received
        received[command.id] = command
        lastReceived[command.target] = command.id
        perform(queue.receive(command, by: Self.gateway(of: command), at: now))
    }

    private mutating func answer(using randomness: inout SeededGenerator) {
        guard let id = sending.sorted().randomElement(using: &randomness) else { return }
        sending.remove(id)
        let call = PlannedCall(.zone("7", .followSchedule))
        let retryAfter: Duration? =
            Bool.random(using: &randomness) ? nil : .seconds(Int.random(in: -10...400, using: &randomness))
        let answers: [CommandQueue.Answer] = [
            .accepted(.init(call: call, task: "1", isProvedByStatus: true)),
            .accepted(.init(call: call, task: nil, isProvedByStatus: true)),
            .concluded(.succeeded(call)), .failed(CloudFailure(.refused, "No.")),
            .failed(CloudFailure(.unreachable, "Away.")), .failed(CloudFailure(.rateLimited, "Slow.")),
        ]
        let answer = answers.randomElement(using: &randomness) ?? answers[0]
        if case .concluded = answer, let command = received[id] {
            // No call was made after all.
            calls[Self.gateway(of: command)]?.removeLast()
        }
        perform(queue.answered(id, by: answer, retryAfter: retryAfter, at: now, using: &randomness))
    }

    private mutating func conclude(using randomness: inout SeededGenerator) {
        guard let id = following.sorted().randomElement(using: &randomness) else { return }
        following.remove(id)
        let outcomes = [Outcome(.succeeded), Outcome(.failed, code: "x", message: "X."), .expired("Late.")]
        perform(queue.concluded(id, as: outcomes.randomElement(using: &randomness) ?? outcomes[0], at: now))
    }

    private mutating func pass(_ time: Duration) {
        now = now + time
        perform(queue.advance(at: now))
    }

    /// An answer that comes twice, or for nothing.
    private mutating func stray(using randomness: inout SeededGenerator) {
        let id = Int.random(in: 0...lastID + 1, using: &randomness)
        if !sending.contains(id) {
            let failure = CloudFailure(.unreachable, "Stray.")
            perform(queue.answered(id, by: .failed(failure), at: now, using: &randomness))
        }
        if !following.contains(id) { perform(queue.concluded(id, as: Outcome(.succeeded), at: now)) }
    }

    private mutating func perform(_ actions: [CommandQueue.Action]) {
        var superseded: [Command.ID] = []
        for action in actions {
            switch action {
            case .send(let command):
                noteCall(of: command)
            case .follow(let command, _):
                require(!sending.contains(command.id), "A command is followed whose call was not answered.")
                superseded += following.sorted().filter { received[$0]?.target == command.target }
                following.insert(command.id)
            case .settle(let command, let outcome, _):
                require(outcomes[command.id] == nil, "A command has two outcomes.")
                require(
                    !sending.contains(command.id) && !following.contains(command.id),
                    "A command that is on its way has an outcome."
                )
                outcomes[command.id] = outcome.kind
            }
        }
        checkWaiting()
        // As the follower does it.
        for id in superseded {
            following.remove(id)
            perform(queue.concluded(id, as: .superseded, at: now))
        }
    }

    private mutating func noteCall(of command: Command) {
        let gateway = Self.gateway(of: command)
        let busy = sending.compactMap { received[$0] }
        require(!busy.contains { Self.gateway(of: $0) == gateway }, "Two calls at once through a gateway.")
        let onTheirWay = (command.cause == .share ? sending : sending.union(following)).compactMap {
            received[$0]?.target
        }
        require(!onTheirWay.contains(command.target), "Two commands on their way to one target.")
        require(outcomes[command.id] == nil, "A command was sent after its outcome.")
        require(command.received + expiry > now, "A command was sent after its time.")
        sending.insert(command.id)
        calls[gateway, default: []].append(now)
        let recent = calls[gateway, default: []].count { $0 + .seconds(60) > now }
        require(recent <= callsPerMinute, "Too many calls in a minute.")
    }

    private mutating func checkWaiting() {
        let open = Set(received.keys).subtracting(outcomes.keys)
        require(queue.count == open.count, "The queue lost count.")
        let waiting = open.subtracting(sending).subtracting(following)
        for id in waiting {
            guard let command = received[id] else { continue }
            require(command.received + expiry > now, "A command waits beyond its time.")
            require(lastReceived[command.target] == id, "A command waits that is not its target's last.")
        }
        if let next = queue.nextMoment {
            require(next > now, "The next moment is past, with nothing to do.")
            require(!waiting.isEmpty, "The queue wants to be woken for nothing.")
        } else {
            require(waiting.isEmpty, "Something waits that nobody wakes.")
        }
    }

    private mutating func require(_ condition: Bool, _ promise: String) {
        if !condition { broken.insert(promise) }
    }

    /// Zones 0 to 2 hang on one gateway, 3 and 4 on another.
    private static func gateway(of command: Command) -> GatewayID {
        guard case .zone(let zone, in: _) = command.target, zone < "3" else { return "b" }
        return "a"
    }
}
