public import Basics
public import HeatingModel

/// The state of the cloud, from its last answers.
public struct CloudHealth: Equatable, Sendable {
    public enum State: String, Sendable, CaseIterable {
        case ok
        /// The values that are shown are older than they should be.
        case stale
        case rateLimited = "rate_limited"
        case unauthorised
        case unreachable
    }

    public private(set) var state: State
    /// When this state began.
    public private(set) var since: Instant
    public private(set) var lastSuccess: Instant?
    /// When it is asked again, while it fails.
    public private(set) var retryAt: Instant?
    /// What is wrong, in one sentence.
    public private(set) var error: String?

    /// Nothing has been asked yet, so all that is shown is old.
    public init(at now: Instant) {
        state = .stale
        since = now
    }

    /// - Parameter isWhole: Whether every location was read when it was last asked for. While one was not, its values
    ///   are old, and the error stays.
    public mutating func succeeded(at now: Instant, isWhole: Bool = true) {
        enter(isWhole ? .ok : .stale, at: now)
        lastSuccess = now
        if isWhole { (retryAt, error) = (nil, nil) }
    }

    /// - Parameter retryAt: When it is asked again.
    public mutating func failed(_ failure: CloudFailure, at now: Instant, retryAt: Instant?) {
        switch failure.kind {
        case .unreachable, .storage: enter(.unreachable, at: now)
        case .rateLimited: enter(.rateLimited, at: now)
        case .unauthorised: enter(.unauthorised, at: now)
        // One location that the cloud refuses leaves the values of that location old.
        case .refused: enter(.stale, at: now)
        case .cancelled: return
        }
        (self.retryAt, error) = (retryAt, failure.sentence)
    }

    private mutating func enter(_ new: State, at now: Instant) {
        guard state != new else { return }
        state = new
        since = now
    }

    /// Whether it says more than that the cloud still answers. That is news, too, every five seconds.
    ///
    /// While a command is followed, the cloud is asked every three seconds, and nobody needs to hear of each answer.
    func isNews(after earlier: Self) -> Bool {
        var renewed = earlier
        renewed.lastSuccess = lastSuccess
        guard renewed == self, let before = earlier.lastSuccess, let lastSuccess else { return self != earlier }
        return !(.zero..<Duration.seconds(5)).contains(before.duration(to: lastSuccess))
    }
}
