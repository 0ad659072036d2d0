public import Basics
import HeatingModel

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
    fileprivate init(_ change: Change) {
        switch change {
        case .zone(_, let override): self.init(override)
        case .hotWater(_, let override): self.init(override)
        case .system(_, let mode, let until):
            self = [
                "mode": .string(mode.rawValue),
                "permanent": .bool(until == nil),
                "until": JSONValue(until),
            ]
        case .zoneSchedule(_, let week): self = ["schedule": week.json]
        case .hotWaterSchedule(_, let week): self = ["schedule": week.json]
        }
    }

    private init<Value: HeldValue>(_ override: Override<Value>) {
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
