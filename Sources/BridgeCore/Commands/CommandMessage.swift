/// A message on a command topic, as it came.
public struct CommandMessage: Equatable, Sendable {
    public var topic: String
    /// Nothing where the message was too large to be taken in.
    public var payload: [UInt8]
    /// How long the payload is that was sent.
    public var byteCount: Int
    /// Whether the broker had kept it: a mistake of the sender's that would repeat at every reconnect.
    public var isRetained: Bool
    /// Where the sender wants its answer (MQTT 5).
    public var responseTopic: String?
    public var correlationData: [UInt8]?
    /// What was left of the sender's message expiry when it came (MQTT 5).
    public var expiry: Duration?

    public init(
        topic: String,
        payload: [UInt8],
        byteCount: Int? = nil,
        isRetained: Bool = false,
        responseTopic: String? = nil,
        correlationData: [UInt8]? = nil,
        expiry: Duration? = nil
    ) {
        self.topic = topic
        self.payload = payload
        self.byteCount = byteCount ?? payload.count
        self.isRetained = isRetained
        self.responseTopic = responseTopic
        self.correlationData = correlationData
        self.expiry = expiry
    }

    /// The largest payload that is looked at, in bytes.
    public static let maximumPayload = 64 << 10
}
