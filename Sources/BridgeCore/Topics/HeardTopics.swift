/// Everything that the bridge listens to, and what a message there means.
public struct HeardTopics: Equatable, Sendable {
    public enum Meaning: Equatable, Sendable {
        /// A command, or nothing of ours.
        case command
        /// - Parameter name: What is asked of the bridge itself.
        case request(name: String)
        /// Home Assistant says that it has started or stops.
        case homeAssistantStatus
        /// A bridge that ran under another base topic, on the same state file and broker, says whether it still does.
        case bridgeState(base: String)
    }

    private let bridge: BridgeTopics
    private let birthTopics: [String]
    private let otherBases: [String]

    /// - Parameters:
    ///   - birthTopics: Where Home Assistant says that it has started.
    ///   - otherBases: Base topics of other bridges that the state file knows of.
    public init(bridge: BridgeTopics, birthTopics: [String] = [], otherBases: [String] = []) {
        self.bridge = bridge
        self.birthTopics = birthTopics
        self.otherBases = otherBases
    }

    /// One filter for each form of topic, so that the bridge never hears its own state.
    public var filters: [String] {
        bridge.commandFilters + [bridge.requestFilter] + birthTopics + otherBases.map { BridgeTopics(base: $0).state }
    }

    public func meaning(of topic: String) -> Meaning {
        if birthTopics.contains(topic) { return .homeAssistantStatus }
        if let name = bridge.request(at: topic) { return .request(name: name) }
        if let base = otherBases.first(where: { BridgeTopics(base: $0).state == topic }) {
            return .bridgeState(base: base)
        }
        return .command
    }
}
