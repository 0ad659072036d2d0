import Basics
import HeatingModel
import Observability
import Testing

@testable import TCCClient

@Suite("Tokens when the clock is set")
struct TokenClockTests {
    private let then = TokenCase.now
    private let credentials = TokenCase.credentials
    private var randomness = SystemRandomNumberGenerator()

    private static let jumps: [Duration] = [
        .seconds(-86_400 * 365 * 56), .seconds(-86_400 * 365), .seconds(-7200), .seconds(-1), .zero, .seconds(1000),
        .seconds(7200), .seconds(86_400 * 365), .seconds(86_400 * 365 * 9000),
    ]

    private func decision(_ memory: TokenMemory, at now: Instant) -> TokenDecision {
        var memory = memory
        memory.tidy(at: now)
        return memory.decision(at: now, with: credentials)
    }

    @Test("A wait is as long as before, or begins anew if the clock was set back", arguments: jumps)
    mutating func waits(jump: Duration) throws {
        let now = then + jump
        // What the cloud answered to logins in a row, and how long the password then rests at most.
        let answers: [(TokenAnswer, Duration)] = [
            (.refused, .seconds(900)), (.refused, .seconds(1800)), (.refused, .seconds(3600)),
            (.rateLimited(retryAfter: .seconds(90_000)), .seconds(86_400)),
        ]
        var memory = TokenMemory(salt: 1)
        for (answer, length) in answers {
            memory.began(.logIn(credentials), at: then)
            memory.record(answer, to: .logIn(credentials), at: then, using: &randomness)
            let end = min(now, then) + length
            let decision = decision(memory, at: now)
            if end > now {
                guard case .wait(end, _) = decision else {
                    Issue.record("\(answer), \(jump): \(decision) instead of a wait until \(end)")
                    continue
                }
            } else {
                #expect(decision == .attempt(.logIn(credentials)), "\(answer), \(jump)")
            }
        }
        memory.tidy(at: now)
        // A clock that stays wrong does not postpone the end.
        #expect(decision(memory, at: now + .seconds(86_400)) == .attempt(.logIn(credentials)))
    }

    @Test("Six logins block another for an hour at most, whatever the clock says", arguments: jumps)
    func spent(jump: Duration) {
        var memory = TokenMemory(salt: 1)
        for _ in 0..<6 { memory.logins.succeeded(at: then) }
        let now = then + jump
        memory.tidy(at: now)
        let end = min(now, then) + .seconds(3600)
        let expected: TokenDecision =
            now < end ? .wait(until: end, reason: .budgetSpent) : .attempt(.logIn(credentials))
        #expect(memory.decision(at: now, with: credentials) == expected)
        #expect(memory.decision(at: now + .seconds(3600), with: credentials) == .attempt(.logIn(credentials)))
    }

    @Test("A machine that boots in 1970 uses its token as soon as NTP tells the time")
    mutating func boot() {
        let boot = Instant(millisecondsSince1970: 5000)
        var memory = TokenMemory(salt: 1)
        memory.refresh = RefreshToken(value: Secret("r1"))
        guard case .attempt(let attempt) = decision(memory, at: boot) else {
            Issue.record("the refresh token is not used")
            return
        }
        let grant = TokenAnswer.Grant(accessToken: Secret("a"), lifetime: .seconds(1799), refreshToken: Secret("r2"))
        memory.record(.granted(grant), to: attempt, at: boot, using: &randomness)
        guard case .use = decision(memory, at: boot) else {
            Issue.record("a new token is not used")
            return
        }
        #expect(decision(memory, at: then) == .attempt(.refresh(RefreshToken(value: Secret("r2"), obtained: boot))))
    }

    @Test(
        "A token is used until a minute before its end, and for half its life when that is short",
        arguments: [
            (1799, 1739), (121, 61), (120, 60), (119, 59), (60, 30), (5, 2), (2, 1), (1, 0),
        ]
    )
    func margin(life: Int, usable: Int) {
        let token = AccessToken(value: Secret("a"), expires: then + .seconds(life), obtained: then)
        #expect(Int(then.duration(to: token.usableUntil) / .seconds(1)) == usable)
    }
}
