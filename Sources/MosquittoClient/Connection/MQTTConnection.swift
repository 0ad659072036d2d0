/// What the broker said when it took the connection (MQTT 5, 3.2).
public struct MQTTConnection: Sendable, Hashable {
    public var version: MQTTProtocolVersion
    /// Whether the broker had kept the session, and with it the commands that came meanwhile.
    public var sessionPresent: Bool
    /// What the broker knows this client by: the one that was asked for, or the one that it assigned.
    public var clientID: String
    /// The largest packet that the broker takes, in bytes; nil when it names no limit.
    public var maximumPacketSize: Int?
    /// Messages of a higher quality are sent with this one.
    public var maximumQualityOfService: MQTTQualityOfService
    /// Where it is false the broker keeps nothing: retained messages are sent as normal ones.
    public var retainAvailable: Bool
    /// How many messages the broker takes before it has acknowledged the first, 1 to 65,535.
    public var receiveMaximum: Int
    /// The keep-alive in force: the client's, unless the broker asked for another.
    public var keepAlive: Duration

    public init(
        version: MQTTProtocolVersion,
        sessionPresent: Bool,
        clientID: String,
        maximumPacketSize: Int? = nil,
        maximumQualityOfService: MQTTQualityOfService = .exactlyOnce,
        retainAvailable: Bool = true,
        receiveMaximum: Int = 65_535,
        keepAlive: Duration
    ) {
        self.version = version
        self.sessionPresent = sessionPresent
        self.clientID = clientID
        self.maximumPacketSize = maximumPacketSize
        self.maximumQualityOfService = maximumQualityOfService
        self.retainAvailable = retainAvailable
        self.receiveMaximum = receiveMaximum
        self.keepAlive = keepAlive
    }
}
