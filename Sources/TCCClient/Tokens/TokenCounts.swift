/// Requests to the token endpoint, or logins to the older API, since the process started.
public struct TokenCounts: Equatable, Sendable {
    public private(set) var logins = 0
    public private(set) var refreshes = 0
    /// Refusals of either.
    public private(set) var refusals = 0

    public init() {}

    mutating func count(_ answer: TokenAnswer, to attempt: TokenAttempt) {
        switch attempt {
        case .logIn: logins += 1
        case .refresh: refreshes += 1
        }
        if answer == .refused { refusals += 1 }
    }

    mutating func count(_ answer: SessionAnswer) {
        logins += 1
        if answer == .refused { refusals += 1 }
    }
}
