public import Basics

/// Why a call to the cloud failed, in the terms that a caller needs: whose fault it is, whether trying again can help,
/// and when.
public struct CloudFailure: Error, Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// No answer, or an answer of a broken cloud (5xx, HTML, truncated). Trying again helps.
        case unreachable
        /// The cloud limits requests, or our own login budget is spent. Trying again helps, later.
        case rateLimited = "rate_limited"
        /// Neither the tokens nor the password are accepted. A person must act.
        case unauthorised
        /// The cloud understood and said no. Trying again does not help.
        case refused
        /// The state file cannot be written, so nothing was sent. Trying again helps once the disk works.
        case storage
        /// The caller was cancelled.
        case cancelled
    }

    public var kind: Kind
    /// One sentence for people, without secrets.
    public var sentence: String
    /// The vendor's code for programs, such as `ScheduleNotFound`, if the answer had one.
    public var code: String?
    /// Trying again before this moment is useless or harmful.
    public var retryAt: Instant?
    /// Whether the call was sent and its answer lost, so that the cloud may have carried it out.
    public var isUnanswered: Bool
    /// Whether the cloud does not know what it was asked about, such as a location that was deleted, or does not let this
    /// account have it any more.
    public var isNotFound: Bool

    public init(
        _ kind: Kind,
        _ sentence: String,
        code: String? = nil,
        retryAt: Instant? = nil,
        isUnanswered: Bool = false,
        isNotFound: Bool = false
    ) {
        self.kind = kind
        self.sentence = sentence
        self.code = code
        self.retryAt = retryAt
        self.isUnanswered = isUnanswered
        self.isNotFound = isNotFound
    }

    /// Whether the same call may succeed later with nothing changed on our side.
    public var isRetriable: Bool {
        switch kind {
        case .unreachable, .rateLimited, .storage: true
        case .unauthorised, .refused, .cancelled: false
        }
    }
}

extension CloudFailure: CustomStringConvertible {
    public var description: String { sentence }
}
