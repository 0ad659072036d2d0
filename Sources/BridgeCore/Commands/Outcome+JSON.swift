public import HeatingModel

extension Outcome {
    /// The payload for `…/result`, the response topic and `bridge/event`.
    public func json(for sender: Command.Sender, times: CommandTimes = CommandTimes(), at now: Instant) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("id", sender.requestID),
            .init("outcome", .string(kind.rawValue)),
            .init("code", JSONValue(code)),
            .init("message", JSONValue(message)),
            .init("requested", sender.requested),
            .init("applied", applied.map(JSONValue.init) ?? .null),
            .init("accepted_ms", JSONValue(times.accepted?.milliseconds)),
            .init("confirmed_ms", JSONValue(times.confirmed?.milliseconds)),
            .init("at", .string(now.description)),
        ]
        if isMasked { members.append(.init("masked", .bool(true))) }
        if let transaction = sender.transaction { members.append(.init("transaction", transaction)) }
        return .object(members)
    }
}

extension JSONValue {
    fileprivate init(_ override: ZoneOverride) {
        switch override {
        case .followSchedule:
            self = ["mode": .string(override.mode.rawValue)]
        case .hold(let setpoint, let until):
            self = [
                "setpoint": .number(setpoint),
                "mode": .string(override.mode.rawValue),
                "until": JSONValue(until),
            ]
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
