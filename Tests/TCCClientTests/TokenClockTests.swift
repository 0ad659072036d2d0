import Basics
import HeatingModel
import Observability
import Testing

@testable import TCCClient

@Suite("Tokens and a clock that is set")
struct TokenClockTests {
    private let then = TokenCase.now
    private let credentials = TokenCase.credentials
    private var randomness = SystemRandomNumberGenerator()

    private static let jumps: [Duration] = [
        .seconds(-86_400 * 365 * 56), .seconds(-86_400 * 365), .seconds(-7200), .seconds(-1), .zero, .seconds(7200),
        .seconds(86_400 * 365), .seconds(86_400 * 365 * 9000),
    ]

    private func decision(_ memory: TokenMemory, at now: Instant) -> TokenDecision {
        var memory = memory
        memory.tidy(at: now)
        return memory.decision(at: now, with: credentials)
    }

    @Test("No hold is longer than it would be from now", arguments: jumps)
    mutating func holds(jump: Duration) throws {
        let now = then + jump
        var memory = TokenMemory(salt: 1)
        for answer in [TokenAnswer.refused, .refused, .refused, .rateLimited(retryAfter: .seconds(90_000))] {
            memory.began(.logIn(credentials), at: then)
            memory.record(answer, to: .logIn(credentials), at: then, using: &randomness)
            if case .wait(let until, _) = decision(memory, at: now) {
                #expect(until > now && until <= now + .seconds(86_400))
            }
        }
        memory.tidy(at: now)
        // A clock that stays wrong does not push the end along.
        let end = now + .seconds(86_400)
        guard case .attempt(.logIn) = decision(memory, at: end) else {
            Issue.record("still held a day later")
            return
        }
    }

    @Test("Six logins hold no longer than an hour, whatever the clock says", arguments: jumps)
    func spent(jump: Duration) {
        var memory = TokenMemory(salt: 1)
        for _ in 0..<6 { memory.logins.succeeded(at: then) }
        let now = then + jump
        memory.tidy(at: now)
        if now <= then + .seconds(3599) {
            let until = min(now, then) + .seconds(3600)
            #expect(memory.decision(at: now, with: credentials) == .wait(until: until, reason: .budgetSpent))
        }
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
