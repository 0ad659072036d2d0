import Basics

/// Why a command is not carried out. No call was made for it.
public struct Refusal: Error, Equatable, Sendable {
    /// The reason, for programs.
    public enum Code: String, Sendable {
        /// The payload cannot be read.
        case malformed
        /// The payload has a key that is not known.
        case unknownKey = "unknown_key"
        /// The payload lacks what it needs, or contradicts itself.
        case incomplete
        /// A number, time or duration is out of the range that its target accepts.
        case outOfRange = "out_of_range"
        /// The zone, hot water or system does not support this mode.
        case notAllowed = "not_allowed"
        /// The end is in the past.
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

// Sentences that several kinds of command need.

extension Refusal {
    /// Nothing was read from the cloud yet, and no earlier run has left anything.
    public static let installationUnknown = Refusal(.unknownTarget, "The installation is not known yet.")

    static func unknownKey(_ key: String, known: [String]) -> Refusal {
        Refusal(.unknownKey, "The key \"\(key.excerpt)\" is not known; known keys: \(known.joined(separator: ", ")).")
    }

    /// A plain value was sent for an attribute that takes no commands.
    static func notSettable(_ attribute: String, only settable: [String]) -> Refusal {
        let known = settable.map { "\"\($0)\"" }.listing
        return Refusal(.unknownKey, "\"\(attribute.excerpt)\" cannot be set here; only \(known) can.")
    }

    /// - Parameters:
    ///   - subject: What does not support it, at the beginning of a sentence.
    ///   - kind: `mode` or `state`.
    static func unsupported(_ word: String, _ kind: String, by subject: String, supported: [String]) -> Refusal {
        let supported = supported.joined(separator: ", ")
        return Refusal(
            .notAllowed,
            "\(subject) does not support the \(kind) \(word.excerpt); supported \(kind)s: \(supported)."
        )
    }

    static func noTime(_ day: CivilDate) -> Refusal {
        Refusal(.incomplete, "The end \(day) has no time; write \"\(day) 22:00\".")
    }

    static func inThePast(_ end: Instant) -> Refusal { Refusal(.inThePast, "The end \(end) is in the past.") }

    /// - Parameter what: What would take too long, at the beginning of a sentence.
    static func tooLong(_ what: String, longest: Duration) -> Refusal {
        Refusal(.outOfRange, "\(what) is too long; the longest is \(longest.readable).")
    }
}
