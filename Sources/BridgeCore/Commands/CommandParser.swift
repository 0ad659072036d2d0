public import Basics
import HeatingModel

/// Turns messages into commands, or into the reason why not. It does not look at the state of the heating.
public struct CommandParser: Sendable {
    /// A message that is no command, and where to say so.
    public struct Rejection: Error, Equatable, Sendable {
        public var refusal: Refusal
        public var sender: Command.Sender
    }

    private let layout: TopicLayout

    public init(layout: TopicLayout) {
        self.layout = layout
    }

    /// - Parameters:
    ///   - message: As it arrived.
    ///   - topic: The message's topic.
    ///   - id: The command's number within this run.
    ///   - received: When the message arrived.
    public func parse(
        _ message: IncomingMessage,
        on topic: CommandTopic,
        id: Int,
        received: Uptime
    ) throws(Rejection) -> Command {
        var sender = Command.Sender(subject: topic.subject, message: message)
        do throws(Refusal) {
            sender.requested = try message.content(as: topic.form)
            guard let subject = layout.subject(of: topic) else {
                throw Refusal(.unknownTarget, "Nothing has the topic \"\(topic.subject.excerpt)\".")
            }
            return Command(
                id: id,
                target: subject.target,
                action: try CommandAction(sender.requested, form: topic.form, for: subject),
                sender: sender,
                received: received,
                patience: message.expiry
            )
        } catch {
            throw Rejection(refusal: error, sender: sender)
        }
    }
}
