public import BridgeCore

/// The broker, as the loops see it.
public protocol Broker: Sendable {
    /// Connections, disconnections and messages, for one consumer.
    var events: any AsyncSequence<BrokerEvent, Never> & Sendable { get }

    /// Subscribes to topics beside the usual filters, for a broker that takes no wildcards; over later connections, too.
    func listen(on topics: [String])

    /// Publishes in order, without waiting for one message before sending the next.
    ///
    /// - Returns: For each message whether it is settled: the broker has it, or will never take it. The others may be
    ///   published again; none is kept to be sent later.
    func publish(_ messages: [Publication]) async -> [Bool]
}

/// Something that comes from the broker.
public enum BrokerEvent: Sendable {
    /// A new connection. The broker may have lost everything that it retained.
    case connected(BrokerConnection)
    case disconnected
    case message(IncomingMessage)
}

/// A connection, and what its broker can do.
public struct BrokerConnection: Equatable, Sendable {
    public var facts: BrokerFacts
    /// Whether messages that we publish come back to us on topics that we subscribed to.
    public var echoes: Bool

    public init(facts: BrokerFacts, echoes: Bool) {
        self.facts = facts
        self.echoes = echoes
    }
}
