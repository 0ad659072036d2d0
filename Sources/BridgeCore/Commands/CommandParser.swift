public import Basics
import HeatingModel

/// Turns messages into commands, or into the reason why not. Nothing here knows how the heating is.
public struct CommandParser: Sendable {
    /// A message that was understood.
    public struct Parsed: Equatable, Sendable {
        public var target: Target
        public var order: Order
        public var sender: Command.Sender
        public var patience: Duration?
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
            let requested = try message.read(as: topic.form)
            sender = Command.Sender(message, subject: topic.subject, requested: requested)
            let (target, order) = try order(at: topic, requested)
            return .success(Parsed(target: target, order: order, sender: sender, patience: message.expiry))
        } catch {
            return .failure(Rejected(refusal: error, sender: sender))
        }
    }

    /// A zone may be called "Schedule": a target's own topic goes before the topic of a week.
    private func order(at topic: CommandTopic, _ requested: JSONValue) throws(Refusal) -> (Target, Order) {
        if let target = layout.target(at: topic.subject) {
            return (target, try Order(requested, form: topic.form, for: target))
        }
        if let owner = topic.scheduleOwner, let target = layout.target(at: owner) {
            return (target, try Order(schedule: requested, form: topic.form, for: target))
        }
        throw Refusal(.unknownTarget, "Nothing has the topic \"\(topic.subject.excerpt)\".")
    }
}

extension Command {
    /// A message that was understood, under a number of this run.
    public init(id: Int, _ parsed: CommandParser.Parsed, received: Instant) {
        self.init(
            id: id,
            target: parsed.target,
            order: parsed.order,
            sender: parsed.sender,
            received: received,
            patience: parsed.patience
        )
    }
}
