import Basics
import HeatingModel
import Observability
import Testing

@testable import TCCClient

@Suite("The decision table of tokens")
struct TokenTableTests {
    private let now = TokenCase.now

    /// What is to be done, said of the row's words and not of the memory.
    private enum Action: Equatable { case use, refresh, logIn, wait(TokenDecision.WaitReason), needsLogin }

    private func expected(_ row: TokenCase) -> Action {
        if [.valid, .nonsense, .year9999].contains(row.access) { return .use }
        let action: Action =
            switch (row.pause, row.refresh, row.password) {
            // No pause is worth waiting for when there is nothing to send after it.
            case (_, .none, .none): .needsLogin
            case (.outage, _, _): .wait(.unreachable)
            case (.rateLimit, _, _), (.fromTheFuture, _, _): .wait(.rateLimited)
            case (_, .untried, _): .refresh
            case (_, .refused, .none): .wait(.refreshRefused)
            case (_, .refusedLongAgo, .none): .refresh
            case (_, _, .changed): row.budget == .spent ? .wait(.budgetSpent) : .logIn
            case (_, _, .refused) where row.budget != .spent: .wait(.passwordRefused)
            case (_, _, .set) where row.budget == .free: .logIn
            case (_, _, .refusedLongAgo) where row.budget == .free: .logIn
            // Six logins from 39 minutes ago are over later than a refusal of two minutes ago.
            default: row.budget == .spent ? .wait(.budgetSpent) : .wait(.passwordRefused)
            }
        if row.access == .aboutToExpire, action != .refresh, action != .logIn { return .use }
        return action
    }

    private func action(_ decision: TokenDecision) -> Action {
        switch decision {
        case .use: .use
        case .attempt(.refresh): .refresh
        case .attempt(.logIn): .logIn
        case .wait(_, let reason): .wait(reason)
        case .needsLogin: .needsLogin
        }
    }

    @Test("Every combination leads to one action and one next state")
    func everyCombination() throws {
        var combinations = 0
        try TokenCase.forEach { row in
            combinations += 1
            var memory = row.memory
            memory.tidy(at: now)
            let tidied = memory
            memory.tidy(at: now)
            try #require(memory == tidied, "\(row)")

            let decision = memory.decision(at: now, with: row.credentials)
            try #require(action(decision) == expected(row), "\(row): \(decision)")
            try #require(memory.decision(at: now, with: row.credentials) == decision, "\(row)")
            try checkSecrets(in: "\(decision) \(memory) \(CloudFailure(decision))", of: row)
            if case .wait(let until, _) = decision {
                try #require(until > now && until <= now + .seconds(3600), "\(row)")
                try #require(CloudFailure(decision).retryAt == until, "\(row)")
            }
            switch (decision, row.event.answer) {
            case (.attempt(let attempt), let answer?):
                try check(answer, to: attempt, of: row, from: memory)
            case (.use(let token), nil) where row.event == .callAnswered401:
                memory.discard(token)
                try #require(memory.access == nil, "\(row)")
                try #require(memory.refresh == tidied.refresh && memory.logins == tidied.logins, "\(row)")
            default:
                // Nothing is under way, so nothing can be answered; asking changes nothing.
                try #require(memory == tidied, "\(row)")
            }
        }
        print("Combinations in the decision table: \(combinations)")
        #expect(combinations == 8 * 4 * 5 * 3 * 5 * 16)
    }

    private func check(
        _ answer: TokenAnswer,
        to attempt: TokenAttempt,
        of row: TokenCase,
        from before: TokenMemory
    ) throws {
        var (memory, randomness) = (before, SystemRandomNumberGenerator())
        memory.began(attempt, at: now)
        var isLogin = false
        if case .logIn = attempt {
            isLogin = true
            try #require(
                before.refresh == nil || before.refresh?.refusals != nil,
                "a login beside an untried token: \(row)"
            )
            try #require(memory.logins.pending?.sent == now, "\(row)")
        }
        memory.record(answer, to: attempt, at: now, using: &randomness)
        try #require(memory.logins.pending == nil || !isLogin, "\(row)")
        try checkSecrets(in: "\(answer) \(memory) \(attempt)", of: row)

        // The refresh token.
        if row.event == .granted {
            try #require(memory.refresh == RefreshToken(value: Secret("refresh-new"), obtained: now), "\(row)")
        } else {
            try #require(memory.refresh?.value == before.refresh?.value, "a refresh token was lost: \(row)")
        }
        if row.event.isRefusal, !isLogin {
            try #require(memory.refresh?.refusals?.last == now, "\(row)")
            try #require(memory.refresh?.refusals?.count == (before.refresh?.refusals?.count ?? 0) + 1, "\(row)")
        } else if !row.event.isGrant {
            try #require(memory.refresh?.refusals == before.refresh?.refusals, "marked without a refusal: \(row)")
        }
        // The access token and the pause.
        if row.event.isGrant {
            try #require(memory.access?.expires == now + .seconds(1799), "\(row)")
            try #require(memory.pause == nil, "\(row)")
            try #require(action(memory.decision(at: now, with: row.credentials)) == .use, "\(row)")
        } else {
            try #require(memory.access == before.access, "\(row)")
        }
        if let pause = memory.pause {
            try #require(pause.reason == (row.event.isLimit ? .rateLimited : .unreachable), "\(row)")
            try #require(pause.over > now && pause.over <= now + .seconds(3600), "\(row)")
            if row.event == .limitedWithRetryAfter { try #require(pause.over == now + .seconds(600), "\(row)") }
            if row.event == .limited, isLogin { try #require(pause.over >= now + .seconds(900), "\(row)") }
        } else {
            try #require(row.event.isGrant || row.event.isRefusal, "\(row)")
        }
        // The budget.
        let spent = memory.logins.logins.count - before.logins.logins.count
        try #require(spent == (isLogin && (row.event.isGrant || row.event.isSilence) ? 1 : 0), "\(row)")
        // What comes next is never the same again at once.
        if !row.event.isGrant, case .attempt(let next) = memory.decision(at: now, with: row.credentials) {
            try #require(row.event.isRefusal && !isLogin, "a loop: \(row)")
            guard case .logIn = next else { throw Loop(row: row) }
        }
    }

    private struct Loop: Error { var row: TokenCase }

    private func checkSecrets(in text: String, of row: TokenCase) throws {
        for secret in ["access-", "refresh-at", "refresh-new", "open sesame", "before the change", "someone@"] {
            try #require(!text.contains(secret), "\(row)")
        }
    }

    @Test("Whatever the cloud answers for forty minutes, no more is sent than is allowed")
    func neverALoop() throws {
        var rows = 0
        try TokenCase.forEach { row in
            guard let answer = row.event.answer else { return }
            rows += 1
            var (memory, time, randomness) = (row.memory, now, SystemRandomNumberGenerator())
            var (logins, loginTimes) = (0, [Instant]())
            for _ in 0..<20 {
                memory.tidy(at: time)
                var attempts = 0
                while attempts < 3, case .attempt(let attempt) = memory.decision(at: time, with: row.credentials) {
                    attempts += 1
                    if case .logIn = attempt { (logins, loginTimes) = (logins + 1, loginTimes + [time]) }
                    memory.began(attempt, at: time)
                    memory.record(answer, to: attempt, at: time, using: &randomness)
                }
                try #require(attempts <= 2, "a loop: \(row)")
                time = time + .seconds(120)
            }
            let allowed: Int =
                switch row.event {
                case .granted: 1
                // With nothing to refresh with, every half hour.
                case .grantedWithoutRefresh: 2
                case _ where row.event.isRefusal: 2
                case .limited: 3
                case .limitedWithRetryAfter: 4
                case .timeout, .cut: 6
                default: 20
                }
            try #require(logins <= allowed, "\(logins) logins: \(row)")
        }
        #expect(rows == 8 * 4 * 5 * 3 * 5 * 14)
    }
}
