/// Everything that the bridge subscribes to, and what a message there means.
public struct SubscribedTopics: Equatable, Sendable {
    public enum Meaning: Equatable, Sendable {
        case command(CommandTopic)
        /// - Parameter name: What the bridge itself is asked for.
        case request(name: String)
        /// What the bridge alone should publish.
        case own(OwnTopics.Topic)
        /// Home Assistant has started, or stops.
        case homeAssistantStatus
        /// The state of a bridge under another base topic, on the same state file and broker.
        case bridgeState(base: String)
    }

    private let bridge: BridgeTopics
    private let birthTopics: [String]
    private let otherBases: [String]

    /// - Parameters:
    ///   - birthTopics: Where Home Assistant announces that it has started.
    ///   - otherBases: Base topics of other bridges in the state file.
    public init(bridge: BridgeTopics, birthTopics: [String] = [], otherBases: [String] = []) {
        self.bridge = bridge
        self.birthTopics = birthTopics
        self.otherBases = otherBases
    }

    /// One filter for each form of topic, so that the bridge receives no state but `bridge/state` and `bridge/info`. These
    /// come first: what the broker has kept there arrives before anything is published.
    public var filters: [String] {
        [bridge.state, bridge.info] + bridge.commandFilters + [bridge.requestFilter] + birthTopics
            + otherBases.map { BridgeTopics(base: $0).state }
    }

    /// - Returns: `nil` for a topic that the bridge did not subscribe to.
    public func meaning(of topic: String) -> Meaning? {
        if birthTopics.contains(topic) { return .homeAssistantStatus }
        if let own = bridge.own(at: topic) { return .own(own) }
        if let name = bridge.request(at: topic) { return .request(name: name) }
        if let base = otherBases.first(where: { BridgeTopics(base: $0).state == topic }) {
            return .bridgeState(base: base)
        }
        return CommandTopic(topic).map(Meaning.command)
    }
}

/// What the topic of a command says before its payload is read.
public struct CommandTopic: Equatable, Sendable {
    /// How the payload is to be read.
    public enum Form: Equatable, Sendable {
        /// `…/set`: a JSON object.
        case object
        /// `…/set/<attribute>`: a plain value.
        case plain(attribute: String)
    }

    /// The topic of what is commanded, such as `evohome/home/zone/kitchen`.
    public var subject: String
    public var form: Form

    /// - Returns: `nil` for a topic that takes no commands.
    public init?(_ topic: String) {
        let levels = topic.topicLevels
        if levels.last == "set" {
            subject = levels.dropLast().joined(separator: "/")
            form = .object
        } else if levels.dropLast().last == "set", let attribute = levels.last {
            subject = levels.dropLast(2).joined(separator: "/")
            form = .plain(attribute: attribute)
        } else {
            return nil
        }
    }
}

extension String {
    /// The levels of a topic. Split by scalars: to Swift a slash and a combining mark after it are one character.
    package var topicLevels: [String] {
        unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }
}
