import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Adjustments, however they follow one another")
struct AdjustmentPropertyTests {
    @Test("They add up to what was meant, each with one outcome", arguments: 0..<50)
    func addUp(seed: Int) throws {
        var randomness = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            var world = try AdjustedZone(using: &randomness)
            for _ in 0..<Int.random(in: 2...40, using: &randomness) { try world.step(using: &randomness) }
            try world.finish(using: &randomness)
            #expect(world.broken.isEmpty, "seed \(seed): \(world.broken)")
        }
    }
}

/// The kitchen at the mill with somebody who presses keys, and a cloud that takes its time and fails now and then.
private struct AdjustedZone {
    private(set) var broken: Set<String> = []

    private var queue = CommandQueue(
        expiry: .seconds(600),
        callsPerMinute: 30,
        backoff: Backoff(base: .seconds(1), cap: .seconds(2))
    )
    private var site: Site
    private var now = Uptime.start
    private let wallClock: Instant = "2026-11-24T17:30:00Z"
    private var commands: [Int: Command] = [:]
    private var outcomes: [Int: Outcome.Kind] = [:]
    private var sending: Set<Int> = []
    private var following: [Int: PlannedCall] = [:]
    /// What the zone should be at in the end.
    private var meant: Double

    init(using randomness: inout SeededGenerator) throws {
        site = try MillHouse.site()
        let start = Double(Int.random(in: 10...60, using: &randomness)) / 2
        meant = start
        site.status?.zones[0] = MillHouse.kitchenStatus(setpoint: Temperature(celsius: start), mode: .permanentOverride)
    }

    mutating func step(using randomness: inout SeededGenerator) throws {
        switch Int.random(in: 0..<8, using: &randomness) {
        case 0..<3:
            let difference = Double(Int.random(in: -6...6, using: &randomness)) / 2
            try receive(.zoneAdjustment(.init(by: difference)), meaning: meant + difference)
        case 3:
            let setpoint = Double(Int.random(in: 10...60, using: &randomness)) / 2
            try receive(.zone(.hold(Temperature(celsius: setpoint), .never)), meaning: setpoint)
        case 4..<6: try answer(using: &randomness)
        default: try conclude()
        }
    }

    mutating func finish(using randomness: inout SeededGenerator) throws {
        for _ in 0..<1000 where queue.count > 0 {
            if !sending.isEmpty {
                try answer(using: &randomness)
            } else if !following.isEmpty {
                try conclude()
            } else if let next = queue.nextMoment {
                now = max(now, next)
                perform(queue.advance(at: now))
            }
        }
        require(Set(outcomes.keys) == Set(commands.keys), "A command has no outcome.")
        require(site.status?.zones[0].setpoint?.celsius == meant, "It came to something else than was meant.")
    }

    private mutating func receive(_ action: CommandAction, meaning setpoint: Double) throws {
        meant = min(max(setpoint, 5), 30)
        var command = Command(
            id: commands.count + 1,
            target: MillHouse.kitchenTarget,
            action: action,
            sender: Command.Sender(subject: "a"),
            received: now
        )
        let earlier = queue.latest(for: command.subject)
        command.action = action.counted(
            from: earlier?.command.action,
            isSuperseded: earlier?.isWaiting ?? false,
            for: command.target,
            in: site,
            at: wallClock
        )
        commands[command.id] = command
        perform(queue.receive(command, by: MillHouse.gatewayID, at: now))
    }

    private mutating func answer(using randomness: inout SeededGenerator) throws {
        guard let id = sending.popFirst(), let command = commands[id] else { return }
        let decision = try command.action.decision(for: command.target, in: site, received: wallClock, now: wallClock)
        let answer: CommandQueue.Answer
        switch decision {
        case .nothingToDo(let call): answer = .concluded(.succeeded(call))
        case .needsSchedule: answer = .failed(CloudFailure(.refused, "The end was lost."))
        case .send(let call):
            let fate = Int.random(in: 0..<4, using: &randomness)
            // An answer that is lost on the way back: the cloud has done it all the same.
            if fate == 0 { carryOut(call) }
            if fate > 1 { site.expectations[command.target] = call.call }
            answer =
                fate > 1
                ? .accepted(.init(call: call, task: "1", isProvedByStatus: true))
                : .failed(CloudFailure(.unreachable, "Away."))
        }
        perform(queue.answered(id, by: answer, at: now, using: &randomness))
    }

    private mutating func conclude() throws {
        guard let (id, call) = following.popFirst() else { return }
        carryOut(call)
        site.expectations = [:]
        perform(queue.concluded(id, as: .succeeded(call), at: now))
    }

    private mutating func carryOut(_ call: PlannedCall) {
        guard case .zone(_, .hold(let setpoint, _)) = call.call else {
            return require(false, "It followed the schedule.")
        }
        site.status?.zones[0].setpoint = setpoint
    }

    private mutating func perform(_ actions: [CommandQueue.Action]) {
        for action in actions {
            switch action {
            case .send(let command):
                commands[command.id] = command
                sending.insert(command.id)
            case .follow(let command, let acceptance): following[command.id] = acceptance.call
            case .settle(let command, let outcome, _):
                require(outcomes.updateValue(outcome.kind, forKey: command.id) == nil, "A command has two outcomes.")
                require(outcome.kind == .succeeded || outcome.kind == .superseded, "A command failed.")
            }
        }
    }

    private mutating func require(_ condition: Bool, _ promise: String) {
        if !condition { broken.insert(promise) }
    }
}
