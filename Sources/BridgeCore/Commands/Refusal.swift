/// Why a command is not carried out, before the cloud hears of it.
public struct Refusal: Error, Equatable, Sendable {
    /// For programs; what each one means stands beside it.
    public enum Code: String, Sendable {
        /// The payload cannot be read.
        case malformed
        /// The payload has a key that is not known.
        case unknownKey = "unknown_key"
        /// The payload lacks what it needs, or contradicts itself.
        case incomplete
        /// A number, time or duration is not within what the zone takes.
        case outOfRange = "out_of_range"
        /// The zone, hot water or system does not take this mode.
        case notAllowed = "not_allowed"
        /// The end lies in the past.
        case inThePast = "in_the_past"
        /// No zone, hot water or system has this topic.
        case unknownTarget = "unknown_target"
        /// The message was retained.
        case retained
        /// Too many commands are waiting.
        case busy
        /// The payload is larger than 64 KiB.
        case tooLarge = "too_large"
    }

    public var code: Code
    /// One sentence for people.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
