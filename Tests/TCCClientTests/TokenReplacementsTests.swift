import Basics
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

    /// Its token, c, replaced b, which replaced a; none was accepted.
    private var held: TokenReplacements {
        var replacements = TokenReplacements()
        for (refused, next) in [("a", "b"), ("b", "c")] {
            replacements.refused(token(refused))
            replacements.replaced(by: token(next), at: now)
        }
        return replacements
    }

    @Test("A replacement that was never accepted is replaced once, then after a minute, then two, up to an hour")
    func ladder() {
        var (replacements, time, current) = (TokenReplacements(), now, token("0"))
        for (number, minutes) in [0, 0, 1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
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
        var replacements = held
        replacements.proved(token("b"))
        #expect(replacements.refuseReplacing(token("c"), at: now) != nil)
        replacements.proved(token("c"))
        #expect(replacements.refuseReplacing(token("c"), at: now) == nil)
        // A later token that replaced nothing is fresh, whatever was refused before.
        replacements.replaced(by: token("d"), at: now)
        replacements.refused(token("d"))
        replacements.replaced(by: token("e"), at: now)
        #expect(replacements.refuseReplacing(token("e"), at: now) == nil)
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
        #expect(held.refuseReplacing(token("c"), at: now) != nil)
        #expect(held.refuseReplacing(token("c"), at: now + .seconds(seconds)) == nil)
    }
}
