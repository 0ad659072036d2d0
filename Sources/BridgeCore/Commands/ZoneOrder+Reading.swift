import HeatingModel

extension ZoneOrder {
    private static let keys = ["setpoint", "until", "duration", "mode", "id", "transaction"]

    /// Reads what a message asks.
    ///
    /// - Parameter requested: An object, or for a plain value its text.
    init(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        switch form {
        case .object: try self.init(members: requested)
        case .plain("setpoint"): self = .hold(setpoint: try Self.number(plain: requested.plainText), .asRunning)
        case .plain("mode"): try self.init(mode: SetpointMode(ordered: requested.plainText))
        case .plain(let attribute):
            throw Refusal(
                .unknownKey,
                "There is no attribute \"\(attribute.excerpt)\" to set; there are setpoint and mode."
            )
        }
    }

    /// Reads `{"setpoint":21.5,"until":…,"duration":…}` or `{"mode":…}`.
    private init(members object: JSONValue) throws(Refusal) {
        guard case .object(let members) = object else { throw Refusal(.malformed, "The payload is not a JSON object.") }
        for member in members where !Self.keys.contains(member.key) {
            throw Refusal(
                .unknownKey,
                "The key \"\(member.key.excerpt)\" is not known; known are \(Self.keys.joined(separator: ", "))."
            )
        }
        let setpoint = try object["setpoint"].map { value throws(Refusal) in try Self.number(value) }
        let mode = try object["mode"].map { value throws(Refusal) in try SetpointMode(ordered: value) }
        let end = try End(until: object["until"], duration: object["duration"])
        switch (setpoint, mode, end) {
        case (let setpoint?, nil, let end): self = .hold(setpoint: setpoint, end ?? .asRunning)
        case (nil, let mode?, nil): try self.init(mode: mode)
        case (let setpoint, .permanentOverride?, nil), (let setpoint, .permanentOverride?, .never?):
            self = .hold(setpoint: setpoint, .never)
        case (let setpoint, .temporaryOverride?, let end) where end != .never:
            self = .hold(setpoint: setpoint, end ?? .nextSwitchpoint)
        case (_, let mode?, _): throw Refusal(.incomplete, "The mode \(mode) contradicts the rest.")
        case (nil, nil, .some): throw Refusal(.incomplete, "An end needs a setpoint or a mode.")
        case (nil, nil, nil): throw Refusal(.incomplete, "There is neither a setpoint nor a mode.")
        }
    }

    /// A mode alone keeps the present setpoint.
    private init(mode: SetpointMode) throws(Refusal) {
        switch mode {
        case .permanentOverride: self = .hold(setpoint: nil, .never)
        case .temporaryOverride: self = .hold(setpoint: nil, .nextSwitchpoint)
        default: self = .followSchedule
        }
    }

    private static func number(_ value: JSONValue) throws(Refusal) -> Double {
        switch value {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        default: throw Refusal(.malformed, "The setpoint is not a number such as 21.5.")
        }
    }

    private static func number(plain text: String) throws(Refusal) -> Double {
        // Swift would also take nan, inf and 0x15.
        guard let value = try? JSONValue(parsing: text.utf8) else {
            throw Refusal(.malformed, "The setpoint \"\(text.excerpt)\" is not a number such as 21.5.")
        }
        return try number(value)
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
                    "The end \"\(text.excerpt)\" is not 2026-11-24T18:00:00Z, 18:00, next or forever."
                )
            }
        }
    }

    private static func duration(_ value: JSONValue) throws(Refusal) -> Duration {
        do throws(DurationTextError) {
            switch value {
            case .string(let text): return try Duration(parsing: text)
            case .integer(let minutes): return try Duration(checkingMinutes: minutes)
            // Some programs write 90.0 for 90.
            case .number(let number):
                if let minutes = Int(exactly: number) { return try Duration(checkingMinutes: minutes) }
            default: break
            }
        } catch {
            throw Refusal(.malformed, error.description.excerpt(upTo: 200))
        }
        throw Refusal(.malformed, "The duration is not 90m, PT1H30M or a whole number of minutes.")
    }
}

extension SetpointMode {
    private static let known: [SetpointMode] = [.followSchedule, .temporaryOverride, .permanentOverride]

    fileprivate init(ordered value: JSONValue) throws(Refusal) {
        guard case .string(let text) = value else {
            throw Refusal(.malformed, "The mode is not a text such as \"follow_schedule\".")
        }
        try self.init(ordered: text)
    }

    fileprivate init(ordered text: String) throws(Refusal) {
        guard let mode = Self.known.first(where: { $0.isMeant(by: text) }) else {
            let modes = Self.known.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.malformed, "The mode \"\(text.excerpt)\" is not one of \(modes).")
        }
        self = mode
    }
}
