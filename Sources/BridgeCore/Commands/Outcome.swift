public import Basics
public import HeatingModel

/// How a command ended. Every command has exactly one outcome.
public struct Outcome: Equatable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The gateway accepted it, and the status shows it.
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
    /// The call that was made, or was not needed.
    public var applied: CloudCall?
    /// Whether the system's mode overrides it for now.
    public var isMasked: Bool

    public init(
        _ kind: Kind,
        code: String? = nil,
        message: String? = nil,
        applied: CloudCall? = nil,
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

    /// The code of a command that the gateway did not carry out.
    static let taskFailed = "task_failed"

    public static func expired(_ message: String) -> Outcome {
        Outcome(.expired, code: "expired", message: message)
    }

    public static func succeeded(_ call: PlannedCall) -> Outcome {
        Outcome(
            .succeeded,
            code: call.notes.first?.code,
            message: call.notes.isEmpty ? nil : call.notes.map(\.sentence).joined(separator: " "),
            applied: call.call,
            isMasked: call.isMasked
        )
    }
}

extension PlannedCall.Note {
    fileprivate var code: String {
        switch self {
        case .rounded, .endRounded: "rounded"
        case .limited: "limited"
        case .countedInDays: "days"
        case .noSchedule: "no_schedule"
        case .masked: "masked"
        case .alreadySo: "already_so"
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .rounded(let from, let to): "The setpoint \(from) °C was rounded to the zone's step, \(to) °C."
        case .endRounded(let end): "The end was rounded to \(end), the next that is possible."
        case .limited(let setpoint): "The setpoint was limited to the zone's range, to \(setpoint) °C."
        case .countedInDays: "The duration has no unit, so it was taken as days."
        case .noSchedule: "There is no next switchpoint, so the override is permanent."
        case .masked(let mode): "The system is in the mode \(mode), which overrides this until it ends."
        case .alreadySo: "Nothing to do: it is already set."
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

extension Outcome {
    /// The payload for `…/result`, the response topic and `bridge/event`.
    ///
    /// - Parameter zones: Those of a message for several zones; `nil` for another one.
    public func json(
        for sender: Command.Sender,
        times: CommandTimes = CommandTimes(),
        zones: [GroupOutcome.Zone]? = nil,
        at now: Instant
    ) -> JSONValue {
        var members: [JSONValue.Member] = [.init("id", sender.requestID)]
        members += self.members(times: times, requested: sender.requested, at: now)
        if let transaction = sender.transaction { members.append(.init("transaction", transaction)) }
        if let zones {
            // Without what was requested, which is the same for all.
            let outcomes = zones.map { zone in
                JSONValue.Member(
                    zone.name,
                    .object(zone.outcome.members(times: zone.times, requested: nil, at: zone.at))
                )
            }
            members.append(.init("zones", .object(outcomes)))
        }
        return .object(members)
    }

    private func members(times: CommandTimes, requested: JSONValue?, at now: Instant) -> [JSONValue.Member] {
        JSONValue.Member.all([
            "outcome": .string(kind.rawValue),
            "code": JSONValue(code),
            "message": JSONValue(message),
            "requested": requested,
            "applied": applied.map(JSONValue.init) ?? .null,
            "accepted_ms": JSONValue(times.accepted?.milliseconds),
            "confirmed_ms": JSONValue(times.confirmed?.milliseconds),
            "at": .string(now.description),
            "masked": isMasked ? .bool(true) : nil,
        ])
    }
}

extension JSONValue {
    fileprivate init(_ call: CloudCall) {
        switch call {
        case .zone(_, let override): self.init(override)
        case .hotWater(_, let override): self.init(override)
        case .system(_, let mode, let until):
            self = [
                "mode": .string(mode.rawValue),
                "permanent": .bool(until == nil),
                "until": JSONValue(until),
            ]
        case .zoneSchedule(_, let schedule): self = ["schedule": schedule.json]
        case .hotWaterSchedule(_, let schedule): self = ["schedule": schedule.json]
        }
    }

    private init<Value: SetpointOrState>(_ override: Override<Value>) {
        switch override {
        case .followSchedule:
            self = ["mode": .string(override.mode.rawValue)]
        case .hold(let value, let until):
            self = .object([
                .init(Value.key, value.json),
                .init("mode", .string(override.mode.rawValue)),
                .init("until", JSONValue(until)),
            ])
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
