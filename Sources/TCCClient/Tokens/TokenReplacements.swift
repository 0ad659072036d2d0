import Basics
import HeatingModel

/// Keeps a 401 from turning into a loop: a token that replaced a refused one and was itself never accepted is replaced
/// once more, since the cloud may have revoked it meanwhile; the next one after a minute, then two, up to an hour.
struct TokenReplacements: Equatable, Sendable {
    private enum State: Equatable {
        /// The token in use was accepted, or nobody has refused one.
        case settled
        /// A token was refused; before it, so many replacements were refused without ever being accepted.
        case replacing(fruitless: Int)
        /// This token replaced a refused one, and the cloud has not accepted it yet.
        case unproved(AccessToken, fruitless: Int, since: Instant)
    }

    private var state = State.settled
    /// The tokens that the cloud refused last; they are not used again, whoever still has them.
    private(set) var refused: [AccessToken] = []

    /// - Returns: The failure to report instead of replacing the token, or `nil` when it may be replaced.
    func refuseReplacing(_ token: AccessToken, at now: Instant) -> CloudFailure? {
        guard case .unproved(token, let fruitless, let since) = state else { return nil }
        let over = since + Self.hold(fruitless: fruitless)
        // One that begins in the future comes from a clock that was set back.
        guard since <= now, now < over else { return nil }
        return CloudFailure(
            .unauthorised,
            "The cloud refuses a token that it has just handed out.",
            retryAt: over
        )
    }

    /// The cloud answered 401 to it.
    mutating func refused(_ token: AccessToken) {
        if !refused.contains(token) { refused = refused.suffix(7) + [token] }
        switch state {
        case .settled: state = .replacing(fruitless: 0)
        case .unproved(token, let fruitless, _): state = .replacing(fruitless: fruitless + 1)
        // A late answer to a token that is already replaced.
        case .unproved, .replacing: break
        }
    }

    /// Callers get this token from now on.
    mutating func replaced(by token: AccessToken, at now: Instant) {
        guard case .replacing(let fruitless) = state else { return }
        state = .unproved(token, fruitless: fruitless, since: now)
    }

    /// The cloud accepted it.
    mutating func proved(_ token: AccessToken) {
        guard case .unproved(token, _, _) = state else { return }
        state = .settled
    }

    private static func hold(fruitless: Int) -> Duration {
        fruitless == 0 ? .zero : min(.seconds(60) * (1 << min(fruitless - 1, 6)), .seconds(3600))
    }
}
