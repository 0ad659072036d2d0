/// A message on a command topic, as it came.
public struct CommandMessage: Equatable, Sendable {
    public var topic: String
    public var payload: [UInt8]
    /// Whether the broker had kept it: a mistake of the sender's that would repeat at every reconnect.
    public var isRetained: Bool
    /// Where the sender wants its answer (MQTT 5).
    public var responseTopic: String?
    public var correlationData: [UInt8]?

    public init(
        topic: String,
        payload: [UInt8],
        isRetained: Bool = false,
        responseTopic: String? = nil,
        correlationData: [UInt8]? = nil
    ) {
        self.topic = topic
        self.payload = payload
        self.isRetained = isRetained
        self.responseTopic = responseTopic
        self.correlationData = correlationData
    }

    /// The largest payload that is looked at, in bytes.
    public static let maximumPayload = 64 << 10
}
