import Basics
import Testing

@testable import MosquittoClient

/// Every state with every input. Times are seconds after the machine was made.
@Suite struct ConnectionStateMachineTests {
    typealias Machine = ConnectionStateMachine

    enum Situation: CaseIterable { case waiting, connecting, connected, sayingFarewell, disconnecting, stopped }

    let start = ContinuousClock.now

    func machine(
        _ situation: Situation,
        version: MQTTConfiguration.Version = .automatic
    ) -> Machine {
        let backoff = Backoff(base: .seconds(1), cap: .seconds(8), floor: .zero)
        var machine = Machine(version: version, backoff: backoff, now: start)
        if situation == .waiting { return machine }
        _ = machine.tick(at: start)
        if situation == .connecting { return machine }
        _ = machine.accepted(at: start)
        if situation == .connected { return machine }
        _ = machine.stop(at: start)
        if situation == .sayingFarewell { return machine }
        _ = machine.farewellSettled(at: start)
        if situation == .disconnecting { return machine }
        var generator = Longest()
        _ = machine.failed(.silent, at: start, using: &generator)
        return machine
    }

    func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test(
        "What is due is done, and nothing before",
        arguments: [
            (Situation.waiting, 0.0, Machine.TickAction.connect(.version5, .none)),
            (.connecting, 9.9, .doNothing), (.connecting, 10, .giveUp(.timedOut)),
            (.connected, 1_000_000, .doNothing),
            (.sayingFarewell, 0.9, .doNothing), (.sayingFarewell, 1, .disconnect),
            (.disconnecting, 0.3, .doNothing), (.disconnecting, 0.4, .stop),
            (.stopped, 1_000_000, .doNothing),
        ]
    )
    func tick(situation: Situation, seconds: Double, expected: Machine.TickAction) {
        var machine = machine(situation)
        #expect(machine.tick(at: at(seconds)) == expected)
    }

    @Test("Only an attempt can be accepted", arguments: Situation.allCases)
    func accepted(situation: Situation) {
        var machine = machine(situation)
        let before = machine.state
        let action = machine.accepted(at: at(1))
        #expect(action == (situation == .connecting ? .announce(outage: nil) : .doNothing))
        #expect(machine.state == (situation == .connecting ? .connected(since: at(1)) : before))
    }

    @Test("A failure leads to another attempt, or to the end of one that is leaving", arguments: Situation.allCases)
    func failed(situation: Situation) {
        var machine = machine(situation)
        var generator = Longest()
        let action = machine.failed(.silent, at: at(1), using: &generator)
        switch situation {
        case .waiting, .stopped:
            #expect(action == .doNothing)
        case .connecting, .connected:
            #expect(action == .retry(.init(delay: .seconds(1), beginsOutage: true, isNews: true)))
            #expect(machine.deadline == at(2))
            #expect(machine.tick(at: at(2)) == .connect(.version5, .none))
        case .sayingFarewell, .disconnecting:
            #expect(action == .stop)
            #expect(machine.state == .stopped)
        }
    }

    @Test("Leaving sends a farewell if there is a connection", arguments: Situation.allCases)
    func stop(situation: Situation) {
        var machine = machine(situation)
        let before = machine.state
        let action = machine.stop(at: at(1))
        switch situation {
        case .waiting, .connecting:
            #expect(action == .stop)
            #expect(machine.state == .stopped)
        case .connected:
            #expect(action == .sayFarewell)
            #expect(machine.state == .sayingFarewell(deadline: at(2)))
        case .sayingFarewell, .disconnecting, .stopped:
            #expect(action == .doNothing)
            #expect(machine.state == before)
        }
    }

    @Test("An acknowledged farewell disconnects, once", arguments: Situation.allCases)
    func farewellSettled(situation: Situation) {
        var machine = machine(situation)
        let expected: Machine.FarewellAction = situation == .sayingFarewell ? .disconnect : .doNothing
        #expect(machine.farewellSettled(at: at(0.5)) == expected)
    }

    @Test("From stop to stopped never takes 2 s")
    func leavingIsBounded() {
        var machine = machine(.connected)
        _ = machine.stop(at: at(0))
        var now = start
        while let deadline = machine.deadline {
            now = deadline
            _ = machine.tick(at: now)
        }
        #expect(machine.state == .stopped)
        #expect(now < at(2))
    }

    @Test("Waiting times double up to the limit, and start again after a stable connection")
    func backsOff() {
        var machine = machine(.waiting)
        #expect(machine.failures(.silent, count: 5) == [1, 2, 4, 8, 8].map(Duration.seconds))
        _ = machine.tick(at: at(1_000))
        _ = machine.accepted(at: at(1_000))
        var generator = Longest()
        let early = machine.failed(.silent, at: at(1_001), using: &generator)
        #expect(early.retry?.delay == .seconds(8))
        _ = machine.tick(at: at(2_000))
        _ = machine.accepted(at: at(2_000))
        let late = machine.failed(.silent, at: at(2_010), using: &generator)
        #expect(late.retry?.delay == .seconds(1))
    }

    @Test("However often and for whatever reasons attempts fail, it is one outage")
    func outage() {
        var machine = machine(.connecting)
        var generator = Longest()
        let unreachable = ConnectionFailure.unreachable("connection refused")
        let first = machine.failed(unreachable, at: at(1), using: &generator).retry
        #expect(first?.beginsOutage == true && first?.isNews == true)
        _ = machine.tick(at: at(10))
        let second = machine.failed(unreachable, at: at(11), using: &generator).retry
        #expect(second?.beginsOutage == false && second?.isNews == false)
        _ = machine.tick(at: at(20))
        let third = machine.failed(.refused(.notAuthorized), at: at(21), using: &generator).retry
        #expect(third?.beginsOutage == false && third?.isNews == true)
        _ = machine.tick(at: at(30))
        #expect(machine.accepted(at: at(31)) == .announce(outage: .seconds(30)))
    }

    @Test(
        "The other version of MQTT is tried when the broker seems not to speak this one",
        arguments: [
            (MQTTConfiguration.Version.automatic, [ConnectionFailure.refused(.unsupportedProtocolVersion)], true),
            (.version5, [.refused(.unsupportedProtocolVersion)], false),
            (.automatic, [.closedUnanswered, .closedUnanswered], false),
            (.automatic, [.closedUnanswered, .closedUnanswered, .closedUnanswered], true),
            (.version5, [.closedUnanswered, .closedUnanswered, .closedUnanswered], false),
            (.automatic, [.closedUnanswered, .closedUnanswered, .timedOut, .closedUnanswered], false),
            (.automatic, [.refused(.notAuthorized), .refused(.notAuthorized), .refused(.notAuthorized)], false),
        ]
    )
    func fallsBack(version: MQTTConfiguration.Version, failures: [ConnectionFailure], expected: Bool) {
        var machine = machine(.waiting, version: version)
        for failure in failures { machine.failures(failure, count: 1) }
        #expect((machine.version == .version311) == expected)
    }

    @Test("A broker that closed connections while starting is not taken for an old one for ever")
    func fallsBackAndForth() {
        var machine = machine(.waiting)
        machine.failures(.closedUnanswered, count: 3)
        #expect(machine.version == .version311)
        machine.failures(.closedUnanswered, count: 3)
        #expect(machine.version == .version5)
    }

    @Test("A broker that has spoken 5 is not taken for an old one because a proxy closes connections")
    func proxy() {
        var machine = machine(.connected)
        machine.failures(.closedUnanswered, count: 10)
        #expect(machine.version == .version5)
        machine.failures(.refused(.unsupportedProtocolVersion), count: 1)
        #expect(machine.version == .version311)
    }

    @Test("After a loss 5 is tried again, unless the broker has said that it does not speak it")
    func guessIsNotKept() {
        for (failure, count, expected) in [
            (ConnectionFailure.closedUnanswered, 3, MQTTProtocolVersion.version5),
            (.refused(.unsupportedProtocolVersion), 1, .version311),
        ] {
            var machine = machine(.waiting)
            machine.failures(failure, count: count)
            #expect(machine.tick(at: at(1_000)) == .connect(.version311, .none))
            _ = machine.accepted(at: at(1_000))
            var generator = Longest()
            _ = machine.failed(.silent, at: at(1_100), using: &generator)
            #expect(machine.version == expected)
        }
    }

    @Test("Only 3.1.1 is spoken when the configuration says so")
    func version311() {
        var machine = machine(.waiting, version: .version311)
        #expect(machine.tick(at: start) == .connect(.version311, .none))
    }

    @Test("A second client with the same id is suspected once, after three early losses in a row")
    func suspectsRival() {
        #expect(suspicions(lifetimes: [1, 1, 1, 1, 1, 1]) == [false, false, true, false, false, false])
        #expect(suspicions(lifetimes: [1, 1, 10, 1, 1, 1]) == [false, false, false, false, false, true])
    }

    func suspicions(lifetimes: [Double]) -> [Bool?] {
        var machine = machine(.waiting)
        var generator = Longest()
        var now = start
        return lifetimes.map { lifetime in
            now += .seconds(100)
            _ = machine.tick(at: now)
            _ = machine.accepted(at: now)
            return machine.failed(.lost(""), at: now + .seconds(lifetime), using: &generator).retry?.suspectsRival
        }
    }
}

extension ConnectionStateMachine {
    /// Lets `count` attempts fail.
    @discardableResult
    fileprivate mutating func failures(_ failure: ConnectionFailure, count: Int) -> [Duration?] {
        var generator = Longest()
        return (0..<count).map { _ in
            let now = deadline ?? .now
            _ = tick(at: now)
            return failed(failure, at: now, using: &generator).retry?.delay
        }
    }
}

extension ConnectionStateMachine.FailedAction {
    fileprivate var retry: ConnectionStateMachine.Retry? { if case .retry(let retry) = self { retry } else { nil } }
}

/// Draws the greatest number, so that jitter gives the longest waiting time.
///
/// It has a size, since the thread sanitizer trips over the address of an `inout` value that has none.
struct Longest: RandomNumberGenerator {
    private let number = UInt64.max
    mutating func next() -> UInt64 { number }
}
