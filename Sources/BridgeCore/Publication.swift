/// A message to publish.
public struct Publication: Codable, Hashable, Sendable {
    public var topic: String
    /// Empty to remove what the broker has retained.
    public var payload: String
    public var isRetained: Bool
    /// Copied from a request, so that its sender can match the answer (MQTT 5).
    public var correlationData: [UInt8]?

    public init(topic: String, payload: String, isRetained: Bool = true, correlationData: [UInt8]? = nil) {
        self.topic = topic
        self.payload = payload
        self.isRetained = isRetained
        self.correlationData = correlationData
    }

    /// An answer to a message, on a topic of its own and, where the sender named one, on its response topic.
    ///
    /// - Parameters:
    ///   - responseTopic: Named by the sender.
    ///   - bridge: Response topics of our own are not used: one could be a command.
    public static func answer(
        _ payload: String,
        on topic: String,
        responseTopic: String?,
        correlationData: [UInt8]?,
        bridge: BridgeTopics
    ) -> [Publication] {
        let answer = Publication(topic: topic, payload: payload, isRetained: false)
        guard let responseTopic, bridge.isAnswerable(responseTopic) else { return [answer] }
        let response = Publication(
            topic: responseTopic,
            payload: payload,
            isRetained: false,
            correlationData: correlationData
        )
        return [answer, response]
    }
}
