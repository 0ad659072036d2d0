import HeatingModel

/// Keeps a 401 from turning into a loop: a token that replaced a refused one and was itself never accepted is not
/// replaced again at once, but after a minute, then two, up to an hour.
struct TokenReplacements: Equatable, Sendable {
    /// The token that the cloud refused last; it is not used again, whoever still has it.
    private(set) var lastRefused: AccessToken?
    private var unproved: AccessToken?
    private var fruitless = 0
    private var heldUntil: Instant?

    /// - Returns: The failure to report instead of replacing the token, or `nil` when it may be replaced.
    func refuseReplacing(_ token: AccessToken, at now: Instant) -> CloudFailure? {
        // A hold of more than an hour comes from a clock that was set back.
        guard token == unproved, let heldUntil, now < heldUntil, heldUntil - .seconds(3600) <= now else { return nil }
        return CloudFailure(
            .unauthorised,
            "The cloud refuses a token that it has just handed out.",
            retryAt: heldUntil
        )
    }

    /// The cloud answered 401 to it.
    mutating func refused(_ token: AccessToken) {
        lastRefused = token
    }

    /// Callers get this token from now on.
    mutating func replaced(by token: AccessToken, at now: Instant) {
        guard let lastRefused, token != unproved else { return }
        fruitless = lastRefused == unproved ? fruitless + 1 : 0
        unproved = token
        heldUntil = now + min(.seconds(60) * (1 << min(fruitless, 6)), .seconds(3600))
    }

    /// The cloud accepted it.
    mutating func proved(_ token: AccessToken) {
        guard token == unproved else { return }
        (unproved, heldUntil, fruitless) = (nil, nil, 0)
    }
}
