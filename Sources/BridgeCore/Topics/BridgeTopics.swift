/// The topics that are about the bridge itself.
public struct BridgeTopics: Equatable, Sendable {
    public let base: String

    public init(base: String) {
        self.base = base
    }

    /// `online` or `offline`; the broker says `offline` for a bridge that is gone.
    public var state: String { "\(base)/bridge/state" }
    /// How the cloud is.
    public var cloud: String { "\(base)/bridge/cloud" }
    /// What runs here, and on what.
    public var info: String { "\(base)/bridge/info" }
    /// What the bridge has done, since its start and within the last hour.
    public var stats: String { "\(base)/bridge/stats" }
    /// What happens, for whoever listens; not retained.
    public var event: String { "\(base)/bridge/event" }

    /// Where it is asked for something.
    public func request(_ name: String) -> String { "\(base)/bridge/request/\(name)" }

    /// Whether an answer may go to a topic that a sender named: one with wildcards cannot be sent, and one of ours could be
    /// a command.
    public func isAnswerable(_ topic: String) -> Bool {
        !topic.isEmpty && !topic.contains("+") && !topic.contains("#") && !topic.hasPrefix("\(base)/")
    }

    /// What of these the broker keeps.
    var retained: [String] { [state, cloud, info, stats] }

    /// Where something is asked of the bridge itself.
    var requestFilter: String { "\(base)/bridge/request/+" }

    /// Where the answer to a request goes; a name that is no level of a topic is nobody's.
    public func response(to name: String) -> String { "\(base)/bridge/response/\(name)" }

    /// - Returns: What is asked by a message on a topic; `nil` for one that is no request.
    func request(at topic: String) -> String? {
        let prefix = "\(base)/bridge/request/"
        return topic.hasPrefix(prefix) ? String(topic.dropFirst(prefix.count)) : nil
    }

    /// What the bridge listens to: one filter for each form of command, so that it never hears its own state.
    public var commandFilters: [String] {
        ["zone/+", "zone/+/schedule", "hot_water", "hot_water/schedule", "system"]
            .flatMap { ["\(base)/+/\($0)/set", "\(base)/+/\($0)/set/+"] }
    }
}
