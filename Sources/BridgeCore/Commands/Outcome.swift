import Basics
public import HeatingModel

/// How a command ended. Every command has exactly one outcome.
public struct Outcome: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The gateway took it, and the status shows it.
        case succeeded
        /// The cloud or the gateway did not do it.
        case failed
        /// It was refused before any call.
        case rejected
        /// A later command for the same target took its place.
        case superseded
        /// Its time ran out.
        case expired
    }

    public var kind: Kind
    /// For programs; `nil` for a plain success.
    public var code: String?
    /// One sentence for people; `nil` for a plain success.
    public var message: String?
    /// What was done, where it differs from what was there before.
    public var applied: Change?
    /// Whether the system's mode keeps it from showing.
    public var isMasked: Bool

    public init(
        _ kind: Kind,
        code: String? = nil,
        message: String? = nil,
        applied: Change? = nil,
        isMasked: Bool = false
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.applied = applied
        self.isMasked = isMasked
    }

    public static func rejected(_ refusal: Refusal) -> Outcome {
        Outcome(.rejected, code: refusal.code.rawValue, message: refusal.message)
    }

    public static let superseded = Outcome(
        .superseded,
        code: "superseded",
        message: "A later command for the same target took its place."
    )

    public static func expired(_ message: String) -> Outcome {
        Outcome(.expired, code: "expired", message: message)
    }

    public static func succeeded(_ plan: Plan) -> Outcome {
        Outcome(
            .succeeded,
            code: plan.notes.first?.code,
            message: plan.notes.isEmpty ? nil : plan.notes.map(\.sentence).joined(separator: " "),
            applied: plan.change,
            isMasked: plan.isMasked
        )
    }
}

extension Plan.Note {
    fileprivate var code: String {
        switch self {
        case .rounded, .endRounded: "rounded"
        case .noSchedule: "no_schedule"
        case .masked: "masked"
        case .alreadySo: "already_so"
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .rounded(let from, let to): "The setpoint \(from) °C was rounded to the zone's step, \(to) °C."
        case .endRounded(let end): "The end was moved to \(end), where the mode can end."
        case .noSchedule: "There is no schedule, so the override is permanent."
        case .masked(let mode): "The system is in the mode \(mode), which decides what happens until it ends."
        case .alreadySo: "It was so already."
        }
    }
}

/// When things happened to a command, for its outcome.
public struct CommandTimes: Equatable, Sendable {
    /// From the message to the cloud's acceptance.
    public var accepted: Duration?
    /// From the message to the status that shows it.
    public var confirmed: Duration?

    public init(accepted: Duration? = nil, confirmed: Duration? = nil) {
        self.accepted = accepted
        self.confirmed = confirmed
    }
}
