public import Basics
import HeatingModel

/// A valid command, from its arrival to its outcome.
public struct Command: Equatable, Sendable, Identifiable {
    /// Counts commands within one run.
    public var id: Int
    public var target: Target
    public var action: CommandAction
    public var sender: Sender
    public var received: Uptime
    /// How long the sender wants it to be tried (MQTT 5's message expiry); `nil` for no limit of its own.
    public var patience: Duration?
    /// Whether the answer to its last call was lost, so that the cloud may have carried it out.
    public var isUnanswered = false
    /// How long the sender waits for the cloud to accept it; `nil` for as long as the command may take.
    public var patienceForAcceptance: Duration?
    /// Whose it is.
    public var cause: Change.Cause

    public init(
        id: Int,
        target: Target,
        action: CommandAction,
        sender: Sender,
        received: Uptime,
        patience: Duration? = nil,
        patienceForAcceptance: Duration? = nil,
        by cause: Change.Cause = .bridge
    ) {
        self.id = id
        self.target = target
        self.action = action
        self.sender = sender
        self.received = received
        self.patience = patience
        self.patienceForAcceptance = patienceForAcceptance
        self.cause = cause
    }

    /// The subject that only one command at a time may change. Of commands that wait for the same subject the last one wins.
    public var subject: Subject { Subject(target: target, isSchedule: action.isSchedule) }

    /// When the command expires if it has no outcome by then.
    ///
    /// - Parameter expiry: How long any command may take.
    public func deadline(expiry: Duration) -> Uptime {
        received + min(expiry, patience ?? expiry)
    }

    /// When the command expires if it has not been sent by then.
    ///
    /// - Parameter expiry: How long any command may take.
    func sendingDeadline(expiry: Duration) -> Uptime {
        min(deadline(expiry: expiry), received + (patienceForAcceptance ?? expiry))
    }

    /// The present state of a target, or its schedule.
    public struct Subject: Hashable, Sendable {
        public var target: Target
        public var isSchedule: Bool

        public init(target: Target, isSchedule: Bool) {
            self.target = target
            self.isSchedule = isSchedule
        }
    }

    /// Where the outcome goes, and the request in the sender's own words.
    public struct Sender: Equatable, Sendable {
        /// The subject's topic.
        public var subject: String
        public var responseTopic: String?
        public var correlationData: [UInt8]?
        /// The request as it was read; `null` if it could not be.
        public var requested: JSONValue
        /// The journal's entry for the message; `nil` if it is not kept over a restart.
        public var journalEntry: Int?

        /// - Parameter message: `nil` for a command of the bridge's own.
        public init(subject: String, requested: JSONValue = .null, message: IncomingMessage? = nil) {
            self.subject = subject
            self.requested = requested
            responseTopic = message?.responseTopic
            correlationData = message?.correlationData
            journalEntry = message?.journalEntry
        }

        /// The sender of a message that is not parsed, or was parsed before.
        public init(of message: IncomingMessage, on topic: CommandTopic) {
            let requested = try? message.content(as: topic.form)
            self.init(subject: topic.subject, requested: requested ?? .null, message: message)
        }

        public var resultTopic: String { "\(subject)/result" }

        /// The request's `transaction`.
        public var transaction: JSONValue? { requested["transaction"] }

        /// The request's `id`, else its transaction.
        public var requestID: JSONValue { requested["id"] ?? transaction ?? .null }
    }
}

/// Turns messages into commands, or refuses them. It does not look at the state of the heating.
public struct CommandParser: Sendable {
    /// A message that is not a valid command, with the sender to answer.
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
            try read(message, on: topic, for: &sender)
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

    /// Reads a payload. The outcome of one that is refused for being retained still carries its id.
    private func read(
        _ message: IncomingMessage,
        on topic: CommandTopic,
        for sender: inout Command.Sender
    ) throws(Refusal) {
        if message.isRetained { sender = Command.Sender(of: message, on: topic) }
        try message.checkRetention()
        sender.requested = try message.content(as: topic.form)
    }

    /// Reads a message for several zones.
    ///
    /// - Parameters:
    ///   - site: Whose zones they are.
    ///   - firstID: The first command's number within this run; the others count on from it.
    /// - Returns: A command for each zone, all with the same sender, who is to get one outcome for all.
    public func parse(
        _ message: IncomingMessage,
        on topic: CommandTopic,
        forZonesOf site: Site,
        firstID: Int,
        received: Uptime
    ) throws(Rejection) -> [Command] {
        var sender = Command.Sender(subject: topic.subject, message: message)
        do throws(Refusal) {
            try read(message, on: topic, for: &sender)
            let command = try ZonesCommand(sender.requested, form: topic.form)
            return try command.targets(in: site, layout: layout).enumerated().map { index, target in
                Command(
                    id: firstID + index,
                    target: target,
                    action: command.action,
                    sender: sender,
                    received: received,
                    patience: message.expiry
                )
            }
        } catch {
            throw Rejection(refusal: error, sender: sender)
        }
    }
}
