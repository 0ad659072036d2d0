import Basics
import Testing

@testable import MosquittoClient

/// Which last will is asked for, as the machine decides it. A broker is described by what it does with each.
@Suite struct LastWillTests {
    /// A broker that takes some wills only.
    struct Limits: CustomTestStringConvertible {
        var retains = true
        var maximum = MQTTQualityOfService.exactlyOnce
        var takesWills = true
        /// Whether it speaks MQTT 5 and says there what it does not do.
        var speaks5 = true

        var testDescription: String { "retains: \(retains), QoS: \(maximum), wills: \(takesWills), 5: \(speaks5)" }

        func answer(_ version: MQTTProtocolVersion, _ will: LastWillStrength) -> ConnectionFailure? {
            if version == .version5 && !speaks5 { return .refused(.unsupportedProtocolVersion) }
            guard case .will(let level, let isRetained) = will else { return nil }
            guard takesWills else { return .refused(.notAuthorized) }
            if isRetained && !retains {
                return version == .version5 ? .refused(.retainNotSupported) : .closedUnanswered
            }
            guard level > maximum else { return nil }
            return version == .version5 ? .refused(.qualityOfServiceNotSupported) : .closedUnanswered
        }
    }

    typealias Case = (limits: Limits, version: MQTTConfiguration.Version, expected: LastWillStrength)

    @Test(
        "The strongest will that a broker takes is found, and no outage is reported meanwhile",
        arguments: [
            (Limits(), .automatic, .will(.atLeastOnce, isRetained: true)),
            (Limits(retains: false), .automatic, .will(.atLeastOnce, isRetained: false)),
            (Limits(maximum: .atMostOnce), .automatic, .will(.atMostOnce, isRetained: true)),
            (Limits(retains: false, maximum: .atMostOnce), .automatic, .will(.atMostOnce, isRetained: false)),
            (Limits(retains: false), .version311, .will(.atLeastOnce, isRetained: false)),
            (Limits(maximum: .atMostOnce), .version311, .will(.atMostOnce, isRetained: true)),
            (Limits(retains: false, maximum: .atMostOnce), .version311, .will(.atMostOnce, isRetained: false)),
            (Limits(retains: false, speaks5: false), .automatic, .will(.atLeastOnce, isRetained: false)),
        ] as [Case]
    )
    func strongest(limits: Limits, version: MQTTConfiguration.Version, expected: LastWillStrength) {
        var run = Run(limits, version)
        run.connect()
        #expect(run.machine.lastWill == expected)
        #expect(run.retries.allSatisfy { !$0.beginsOutage || $0.fallsBackTo != nil })
        #expect(run.attempts <= 8)
    }

    @Test(
        "After a loss the will that was found is asked for at once",
        arguments: [MQTTConfiguration.Version.automatic, .version311]
    )
    func remembered(version: MQTTConfiguration.Version) {
        var run = Run(Limits(retains: false, maximum: .atMostOnce), version)
        run.connect()
        let attempts = run.attempts
        run.fail(.silent)
        run.connect()
        #expect(run.attempts == attempts + 1)
    }

    @Test("A broker that only closed connections while it was starting gets the full will", arguments: 1...5)
    func starting(closes: Int) {
        var run = Run(Limits(), .version311)
        for _ in 0..<closes {
            run.begin()
            run.fail(.closedUnanswered)
        }
        run.connect()
        #expect(run.machine.lastWill == run.full)
    }

    @Test("A wrong password is sent no more often than by the back-off, whatever the will")
    func wrongPassword() {
        for reason in [MQTTReasonCode.notAuthorized, .badUserNameOrPassword] {
            var run = Run(Limits(), .version311)
            for _ in 0..<20 {
                run.begin()
                run.fail(.refused(reason))
            }
            #expect(run.retries.allSatisfy { $0.delay >= .seconds(1) })
            #expect(run.retries.count(where: \.beginsOutage) == 1)
        }
    }

    @Test("A broker that denies the will's topic gets none, and says which is missing")
    func denied() {
        var run = Run(Limits(takesWills: false), .automatic)
        run.connect()
        #expect(run.machine.lastWill == .none)
        let connection = MQTTConnection(version: .version5, sessionPresent: false, keepAlive: .seconds(30))
            .limited(by: run.machine.lastWill, of: run.full)
        #expect(connection.shortcomings(publishingWith: .atLeastOnce).count == 1)
        #expect(connection.retainAvailable)
    }

    @Test(
        "With 3.1.1 a connection is limited to what its will has shown",
        arguments: [
            (LastWillStrength.will(.exactlyOnce, isRetained: true), true, MQTTQualityOfService.exactlyOnce, 0),
            (.will(.exactlyOnce, isRetained: false), false, .exactlyOnce, 1),
            (.will(.atMostOnce, isRetained: true), true, .atMostOnce, 1),
            (.will(.atMostOnce, isRetained: false), false, .atMostOnce, 2), (.none, true, .exactlyOnce, 1),
        ]
    )
    func limits(will: LastWillStrength, retains: Bool, level: MQTTQualityOfService, shortcomings: Int) {
        let connection = MQTTConnection(version: .version311, sessionPresent: false, keepAlive: .seconds(30))
            .limited(by: will, of: .will(.exactlyOnce, isRetained: true))
        #expect(connection.retainAvailable == retains)
        #expect(connection.maximumQualityOfService == level)
        #expect(connection.shortcomings(publishingWith: .exactlyOnce).count == shortcomings)
    }

    /// A machine, and what it said.
    struct Run {
        let full = LastWillStrength.will(.atLeastOnce, isRetained: true)
        let limits: Limits
        var machine: ConnectionStateMachine
        var now = ContinuousClock.now
        var retries: [ConnectionStateMachine.Retry] = []
        var attempts = 0
        private var generator = Longest()

        init(_ limits: Limits, _ version: MQTTConfiguration.Version) {
            self.limits = limits
            let backoff = Backoff(base: .seconds(1), cap: .seconds(8), floor: .zero)
            machine = ConnectionStateMachine(version: version, lastWill: full, backoff: backoff, now: now)
        }

        mutating func begin() {
            now = max(now, machine.deadline ?? now)
            guard case .connect = machine.tick(at: now) else { return }
            attempts += 1
        }

        mutating func fail(_ failure: ConnectionFailure) {
            guard case .retry(let retry) = machine.failed(failure, at: now, using: &generator) else { return }
            retries.append(retry)
        }

        /// Tries until there is a connection.
        mutating func connect() {
            for _ in 0..<30 {
                begin()
                guard let failure = limits.answer(machine.version, machine.lastWill) else {
                    if case .announce = machine.accepted(at: now) { return }
                    continue
                }
                fail(failure)
            }
        }
    }
}
