public import HeatingModel

/// A message that asks for something that can be done, and has not got its outcome yet.
public struct Command: Equatable, Sendable, Identifiable {
    /// Counts messages within one run.
    public var id: Int
    public var target: Target
    public var order: ZoneOrder
    public var sender: Sender
    public var received: Instant

    public init(id: Int, target: Target, order: ZoneOrder, sender: Sender, received: Instant) {
        self.id = id
        self.target = target
        self.order = order
        self.sender = sender
        self.received = received
    }

    /// Who wants to know what came of it, and what they asked for in their own words.
    public struct Sender: Equatable, Sendable {
        /// The topic of what is commanded.
        public var subject: String
        public var responseTopic: String?
        public var correlationData: [UInt8]?
        /// The request's `id`.
        public var requestID: JSONValue
        /// The request's `transaction`.
        public var transaction: JSONValue?
        /// The request as it was read.
        public var requested: JSONValue

        /// Where the outcome goes.
        public var resultTopic: String { "\(subject)/result" }

        public init(_ message: CommandMessage, subject: String, requested: JSONValue) {
            self.subject = subject
            responseTopic = message.responseTopic
            correlationData = message.correlationData
            transaction = requested["transaction"]
            requestID = requested["id"] ?? transaction ?? .null
            self.requested = requested
        }

        /// The sender of a message that was never read.
        ///
        /// - Returns: `nil` when its topic is no command's.
        public init?(unread message: CommandMessage) {
            guard let topic = CommandTopic(message.topic) else { return nil }
            self.init(message, subject: topic.subject, requested: .null)
        }
    }
}
