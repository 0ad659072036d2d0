public import HeatingModel

/// What was published, so that only changes are sent and nothing that is gone stays retained.
///
/// A thousand homes of twelve zones have nearly two hundred thousand topics. So payloads are remembered as hashes, which are
/// seeded anew in each process: by a chance of one in 2^64 a change is taken for none, until the next one.
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

    /// Messages of a group that come of one value, and are the same while it is.
    public struct Part {
        let fingerprint: () -> Int
        let messages: () -> [Publication]

        /// - Parameters:
        ///   - source: All that the messages depend on.
        ///   - messages: Makes them.
        public init(of source: some Hashable, messages: @escaping () -> [Publication]) {
            fingerprint = { source.hashValue }
            self.messages = messages
        }
    }

    /// What was published of a group.
    private struct Remembered {
        private struct KnownPart {
            var fingerprint: Int
            /// The hash of its topics.
            var topics: Int
            /// How many messages it has.
            var count: Int

            init(_ part: Part, _ messages: [Publication]) {
                fingerprint = part.fingerprint()
                topics = Self.topics(of: messages)
                count = messages.count
            }

            static func topics(of messages: [Publication]) -> Int { messages.map(\.topic).hashValue }
        }

        private(set) var topics = TopicList([])
        /// The hash of each topic's payload.
        private(set) var payloads: [Int] = []
        /// As far as the messages were published in parts and all payloads are known.
        private var parts: [KnownPart] = []

        init() {}

        init(_ payloads: [(topic: String, hash: Int)]) {
            topics = TopicList(payloads.lazy.map(\.topic)).trimmed
            self.payloads = payloads.map(\.hash)
        }

        var byTopic: [String: Int] { Dictionary(zip(topics.topics, payloads), uniquingKeysWith: { $1 }) }

        mutating func forgetPayloads() {
            for index in payloads.indices { forgetPayload(at: index) }
        }

        mutating func forgetPayload(at index: Int) {
            payloads[index] = PublishedTopics.unknown
            parts = []
        }

        /// - Returns: Those of the messages, which have the topics of this group, whose payloads are new.
        mutating func replacePayloads(with messages: [Publication]) -> [Publication] {
            parts = []
            return Self.replace(&payloads, from: 0, with: messages)
        }

        private static func replace(
            _ payloads: inout [Int],
            from first: Int,
            with messages: [Publication]
        ) -> [Publication] {
            var changes: [Publication] = []
            for (index, message) in zip(first..., messages) {
                let hash = message.payload.hashValue
                guard payloads[index] != hash else { continue }
                payloads[index] = hash
                changes.append(message)
            }
            return changes
        }

        mutating func remember(_ parts: [Part], _ messages: [[Publication]]) {
            self.parts = zip(parts, messages).map(KnownPart.init)
        }

        /// What has changed, found without making the messages of parts that have not.
        ///
        /// - Returns: `nil` where all messages have to be looked at.
        mutating func changes(to new: [Part]) -> [Publication]? {
            guard !parts.isEmpty, parts.count == new.count else { return nil }
            var (payloads, parts) = (payloads, parts)
            var (changes, first): ([Publication], Int) = ([], 0)
            for (index, part) in new.enumerated() {
                let fingerprint = part.fingerprint()
                if fingerprint != parts[index].fingerprint {
                    let messages = part.messages()
                    guard KnownPart.topics(of: messages) == parts[index].topics else { return nil }
                    changes += Self.replace(&payloads, from: first, with: messages)
                    parts[index].fingerprint = fingerprint
                }
                first += parts[index].count
            }
            (self.payloads, self.parts) = (payloads, parts)
            return changes
        }
    }

    private var groups: [Group: Remembered] = [:]
    /// Topics that were published and are gone.
    private var cleared: Set<String> = []

    public init() {}

    /// What has to be published so that the broker holds `messages`, each of which has a topic of its own, and nothing else
    /// of this group.
    public mutating func changes(in group: Group, to messages: [Publication]) -> [Publication] {
        var remembered = groups.removeValue(forKey: group) ?? Remembered()
        let topics = TopicList(messages.lazy.map(\.topic))
        // Hardly ever do topics come or go.
        guard topics == remembered.topics else { return replace(remembered, with: messages, in: group) }
        let changes = remembered.replacePayloads(with: messages)
        if !topics.isEmpty { groups[group] = remembered }
        return changes
    }

    /// The same for messages in parts.
    public mutating func changes(in group: Group, toParts parts: [Part]) -> [Publication] {
        if let changes = groups[group]?.changes(to: parts) { return changes }
        let messages = parts.map { $0.messages() }
        let changes = changes(in: group, to: messages.flatMap(\.self))
        groups[group]?.remember(parts, messages)
        return changes
    }

    private mutating func replace(
        _ remembered: Remembered,
        with messages: [Publication],
        in group: Group
    ) -> [Publication] {
        var before = remembered.byTopic
        let hashes = messages.map { (topic: $0.topic, hash: $0.payload.hashValue) }
        var changes = zip(messages, hashes).filter { before.removeValue(forKey: $0.topic) != $1.hash }.map(\.0)
        let gone = Set(before.keys)
        let inherited = inherit(gone)
        cleared.formUnion(gone)
        changes += gone.subtracting(inherited).sorted().map { Publication(topic: $0, payload: "") }
        if !messages.isEmpty { groups[group] = Remembered(hashes) }
        return changes
    }

    /// Finds topics that a group leaves and that are now another's, as when two homes swap names. They are not cleared then,
    /// but published again, since it is not known who published on them last.
    private mutating func inherit(_ gone: Set<String>) -> Set<String> {
        var inherited: Set<String> = []
        for (heir, remembered) in groups where gone.contains(where: remembered.topics.mayContain) {
            for (index, topic) in remembered.topics.topics.enumerated() where gone.contains(topic) {
                groups[heir]?.forgetPayload(at: index)
                inherited.insert(topic)
            }
        }
        return inherited
    }

    /// Whether a group has topics that are not among these messages, and would be cleared.
    public func leavesTopics(in group: Group, of messages: [Publication]) -> Bool {
        guard let remembered = groups[group] else { return false }
        let staying = Set(messages.map(\.topic))
        return remembered.topics.topics.contains { !staying.contains($0) }
    }

    /// Whether a topic was published here, or cleared.
    public func looksAfter(_ topic: String) -> Bool {
        cleared.contains(topic) || groups.values.contains { $0.topics.contains(topic) }
    }

    /// Groups that were published and are no longer there.
    public func groups(notIn present: Set<Group>) -> [Group] {
        groups.keys.filter { !present.contains($0) }
    }

    /// Messages did not arrive: their topics are published again the next time, or cleared again if they are gone.
    public mutating func failed(_ messages: [Publication], in group: Group) {
        var payloads = groups[group]?.byTopic ?? [:]
        for message in messages { payloads[message.topic] = Self.unknown }
        groups[group] = Remembered(payloads.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    /// Somebody else may have written over the topics of a group: the next time all of it is published again.
    public mutating func forgetPayloads(of group: Group) {
        groups[group]?.forgetPayloads()
    }

    /// The broker may have forgotten everything: after each connection everything is published again.
    public mutating func forgetPayloads() {
        for group in groups.keys { groups[group]?.forgetPayloads() }
    }

    /// No payload has this hash but by a chance of one in 2^64.
    private static let unknown = Int.min
}
