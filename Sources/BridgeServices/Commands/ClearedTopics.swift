import BridgeCore

/// Retained commands and requests that were cleared: over MQTT 3.1.1 the clearing comes back to us as an empty one.
struct ClearedTopics {
    private var isEchoing = false
    private var topics: Set<String> = []

    mutating func connected(_ connection: BrokerConnection) {
        isEchoing = connection.echoes
        topics = []
    }

    mutating func clear(_ topic: String) {
        if isEchoing { topics.insert(topic) }
    }

    /// Whether a message is our own clearing, which comes back once.
    mutating func isEcho(_ message: IncomingMessage) -> Bool {
        message.byteCount == 0 && !message.isRetained && topics.remove(message.topic) != nil
    }
}
