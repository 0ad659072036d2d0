/// What tells a message apart when it is sent again.
struct MessageTrait: Hashable, Sendable {
    var topic: String
    /// Of topic and payload together, in bytes: what is limited is the packet, which has a few more.
    var size: Int

    init(topic: String, size: Int) {
        self.topic = topic
        self.size = size
    }

    init(_ message: MQTTMessage) {
        self.init(topic: message.topic, size: message.topic.utf8.count + message.payload.count)
    }
}

/// Finds the messages for which a broker closes the connection without a word, and which are left out from then on: too
/// large ones, above all, of which MQTT 3.1.1 cannot tell the size in advance.
///
/// After a connection that was lost early, one message at a time is in flight, so that the next loss shows which it was.
/// One that was in flight at two such losses is it. They are remembered for as long as the program runs.
struct UnwelcomeMessages {
    enum Finding: Equatable {
        case nothingFound
        /// Only one message was in flight, which was not suspected before. A later loss shows whether it is always that
        /// one.
        ///
        /// - Parameter isFirst: Whether no other is suspected.
        case suspect(isFirst: Bool)
        case found(MessageTrait)
    }

    /// Further topics are not remembered.
    private static let topicLimit = 256

    /// Whether only one message at a time should be in flight.
    private(set) var isCareful = false
    /// The topics of messages that were alone in flight at a loss, since the last loss with none.
    private var suspects: Set<String> = []
    /// By topic: the size of the message that was found.
    private var topics: [String: Int] = [:]
    /// The size of the smallest message that was found, while no larger one was acknowledged.
    private var smallestFound: Int?
    private var largestAcknowledged = 0
    /// From two messages on that are larger than all others, it is taken for the size.
    private var isAboutSize = false

    /// Why a message must not be sent; `nil` if it may be.
    func reason(against message: MessageTrait) -> MQTTReasonCode? {
        if isAboutSize, let smallestFound, message.size >= smallestFound { return .packetTooLarge }
        guard let size = topics[message.topic] else { return nil }
        // A larger one was taken elsewhere, so it is the topic that is not.
        if size <= largestAcknowledged { return .implementationSpecificError }
        return message.size >= size ? .packetTooLarge : nil
    }

    mutating func acknowledged(_ message: MessageTrait) {
        largestAcknowledged = max(largestAcknowledged, message.size)
        if let smallestFound, smallestFound <= largestAcknowledged { (self.smallestFound, isAboutSize) = (nil, false) }
    }

    /// A connection was lost that had lasted, so it was not for a message that is sent at the beginning of each.
    mutating func lostLate() {
        (isCareful, suspects) = (false, [])
    }

    /// A connection was lost early.
    ///
    /// - Parameters:
    ///   - unanswered: The messages in flight.
    ///   - mayBeToBlame: Whether a message can be the reason.
    mutating func lost(_ unanswered: [MessageTrait], mayBeToBlame: Bool) -> Finding {
        guard mayBeToBlame else { return .nothingFound }
        defer { isCareful = true }
        guard isCareful, unanswered.count == 1, let message = unanswered.first else {
            suspects = []
            return .nothingFound
        }
        guard suspects.contains(message.topic), topics.count < Self.topicLimit else {
            if suspects.count < Self.topicLimit { suspects.insert(message.topic) }
            return .suspect(isFirst: suspects.count == 1)
        }
        suspects = []
        add(message)
        return .found(message)
    }

    private mutating func add(_ message: MessageTrait) {
        topics[message.topic] = message.size
        guard message.size > largestAcknowledged else { return }
        isAboutSize = smallestFound != nil
        smallestFound = min(smallestFound ?? message.size, message.size)
    }
}
