public import Basics
import HeatingModel

/// A message that asks for something that can be done, and has not got its outcome yet.
public struct Command: Equatable, Sendable, Identifiable {
    /// Counts messages within one run.
    public var id: Int
    public var target: Target
    public var order: Order
    public var sender: Sender
    public var received: Instant
    /// How long the sender wants it to be tried (MQTT 5's message expiry); `nil` for as long as any.
    public var patience: Duration?

    public init(
        id: Int,
        target: Target,
        order: Order,
        sender: Sender,
        received: Instant,
        patience: Duration? = nil
    ) {
        self.id = id
        self.target = target
        self.order = order
        self.sender = sender
        self.received = received
        self.patience = patience
    }

    /// What one command at a time is about: the last of those that wait for the same subject wins.
    public var subject: Subject { Subject(target: target, isSchedule: order.isSchedule) }

    /// When it ends without success, if it has no outcome by then.
    ///
    /// - Parameter expiry: How long any command may take.
    public func deadline(expiry: Duration) -> Instant {
        received + min(expiry, patience ?? expiry)
    }

    /// A target, as it is now or as its week is planned.
    public struct Subject: Hashable, Sendable {
        public var target: Target
        public var isSchedule: Bool

        public init(target: Target, isSchedule: Bool) {
            self.target = target
            self.isSchedule = isSchedule
        }
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
            self.init(subject: subject, requested: requested)
            responseTopic = message.responseTopic
            correlationData = message.correlationData
        }

        /// A sender who sent no message, and hears of the outcome in another way.
        public init(subject: String, requested: JSONValue) {
            self.subject = subject
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
