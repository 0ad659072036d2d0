public import Basics
public import HeatingModel

/// Something that happens and passes: the payload of `bridge/event`, beside the outcomes of commands.
public struct BridgeEvent: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case fault(FaultChange)
        /// The cloud cannot be read.
        case outageBegan(CloudFailure, retryAt: Instant)
        /// It can be read again.
        case outageEnded(after: Duration)
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
        case .outageBegan(let failure, let retryAt):
            return [
                "type": "warning",
                "code": .string(failure.kind.rawValue),
                "message": .string("The cloud cannot be read; the last values stand. \(failure.sentence)"),
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
        }
    }
}
