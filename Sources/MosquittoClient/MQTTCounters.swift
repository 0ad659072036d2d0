/// What has happened since the start, for metrics.
public struct MQTTCounters: Sendable, Hashable {
    /// Connections that the broker has taken.
    public internal(set) var connections = 0
    /// Messages that the broker has taken.
    public internal(set) var publishes = 0
    /// Messages that were dropped since nobody read ``MosquittoClient/events`` fast enough.
    public internal(set) var droppedMessages = 0
    /// Messages that were dropped since their topic was not UTF-8 or not a topic.
    public internal(set) var unreadableTopics = 0
    /// Messages that the broker refused.
    public internal(set) var refusedPublishes = 0
}
