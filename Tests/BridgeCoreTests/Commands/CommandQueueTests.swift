import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("The life of a command")
struct CommandQueueTests {
    private let start = Uptime.start
    private let gateway: GatewayID = "1"
    private let call = PlannedCall(.zone("7", .hold(21, until: nil)))

    private func queue(callsPerMinute: Int = 30, backoff: Duration = .seconds(2)) -> CommandQueue {
        CommandQueue(
            expiry: .seconds(600),
            callsPerMinute: callsPerMinute,
            backoff: Backoff(base: backoff, cap: .seconds(60), floor: backoff)
        )
    }

    private func command(_ id: Int, zone: ZoneID = "10", received: Duration = .zero) -> Command {
        Command(
            id: id,
            target: .zone(zone, in: "2"),
            action: .zone(.followSchedule),
            sender: Command.Sender(subject: "a"),
            received: start + received
        )
    }

    private func answer(
        _ queue: inout CommandQueue,
        _ id: Int,
        _ answer: CommandQueue.Answer,
        retryAfter: Duration? = nil,
        after time: Duration = .zero
    ) -> [CommandQueue.Action] {
        var randomness = SeededGenerator(seed: id)
        return queue.answered(id, by: answer, retryAfter: retryAfter, at: start + time, using: &randomness)
    }

    /// The outcome, where settling one command is all that is to be done.
    private func soleOutcome(_ actions: [CommandQueue.Action]) -> Outcome? {
        guard actions.count == 1, case .settle(_, let outcome, _)? = actions.first else { return nil }
        return outcome
    }

    private var acceptance: CommandQueue.Acceptance { .init(call: call, task: "100", isProvedByStatus: true) }
    private let unreachable = CloudFailure(.unreachable, "The cloud is away.")

    // MARK: - Received

    @Test("A command goes out at once")
    func atOnce() {
        var queue = queue()
        #expect(queue.receive(command(1), by: gateway, at: start) == [.send(command(1))])
        #expect(queue.nextMoment == nil)
    }

    @Test("A second one for the same target waits while the first is on its way, and the last of them wins")
    func supersede() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        #expect(queue.receive(command(2), by: gateway, at: start).isEmpty)
        #expect(
            queue.receive(command(3), by: gateway, at: start) == [.settle(command(2), .superseded, CommandTimes())]
        )
        #expect(answer(&queue, 1, .accepted(acceptance)) == [.follow(command(1), acceptance)])
        #expect(
            queue.concluded(1, as: .succeeded(call), at: start + .seconds(4)) == [
                .settle(
                    command(1),
                    .succeeded(call),
                    CommandTimes(accepted: .zero, confirmed: .seconds(4))
                ), .send(command(3)),
            ]
        )
    }

    @Test("Days of a schedule that wait are not lost to a command for other days")
    func days() {
        func days(_ id: Int, _ days: Weekday...) -> Command {
            let schedule = Schedule<Temperature>(days: Dictionary(uniqueKeysWithValues: days.map { ($0, []) }))
            var command = command(id)
            command.action = .zoneSchedule(schedule)
            return command
        }
        let failure = CommandQueue.Answer.failed(unreachable)
        var queue = queue()
        _ = queue.receive(days(1, .monday), by: gateway, at: start)
        _ = queue.receive(days(2, .tuesday), by: gateway, at: start)
        #expect(
            queue.receive(days(3, .friday), by: gateway, at: start) == [
                .settle(days(2, .tuesday), .superseded, CommandTimes())
            ]
        )
        // The first one fails and waits again, behind what has come since.
        #expect(answer(&queue, 1, failure) == [.settle(days(1, .monday), .superseded, CommandTimes())])
        #expect(queue.advance(at: start + .seconds(2)) == [.send(days(3, .monday, .tuesday, .friday))])
    }

    @Test("A second call through a gateway waits for the answer to the first, not for its task")
    func oneAtATime() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        #expect(queue.receive(command(2, zone: "11"), by: gateway, at: start).isEmpty)
        #expect(
            answer(&queue, 1, .accepted(acceptance)) == [
                .follow(command(1), acceptance), .send(command(2, zone: "11")),
            ]
        )
    }

    @Test("A call of another program waits for the answer to the one before for its target, not for the outcome")
    func otherPrograms() {
        func call(_ id: Int) -> Command {
            var call = command(id)
            call.cause = .share
            return call
        }
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        #expect(queue.receive(call(2), by: gateway, at: start).isEmpty)
        #expect(answer(&queue, 1, .accepted(acceptance)) == [.follow(command(1), acceptance), .send(call(2))])
        #expect(answer(&queue, 2, .accepted(acceptance)) == [.follow(call(2), acceptance)])
        #expect(queue.receive(call(3), by: gateway, at: start) == [.send(call(3))])
        // A command of our own waits for the outcomes of all that.
        #expect(queue.receive(command(4), by: gateway, at: start).isEmpty)
        #expect(answer(&queue, 3, .accepted(acceptance)) == [.follow(call(3), acceptance)])
        for id in [1, 2] { #expect(soleOutcome(queue.concluded(id, as: .superseded, at: start)) == .superseded) }
        #expect(queue.concluded(3, as: .succeeded(self.call), at: start).last == .send(command(4)))
    }

    @Test("Gateways do not wait for each other")
    func gateways() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        #expect(queue.receive(command(2, zone: "11"), by: "9", at: start) == [.send(command(2, zone: "11"))])
    }

    // MARK: - Sending

    @Test("A command without a call ends there and does not count against the limit")
    func concludedWithoutCall() {
        var queue = queue(callsPerMinute: 1)
        for id in 1...5 {
            #expect(queue.receive(command(id), by: gateway, at: start) == [.send(command(id))])
            let outcome = Outcome.rejected(Refusal(.inThePast, "It is over."))
            #expect(answer(&queue, id, .concluded(outcome)) == [.settle(command(id), outcome, CommandTimes())])
        }
        #expect(queue.count == 0)
    }

    @Test("A refused call ends the command, and lets the next one go")
    func refused() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        _ = queue.receive(command(2, zone: "11"), by: gateway, at: start)
        let failure = CloudFailure(.refused, "No.", code: "InvalidInput")
        let outcome = Outcome(.failed, code: "InvalidInput", message: "No.")
        #expect(
            answer(&queue, 1, .failed(failure)) == [
                .settle(command(1), outcome, CommandTimes()), .send(command(2, zone: "11")),
            ]
        )
    }

    @Test("A failure that may pass is waited out", arguments: [CloudFailure.Kind.unreachable, .rateLimited])
    func failureThatPasses(kind: CloudFailure.Kind) {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        #expect(answer(&queue, 1, .failed(CloudFailure(kind, "Not now.")), after: .seconds(1)).isEmpty)
        #expect(queue.nextMoment == start + .seconds(3))
        #expect(queue.advance(at: start + .seconds(2.9)).isEmpty)
        #expect(queue.advance(at: start + .seconds(3)) == [.send(command(1))])
    }

    @Test("A command whose answer was lost says so when it goes out again, whatever failed after it")
    func lostAnswer() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        let lost = CloudFailure(.unreachable, "The cloud did not answer in time.", isUnanswered: true)
        _ = answer(&queue, 1, .failed(lost), after: .seconds(1))
        var again = command(1)
        again.isUnanswered = true
        #expect(queue.advance(at: start + .seconds(3)) == [.send(again)])
        _ = answer(&queue, 1, .failed(unreachable), after: .seconds(4))
        #expect(queue.advance(at: start + .seconds(60)) == [.send(again)])
    }

    @Test("A failure that says when to come back holds the whole gateway")
    func retryAfter() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        _ = answer(&queue, 1, .failed(CloudFailure(.rateLimited, "Slow.")), retryAfter: .seconds(120))
        #expect(queue.receive(command(2, zone: "11"), by: gateway, at: start + .seconds(60)).isEmpty)
        #expect(queue.nextMoment == start + .seconds(120))
        #expect(queue.advance(at: start + .seconds(120)) == [.send(command(1))])
    }

    @Test("A command that waits again gives way to a later one")
    func failureSuperseded() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        _ = queue.receive(command(2), by: gateway, at: start)
        #expect(answer(&queue, 1, .failed(unreachable)) == [.settle(command(1), .superseded, CommandTimes())])
        #expect(queue.advance(at: start + .seconds(2)) == [.send(command(2))])
    }

    @Test(
        "A failure that waiting does not cure ends the command",
        arguments: [CloudFailure.Kind.unauthorised, .refused, .cancelled]
    )
    func failureForGood(kind: CloudFailure.Kind) {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        let outcome = Outcome(.failed, code: kind.rawValue, message: "No.")
        #expect(
            answer(&queue, 1, .failed(CloudFailure(kind, "No."))) == [.settle(command(1), outcome, CommandTimes())]
        )
    }

    // MARK: - Waiting

    @Test("A command that waits too long expires, with the reason")
    func expired() throws {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        _ = answer(&queue, 1, .failed(CloudFailure(.rateLimited, "Too many.")), retryAfter: .seconds(3600))
        #expect(queue.nextMoment == start + .seconds(600))
        #expect(queue.advance(at: start + .seconds(599)).isEmpty)
        let actions = queue.advance(at: start + .seconds(600))
        let outcome = try #require(soleOutcome(actions))
        #expect(outcome.kind == .expired)
        #expect(outcome.message?.contains("Too many.") == true)
        #expect(queue.count == 0)
        #expect(queue.nextMoment == nil)
    }

    @Test("A command that fails after its time is not sent again")
    func expiredWhileSending() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        let actions = answer(&queue, 1, .failed(unreachable), after: .seconds(601))
        #expect(soleOutcome(actions)?.kind == .expired)
    }

    @Test("A command that came too late is not sent at all")
    func expiredOnArrival() {
        var queue = queue()
        let actions = queue.receive(command(1), by: gateway, at: start + .seconds(600))
        #expect(soleOutcome(actions)?.kind == .expired)
    }

    @Test("A limited number of calls goes out in a minute, and the rest wait")
    func rate() {
        var queue = queue(callsPerMinute: 2)
        for id in 1...3 {
            let zone = ZoneID("\(id)")
            _ = queue.receive(command(id, zone: zone), by: gateway, at: start + .seconds(id))
            _ = answer(&queue, id, .accepted(acceptance), after: .seconds(id))
        }
        #expect(queue.nextMoment == start + .seconds(61))
        #expect(queue.advance(at: start + .seconds(60)).isEmpty)
        #expect(queue.advance(at: start + .seconds(61)) == [.send(command(3, zone: "3"))])
    }

    // MARK: - Following

    @Test("Following ends a command with its times", arguments: [Outcome.Kind.failed, .expired, .succeeded])
    func concluded(kind: Outcome.Kind) {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        _ = answer(&queue, 1, .accepted(acceptance), after: .milliseconds(150))
        let outcome = Outcome(kind, code: "x", message: "X.")
        let confirmed: Duration? = kind == .succeeded ? .seconds(5) : nil
        #expect(
            queue.concluded(1, as: outcome, at: start + .seconds(5)) == [
                .settle(command(1), outcome, CommandTimes(accepted: .milliseconds(150), confirmed: confirmed))
            ]
        )
        #expect(queue.count == 0)
    }

    @Test("What was accepted is followed beyond its time")
    func followedBeyondExpiry() {
        var queue = queue()
        _ = queue.receive(command(1), by: gateway, at: start)
        _ = answer(&queue, 1, .accepted(acceptance))
        #expect(queue.nextMoment == nil)
        #expect(queue.advance(at: start + .seconds(3600)).isEmpty)
        #expect(queue.count == 1)
    }

    @Test("Unexpected answers change nothing")
    func strayAnswers() {
        var queue = queue()
        #expect(answer(&queue, 1, .accepted(acceptance)).isEmpty)
        #expect(queue.concluded(1, as: .succeeded(call), at: start).isEmpty)
        _ = queue.receive(command(1), by: gateway, at: start)
        #expect(queue.concluded(1, as: .succeeded(call), at: start).isEmpty)
        _ = answer(&queue, 1, .accepted(acceptance))
        #expect(answer(&queue, 1, .accepted(acceptance)).isEmpty)
        #expect(answer(&queue, 1, .failed(unreachable)).isEmpty)
        #expect(queue.count == 1)
    }

    // MARK: - Pressure

    @Test("A slider that is dragged makes two calls")
    func slider() {
        var queue = queue()
        var sent: [Int] = []
        var settled: [Int: Outcome.Kind] = [:]
        func note(_ actions: [CommandQueue.Action]) {
            for action in actions {
                switch action {
                case .send(let command): sent.append(command.id)
                case .settle(let command, let outcome, _): settled[command.id] = outcome.kind
                case .follow: break
                }
            }
        }
        for id in 1...40 {
            let time = Duration.milliseconds(25 * id)
            note(queue.receive(command(id, received: time), by: gateway, at: start + time))
            if id == 8 { note(answer(&queue, 1, .accepted(acceptance), after: time)) }
        }
        note(queue.concluded(1, as: .succeeded(call), at: start + .seconds(5)))
        note(answer(&queue, 40, .accepted(acceptance), after: .seconds(5)))
        note(queue.concluded(40, as: .succeeded(call), at: start + .seconds(9)))
        #expect(sent == [1, 40])
        #expect(settled.count == 40)
        #expect(settled.filter { $0.value == .succeeded }.keys.sorted() == [1, 40])
        #expect(settled.values.count { $0 == .superseded } == 38)
    }

    @Test("The twelve zones of a scene go out in their order, none lost")
    func scene() {
        var queue = queue()
        var sent: [Int] = []
        var actions: [CommandQueue.Action] = []
        for id in 1...12 { actions += queue.receive(command(id, zone: ZoneID("\(id)")), by: gateway, at: start) }
        while let action = actions.popLast() {
            guard case .send(let command) = action else { continue }
            sent.append(command.id)
            actions += answer(&queue, command.id, .accepted(acceptance), after: .milliseconds(50 * command.id))
        }
        #expect(sent == Array(1...12))
        #expect(queue.count == 12)
    }
}
