/// Whether the bridge has begun to do its work. Its configuration was read, or there would be nobody to ask.
public struct Readiness: Equatable, Sendable {
    /// Whether the broker has taken a connection since the start.
    public var hasReachedBroker: Bool
    /// Whether all that there is to show was published since the start.
    public var hasPublishedState: Bool

    public init(hasReachedBroker: Bool, hasPublishedState: Bool) {
        self.hasReachedBroker = hasReachedBroker
        self.hasPublishedState = hasPublishedState
    }

    /// What is still to come, in sentences; none when it is ready, and stays so.
    public var problems: [String] {
        if !hasReachedBroker { return ["The MQTT broker has not been reached yet."] }
        if !hasPublishedState { return ["The first state has not been published yet."] }
        return []
    }
}
