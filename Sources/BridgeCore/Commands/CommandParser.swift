import Foundation
import HeatingModel

/// Turns messages into commands, or into the reason why not. Nothing here knows how the heating is.
public struct CommandParser: Sendable {
    /// A message that was understood.
    public struct Parsed: Equatable, Sendable {
        public var target: Target
        public var order: ZoneOrder
        public var sender: Command.Sender
    }

    /// A message that was not, and where that is to be said.
    public struct Rejected: Error, Equatable, Sendable {
        public var refusal: Refusal
        public var sender: Command.Sender
    }

    private let layout: TopicLayout

    public init(layout: TopicLayout) {
        self.layout = layout
    }

    /// - Returns: `nil` for a message on a topic that is no command's.
    public func parse(_ message: CommandMessage) -> Result<Parsed, Rejected>? {
        guard let topic = CommandTopic(message.topic) else { return nil }
        var sender = Command.Sender(message, subject: topic.subject, requested: .null)
        do throws(Refusal) {
            if message.isRetained {
                throw Refusal(.retained, "A retained command would repeat at every reconnect; it was ignored and cleared.")
            }
            guard message.payload.count <= CommandMessage.maximumPayload else {
                throw Refusal(.tooLarge, "The payload has \(message.payload.count) bytes; 65536 are allowed.")
            }
            let requested = try Self.read(message.payload, as: topic.form)
            sender = Command.Sender(message, subject: topic.subject, requested: requested)
            guard let target = layout.target(at: topic.subject) else {
                throw Refusal(.unknownTarget, "Nothing has the topic \(topic.subject).")
            }
            guard case .zone = target else {
                throw Refusal(.notAllowed, "Only zones take commands so far.")
            }
            let order = try Self.order(requested, form: topic.form)
            return .success(Parsed(target: target, order: order, sender: sender))
        } catch {
            return .failure(Rejected(refusal: error, sender: sender))
        }
    }

    private static func read(_ payload: [UInt8], as form: CommandTopic.Form) throws(Refusal) -> JSONValue {
        guard !payload.isEmpty else { throw Refusal(.malformed, "The payload is empty.") }
        switch form {
        case .plain:
            guard let text = String(validating: payload, as: UTF8.self) else {
                throw Refusal(.malformed, "The payload is not valid UTF-8.")
            }
            return .string(text.trimmingCharacters(in: .whitespacesAndNewlines))
        case .object:
            do {
                let value = try JSONValue(parsing: payload)
                guard case .object = value else {
                    throw Refusal(.malformed, "The payload is not a JSON object such as {\"setpoint\":21.5}.")
                }
                return value
            } catch let problem as JSONProblem {
                throw Refusal(.malformed, "The payload is no JSON: \(problem.reason).")
            } catch {
                throw error as? Refusal ?? Refusal(.malformed, "The payload is no JSON.")
            }
        }
    }

    private static func order(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) -> ZoneOrder {
        switch form {
        case .object:
            return try ZoneOrder(members: requested)
        case .plain("setpoint"):
            guard let number = Double(requested.plainText), number.isFinite else {
                throw Refusal(.malformed, "The payload is not a number such as 21.5.")
            }
            return .setpoint(number, .asRunning)
        case .plain("mode"):
            return .mode(try SetpointMode(ordered: requested.plainText))
        case .plain(let attribute):
            throw Refusal(.unknownKey, "There is no attribute \"\(attribute.prefix(40))\" to set; there are setpoint and mode.")
        }
    }
}

extension ZoneOrder {
    private static let keys = ["setpoint", "until", "duration", "mode", "id", "transaction"]

    /// Reads `{"setpoint":21.5,"until":…,"duration":…}` or `{"mode":…}`.
    fileprivate init(members object: JSONValue) throws(Refusal) {
        guard case .object(let members) = object else { throw Refusal(.malformed, "The payload is not a JSON object.") }
        for member in members where !Self.keys.contains(member.key) {
            throw Refusal(
                .unknownKey,
                "The key \"\(member.key.prefix(40))\" is not known; known are \(Self.keys.joined(separator: ", "))."
            )
        }
        let end = try End(until: object["until"], duration: object["duration"])
        switch (object["setpoint"], object["mode"]) {
        case (let setpoint?, nil):
            self = .setpoint(try Self.number(setpoint), end ?? .asRunning)
        case (let setpoint?, .string(let text)?):
            self = try Self.both(setpoint: Self.number(setpoint), mode: SetpointMode(ordered: text), end: end)
        case (nil, .string(let text)?):
            guard end == nil else { throw Refusal(.incomplete, "An end needs a setpoint.") }
            self = .mode(try SetpointMode(ordered: text))
        case (_, .some):
            throw Refusal(.malformed, "The mode is not a text such as \"follow_schedule\".")
        case (nil, nil):
            throw Refusal(.incomplete, "There is neither a setpoint nor a mode.")
        }
    }

    /// A setpoint with the mode that it is to be held in.
    private static func both(setpoint: Double, mode: SetpointMode, end: End?) throws(Refusal) -> ZoneOrder {
        switch mode {
        case .permanentOverride where end == nil || end == .never: .setpoint(setpoint, .never)
        case .temporaryOverride where end != .never: .setpoint(setpoint, end ?? .nextSwitchpoint)
        default: throw Refusal(.incomplete, "The mode \(mode) contradicts the rest.")
        }
    }

    private static func number(_ value: JSONValue) throws(Refusal) -> Double {
        switch value {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        default: throw Refusal(.malformed, "The setpoint is not a number such as 21.5.")
        }
    }
}

extension ZoneOrder.End {
    /// - Returns: `nil` when neither is given.
    fileprivate init?(until: JSONValue?, duration: JSONValue?) throws(Refusal) {
        switch (until, duration) {
        case (nil, nil): return nil
        case (.some, .some): throw Refusal(.incomplete, "Both until and duration are given; only one can be.")
        case (.string(let text)?, nil): self = try Self(text)
        case (.some, nil): throw Refusal(.malformed, "The end is not a text such as \"18:00\".")
        case (nil, let duration?): self = .after(try Self.duration(duration))
        }
    }

    private init(_ text: String) throws(Refusal) {
        switch text.lowercased() {
        case "next": self = .nextSwitchpoint
        case "forever": self = .never
        default:
            if let instant = Instant(text) {
                self = .at(instant)
            } else if let time = TimeOfDay(text) {
                self = .atLocalTime(time)
            } else {
                throw Refusal(
                    .malformed,
                    "The end \"\(text.prefix(40))\" is not 2026-11-24T18:00:00Z, 18:00, next or forever."
                )
            }
        }
    }

    private static func duration(_ value: JSONValue) throws(Refusal) -> Duration {
        do {
            switch value {
            case .string(let text): return try Duration(parsing: text)
            case .integer(let minutes): return try Duration(checkingMinutes: minutes)
            default: break
            }
        } catch {
            throw Refusal(.malformed, error.description)
        }
        throw Refusal(.malformed, "The duration is not 90m, PT1H30M or a number of minutes.")
    }
}

extension SetpointMode {
    private static let known: [SetpointMode] = [.followSchedule, .temporaryOverride, .permanentOverride]

    fileprivate init(ordered text: String) throws(Refusal) {
        guard let mode = Self.known.first(where: { $0.isMeant(by: text) }) else {
            let modes = Self.known.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.malformed, "The mode \"\(text.prefix(40))\" is not one of \(modes).")
        }
        self = mode
    }
}
