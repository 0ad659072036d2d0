public import Basics
public import HeatingModel

/// Something that happens and passes: the payload of `bridge/event`, beside the outcomes of commands.
public struct BridgeEvent: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case fault(FaultChange)
        case change(UnexplainedChange)
        /// The cloud cannot be read.
        case outageBegan(CloudFailure, retryAt: Instant)
        /// It can be read again.
        case outageEnded(after: Duration)
        /// Another bridge runs under the same base topic.
        case neighbour(OwnTopics.Neighbour, isSameAccount: Bool)
    }

    public var kind: Kind
    public var at: Instant

    public init(_ kind: Kind, at: Instant) {
        self.kind = kind
        self.at = at
    }

    /// - Parameter layout: By which a fault says what it is about.
    /// - Returns: `nil` for what has no topic, such as a ghost zone.
    public func json(in layout: TopicLayout?) -> JSONValue? {
        switch kind {
        case .fault(let change):
            guard let topic = layout?.topic(of: change.target) else { return nil }
            return [
                "type": "fault",
                "topic": .string(topic),
                "state": .string(change.hasBegun ? "began" : "ended"),
                "fault": .string(change.fault.kind.rawValue),
                "class": .string(change.fault.kind.faultClass.rawValue),
                "since": JSONValue(change.fault.since),
                "at": .string(at.description),
            ]
        case .change(let change):
            guard let topic = layout?.topic(of: change.target) else { return nil }
            return [
                "type": "change",
                "topic": .string(topic),
                "by": .string(Change.Cause.elsewhere.rawValue),
                "before": JSONValue(change.before),
                "after": JSONValue(change.after),
                "flags": .array(change.flags.map { .string($0.rawValue) }),
                "message": .string(change.sentence),
                "at": .string(at.description),
            ]
        case .outageBegan(let failure, let retryAt):
            return [
                "type": "warning",
                "code": .string(failure.kind.rawValue),
                "message": .string("The cloud cannot be read; the last values are kept. \(failure.sentence)"),
                "retry_at": .string(retryAt.description),
                "at": .string(at.description),
            ]
        case .outageEnded(let length):
            return [
                "type": "notice",
                "code": "recovered",
                "message": .string("The cloud can be read again after \(length.readable)."),
                "at": .string(at.description),
            ]
        case .neighbour(let other, let isSameAccount):
            return [
                "type": "warning",
                "code": "shared_base_topic",
                "message": .string(other.sentence(isSameAccount: isSameAccount)),
                "account_id": JSONValue(other.accountID),
                "locations": .array(other.locations.map(JSONValue.string)),
                "at": .string(at.description),
            ]
        }
    }
}

/// A fault that has come or gone.
public struct FaultChange: Equatable, Sendable {
    public var target: Target
    public var fault: Fault
    public var hasBegun: Bool

    public init(target: Target, fault: Fault, hasBegun: Bool) {
        self.target = target
        self.fault = fault
        self.hasBegun = hasBegun
    }

    /// What is different between two statuses of a control system, in the order of publishing.
    public static func changes(from before: ControlSystemStatus, to after: ControlSystemStatus) -> [FaultChange] {
        let (earlier, later) = (before.faultsByTarget, after.faultsByTarget)
        return later.keys.sorted().flatMap { target in
            changes(of: target, from: earlier[target] ?? [], to: later[target] ?? [])
        }
    }

    private static func changes(of target: Target, from before: [Fault], to after: [Fault]) -> [FaultChange] {
        // A fault goes on if only its reported beginning changes.
        let (earlier, later) = (Set(before.map(\.kind)), Set(after.map(\.kind)))
        let begun = after.filter { !earlier.contains($0.kind) }
        let ended = before.filter { !later.contains($0.kind) }
        return begun.map { FaultChange(target: target, fault: $0, hasBegun: true) }
            + ended.map { FaultChange(target: target, fault: $0, hasBegun: false) }
    }
}

extension ControlSystemStatus {
    fileprivate var faultsByTarget: [Target: [Fault]] {
        var faults: [Target: [Fault]] = [.system(id): self.faults]
        if let hotWater { faults[.hotWater(hotWater.id, in: id)] = hotWater.faults }
        for zone in zones { faults[.zone(zone.id, in: id)] = zone.faults }
        return faults
    }
}
