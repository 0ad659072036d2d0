/// What the broker said of itself when it took the connection, for `bridge/info`.
public struct BrokerFacts: Equatable, Sendable {
    /// `5` or `3.1.1`.
    public var protocolVersion: String
    /// The largest packet that it takes, in bytes; `nil` when it names no limit.
    public var maximumPacketSize: Int?
    /// The highest quality of service that it takes, 0 to 2.
    public var maximumQualityOfService: Int
    /// Where it is false, it keeps no state for those who come later.
    public var retainsMessages: Bool
    /// The keep-alive in force, in seconds.
    public var keepAliveSeconds: Int

    public init(
        protocolVersion: String,
        maximumPacketSize: Int? = nil,
        maximumQualityOfService: Int = 2,
        retainsMessages: Bool = true,
        keepAliveSeconds: Int
    ) {
        self.protocolVersion = protocolVersion
        self.maximumPacketSize = maximumPacketSize
        self.maximumQualityOfService = maximumQualityOfService
        self.retainsMessages = retainsMessages
        self.keepAliveSeconds = keepAliveSeconds
    }

    var json: JSONValue {
        [
            "maximum_packet_size": JSONValue(maximumPacketSize),
            "maximum_qos": .integer(maximumQualityOfService),
            "retain_available": .bool(retainsMessages),
            "keep_alive": .integer(keepAliveSeconds),
        ]
    }
}
