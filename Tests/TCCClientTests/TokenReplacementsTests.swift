import HeatingModel
import Observability
import Testing

@testable import TCCClient

@Suite("Replacing refused tokens")
struct TokenReplacementsTests {
    private let now = TokenCase.now

    private func token(_ name: String) -> AccessToken {
        AccessToken(value: Secret(name), expires: now + .seconds(1800))
    }

    @Test("A replacement that was never accepted is replaced after a minute, then two, up to an hour")
    func ladder() {
        var (replacements, time, current) = (TokenReplacements(), now, token("0"))
        for (number, minutes) in [0, 1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            if minutes > 0 {
                #expect(replacements.refuseReplacing(current, at: time)?.retryAt == time + .seconds(60 * minutes))
                time = time + .seconds(60 * minutes)
            }
            #expect(replacements.refuseReplacing(current, at: time) == nil)
            replacements.refused(current)
            current = token("\(number + 1)")
            replacements.replaced(by: current, at: time)
        }
    }

    @Test("One that was accepted is replaced at once")
    func proved() {
        var replacements = TokenReplacements()
        replacements.refused(token("a"))
        replacements.replaced(by: token("b"), at: now)
        replacements.proved(token("a"))
        #expect(replacements.refuseReplacing(token("b"), at: now) != nil)
        replacements.proved(token("b"))
        #expect(replacements.refuseReplacing(token("b"), at: now) == nil)
        // A later token that replaced nothing is fresh, whatever was refused before.
        replacements.replaced(by: token("c"), at: now)
        #expect(replacements.refuseReplacing(token("c"), at: now) == nil)
    }

    @Test("A late refusal of an old token says nothing of the new one, and both stay refused")
    func late() {
        var replacements = TokenReplacements()
        replacements.refused(token("a"))
        replacements.replaced(by: token("b"), at: now)
        replacements.refused(token("a"))
        #expect(replacements.refused == [token("a")])
        replacements.refused(token("b"))
        replacements.refused(token("a"))
        #expect(Set(replacements.refused) == [token("a"), token("b")])
    }

    @Test("A clock that is set back ends the wait", arguments: [-1, -86_400 * 365])
    func clock(seconds: Int) {
        var replacements = TokenReplacements()
        replacements.refused(token("a"))
        replacements.replaced(by: token("b"), at: now)
        #expect(replacements.refuseReplacing(token("b"), at: now + .seconds(seconds)) == nil)
    }
}
