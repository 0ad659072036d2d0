/// A message that is to be published, or that has arrived.
public struct MQTTMessage: Sendable, Hashable {
    /// Where it goes: 1 to 65,535 bytes of UTF-8, no wildcard.
    public var topic: String
    /// At most 268,435,455 bytes with everything around it; brokers allow less.
    public var payload: [UInt8]
    public var qualityOfService: MQTTQualityOfService
    /// Whether the broker keeps it for later subscribers; of a message that has arrived, whether it was published so.
    ///
    /// With MQTT 5 that is exact, since filters are subscribed with "retain as published". With 3.1.1 a broker sets it
    /// only on what it had kept, so that a retained message looks like any other on its first, live delivery.
    public var retained: Bool
    /// What MQTT 5 says beside the payload; left out when the connection speaks 3.1.1.
    public var properties: MQTTProperties

    public init(
        topic: String,
        payload: [UInt8],
        qualityOfService: MQTTQualityOfService = .atLeastOnce,
        retained: Bool = false,
        properties: MQTTProperties = MQTTProperties()
    ) {
        self.topic = topic
        self.payload = payload
        self.qualityOfService = qualityOfService
        self.retained = retained
        self.properties = properties
    }
}

/// The MQTT 5 properties of a message that this client knows (MQTT 5, 3.3.2.3).
public struct MQTTProperties: Sendable, Hashable {
    /// Where an answer is expected. Of a message that has arrived it is nil when it is no topic to publish to.
    public var responseTopic: String?
    /// What the answer must carry so that the one who asked knows it: at most 65,535 bytes.
    public var correlationData: [UInt8]?
    /// The kind of the payload, mostly a MIME type: at most 65,535 bytes.
    public var contentType: String?
    /// How long the broker keeps the message for those who are away; whole seconds, rounded up, up to 136 years.
    public var messageExpiry: Duration?

    public init(
        responseTopic: String? = nil,
        correlationData: [UInt8]? = nil,
        contentType: String? = nil,
        messageExpiry: Duration? = nil
    ) {
        self.responseTopic = responseTopic
        self.correlationData = correlationData
        self.contentType = contentType
        self.messageExpiry = messageExpiry
    }
}
