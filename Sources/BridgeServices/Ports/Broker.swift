public import BridgeCore

/// The broker as the loops see it.
public protocol Broker: Sendable {
    /// Everything that comes from it. There is one consumer.
    var events: any AsyncSequence<BrokerEvent, Never> & Sendable { get }

    /// Publishes in order, without waiting for one before sending the next.
    ///
    /// - Returns: For each message whether the broker has it. None is kept to be sent later.
    func publish(_ messages: [Publication]) async -> [Bool]
}

/// Something that comes from the broker.
public enum BrokerEvent: Sendable {
    /// There is a connection. The broker may have forgotten everything.
    case connected(BrokerConnection)
    case disconnected
    case command(IncomingMessage)
    /// Something is asked of the bridge itself.
    case request(name: String, IncomingMessage)
    /// Home Assistant has started, and may know nothing of us.
    case homeAssistantStarted
    /// A bridge under another base topic has stopped.
    case bridgeStopped(base: String)
}

/// A connection, and what the broker at its end can do.
public struct BrokerConnection: Equatable, Sendable {
    public var facts: BrokerFacts
    /// Whether our own messages come back to us where we have subscribed to their topic.
    public var echoes: Bool

    public init(facts: BrokerFacts, echoes: Bool) {
        self.facts = facts
        self.echoes = echoes
    }
}

/// A message for the broker.
public struct Publication: Equatable, Sendable {
    public var topic: String
    public var payload: String
    public var isRetained: Bool
    /// Copied from a request, so that whoever sent it knows what this answers.
    public var correlationData: [UInt8]?

    public init(topic: String, payload: String, isRetained: Bool, correlationData: [UInt8]? = nil) {
        self.topic = topic
        self.payload = payload
        self.isRetained = isRetained
        self.correlationData = correlationData
    }
}
