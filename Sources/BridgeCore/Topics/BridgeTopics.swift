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

    /// What the bridge listens to: one filter for each form of command, so that it never hears its own state.
    public var commandFilters: [String] {
        ["zone/+", "zone/+/schedule", "hot_water", "hot_water/schedule", "system"]
            .flatMap { ["\(base)/+/\($0)/set", "\(base)/+/\($0)/set/+"] }
    }
}
