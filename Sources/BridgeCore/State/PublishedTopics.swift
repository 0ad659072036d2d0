public import HeatingModel

/// What the broker has been told, so that only changes are published and nothing that is gone stays retained.
///
/// Payloads are remembered as hashes: a thousand homes of twelve zones have some hundred and fifty thousand topics.
public struct PublishedTopics: Sendable {
    /// Topics that are always told together.
    public enum Group: Hashable, Sendable {
        case bridge
        case health
        case site(ControlSystemID)
    }

    private var payloads: [Group: [String: Int]] = [:]

    public init() {}

    /// What has to be published so that the broker holds `messages`, and nothing else of this group.
    public mutating func changes(in group: Group, to messages: [StateMessage]) -> [StateMessage] {
        var remembered = payloads[group] ?? [:]
        var gone = Set(remembered.keys)
        var changes: [StateMessage] = []
        for message in messages {
            gone.remove(message.topic)
            guard remembered.updateValue(message.payload.hashValue, forKey: message.topic) != message.payload.hashValue
            else { continue }
            changes.append(message)
        }
        for topic in gone.sorted() {
            remembered[topic] = nil
            changes.append(StateMessage(topic: topic, payload: ""))
        }
        payloads[group] = remembered
        return changes
    }

    /// Groups that were published and are no longer there.
    public func groups(notIn present: Set<Group>) -> [Group] {
        payloads.keys.filter { !present.contains($0) }
    }

    /// A message did not arrive: it counts as never sent.
    public mutating func failed(_ message: StateMessage, in group: Group) {
        payloads[group]?[message.topic] = nil
    }

    /// The broker may have forgotten everything: after each connection all of it is told again.
    public mutating func forgetPayloads() {
        for (group, topics) in payloads {
            payloads[group] = topics.mapValues { _ in Self.unknown }
        }
    }

    /// No payload has this hash but by a chance of one in 2^64.
    private static let unknown = Int.min
}
