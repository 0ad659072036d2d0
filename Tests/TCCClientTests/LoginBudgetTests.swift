import Basics
import HeatingModel
import Observability
import Testing

@testable import TCCClient

@Suite("The login budget")
struct LoginBudgetTests {
    private let now = TokenCase.now
    private let credentials = TokenCase.credentials

    private func refuse(_ budget: inout LoginBudget, _ credentials: Credentials, at now: Instant) {
        budget.began(with: credentials, at: now)
        budget.wasRefused(at: now)
    }

    @Test("A refused password waits 15 minutes, then 30, then an hour each time, and never for good")
    func ladder() {
        var (budget, time) = (LoginBudget(salt: 1), now)
        for minutes in [15, 30, 60, 60, 60] {
            refuse(&budget, credentials, at: time)
            let until = time + .seconds(60 * minutes)
            #expect(budget.hold(on: credentials, at: time) == .init(until: until, reason: .passwordRefused))
            #expect(budget.hold(on: credentials, at: until - .milliseconds(1)) != nil)
            #expect(budget.hold(on: credentials, at: until) == nil)
            time = until
        }
    }

    @Test(
        "A changed password is tried at once, and two programs with different passwords do not undo each other's hold"
    )
    func changed() {
        var budget = LoginBudget(salt: 1)
        refuse(&budget, credentials, at: now)
        #expect(budget.hold(on: TokenCase.earlier, at: now) == nil)
        refuse(&budget, TokenCase.earlier, at: now)
        #expect(budget.hold(on: credentials, at: now)?.until == now + .seconds(900))
        #expect(budget.hold(on: TokenCase.earlier, at: now)?.until == now + .seconds(900))
    }

    @Test("A login whose process died counts as refused when it was sent")
    func pending() {
        var budget = LoginBudget(salt: 1)
        budget.began(with: credentials, at: now)
        budget.settlePending()
        #expect(budget.hold(on: credentials, at: now + .seconds(60))?.until == now + .seconds(900))
        #expect(budget.hold(on: TokenCase.earlier, at: now) == nil)
    }

    @Test("Six logins in an hour, and the seventh when the first is an hour old")
    func six() {
        var budget = LoginBudget(salt: 1)
        for minute in 0..<6 {
            let time = now + .seconds(60 * minute)
            #expect(budget.hold(on: credentials, at: time) == nil)
            budget.began(with: credentials, at: time)
            if minute.isMultiple(of: 2) { budget.succeeded(at: time) } else { budget.wentUnanswered(at: time) }
        }
        let hold = budget.hold(on: credentials, at: now + .seconds(360))
        #expect(hold == .init(until: now + .seconds(3600), reason: .budgetSpent))
        #expect(budget.hold(on: credentials, at: now + .seconds(3600)) == nil)
    }

    @Test("A success ends the waits; a login that the cloud did not check changes nothing")
    func success() {
        var budget = LoginBudget(salt: 1)
        refuse(&budget, credentials, at: now)
        let refused = budget
        budget.began(with: credentials, at: now)
        budget.wasNotSpent()
        #expect(budget == refused)
        budget.began(with: credentials, at: now)
        budget.succeeded(at: now)
        #expect(budget.hold(on: credentials, at: now) == nil)
    }
}
