public import HeatingModel

/// What was published, so that only changes are sent and nothing that is gone stays retained.
///
/// Payloads are remembered as hashes: a thousand homes of twelve zones have some hundred and fifty thousand topics.
public struct PublishedTopics: Sendable {
    /// Topics that are always published together.
    public enum Group: Hashable, Sendable {
        case bridge
        case health
        case statistics
        case site(ControlSystemID)
        /// The schedules of a site.
        case schedules(ControlSystemID)
        /// Home Assistant's document of the bridge.
        case bridgeDevice
        /// Home Assistant's documents of a site.
        case devices(ControlSystemID)

        public var isOfDevices: Bool {
            if case .devices = self { true } else { false }
        }
    }

    private var payloads: [Group: [String: Int]] = [:]
    /// Topics that were published and are gone.
    private var cleared: Set<String> = []

    public init() {}

    /// What has to be published so that the broker holds `messages`, each of which has a topic of its own, and nothing else
    /// of this group.
    public mutating func changes(in group: Group, to messages: [Publication]) -> [Publication] {
        var remembered = payloads.removeValue(forKey: group) ?? [:]
        var changes: [Publication] = []
        for message in messages {
            let hash = message.payload.hashValue
            if remembered.updateValue(hash, forKey: message.topic) != hash { changes.append(message) }
        }
        // Hardly ever is a topic gone.
        let gone =
            remembered.count == messages.count ? [] : Set(remembered.keys).subtracting(messages.map(\.topic)).sorted()
        for topic in gone {
            remembered[topic] = nil
            cleared.insert(topic)
            if !isTakenOver(topic) { changes.append(Publication(topic: topic, payload: "")) }
        }
        if !remembered.isEmpty { payloads[group] = remembered }
        return changes
    }

    /// Whether a topic that a group leaves is now another's, as when two homes swap names. It is not cleared then, but
    /// published again, since it is not known who published on it last.
    private mutating func isTakenOver(_ topic: String) -> Bool {
        guard let heir = payloads.first(where: { $0.value[topic] != nil })?.key else { return false }
        payloads[heir]?[topic] = Self.unknown
        return true
    }

    /// Whether a group has topics that are not among these messages, and would be cleared.
    public func leavesTopics(in group: Group, of messages: [Publication]) -> Bool {
        guard let remembered = payloads[group] else { return false }
        let staying = Set(messages.map(\.topic))
        return remembered.keys.contains { !staying.contains($0) }
    }

    /// Whether a topic was published here, or cleared.
    public func looksAfter(_ topic: String) -> Bool {
        cleared.contains(topic) || payloads.values.contains { $0[topic] != nil }
    }

    /// Groups that were published and are no longer there.
    public func groups(notIn present: Set<Group>) -> [Group] {
        payloads.keys.filter { !present.contains($0) }
    }

    /// A message did not arrive: its topic is published again the next time, or cleared again if it is gone.
    public mutating func failed(_ message: Publication, in group: Group) {
        payloads[group, default: [:]][message.topic] = Self.unknown
    }

    /// Somebody else may have written over the topics of a group: the next time all of it is published again.
    public mutating func forgetPayloads(of group: Group) {
        payloads[group] = payloads[group]?.mapValues { _ in Self.unknown }
    }

    /// The broker may have forgotten everything: after each connection everything is published again.
    public mutating func forgetPayloads() {
        for (group, topics) in payloads {
            payloads[group] = topics.mapValues { _ in Self.unknown }
        }
    }

    /// No payload has this hash but by a chance of one in 2^64.
    private static let unknown = Int.min
}
