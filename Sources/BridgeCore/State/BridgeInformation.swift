public import Basics
public import HeatingModel

/// The version, the broker, the account and the configuration: the payload of `bridge/info`.
public struct BridgeInformation: Equatable, Sendable {
    public var version: String
    /// The name of this run, by which bridges under one base topic find each other (``OwnTopics``).
    public var instance: String
    /// When this run began.
    public var started: Instant
    /// `nil` without a connection.
    public var broker: BrokerFacts?
    /// `nil` before it was ever read.
    public var installation: Installation?
    /// Zones that have no topics, since they are not real.
    public var ghosts: [Zone]
    /// The paths in the cloud's answers at which something was not understood.
    public var surprises: [String]
    /// The effective settings by key, without secrets.
    public var configuration: JSONValue

    public init(
        version: String,
        instance: String,
        started: Instant,
        broker: BrokerFacts?,
        installation: Installation?,
        ghosts: [Zone] = [],
        surprises: [String] = [],
        configuration: JSONValue = .null
    ) {
        self.version = version
        self.instance = instance
        self.started = started
        self.broker = broker
        self.installation = installation
        self.ghosts = ghosts
        self.surprises = surprises
        self.configuration = configuration
    }

    public var json: JSONValue {
        [
            "version": .string(version),
            "instance": .string(instance),
            "started": .string(started.description),
            "mqtt_protocol": JSONValue(broker?.protocolVersion),
            "broker": broker?.json ?? .null,
            "account_id": JSONValue(installation?.accountID),
            "locations": .array(
                (installation?.locations ?? []).map { ["id": .string($0.id.text), "name": .string($0.name)] }
            ),
            "ghost_zones": .array(ghosts.map { ["id": .string($0.id.text), "name": .string($0.name)] }),
            "surprises": .array(surprises.map(JSONValue.string)),
            "configuration": configuration,
        ]
    }
}

/// What the broker said of itself when it accepted the connection, for `bridge/info`.
public struct BrokerFacts: Equatable, Sendable {
    /// `5` or `3.1.1`.
    public var protocolVersion: String
    /// The largest packet that it accepts, in bytes; `nil` for no limit.
    public var maximumPacketSize: Int?
    /// The highest quality of service that it supports, 0 to 2.
    public var maximumQualityOfService: Int
    /// If false, state is lost for clients that subscribe later.
    public var retainsMessages: Bool
    /// How many messages may be in flight before it acknowledges the first.
    public var receiveMaximum: Int
    /// Whether it takes subscriptions with wildcards; if not, each topic is subscribed to by itself.
    public var takesWildcards: Bool
    /// If false, nobody is told when the bridge is cut off.
    public var takesLastWill: Bool
    /// The keep-alive in force, in seconds.
    public var keepAliveSeconds: Int

    public init(
        protocolVersion: String,
        maximumPacketSize: Int? = nil,
        maximumQualityOfService: Int = 2,
        retainsMessages: Bool = true,
        receiveMaximum: Int = 65_535,
        takesWildcards: Bool = true,
        takesLastWill: Bool = true,
        keepAliveSeconds: Int
    ) {
        self.protocolVersion = protocolVersion
        self.maximumPacketSize = maximumPacketSize
        self.maximumQualityOfService = maximumQualityOfService
        self.retainsMessages = retainsMessages
        self.receiveMaximum = receiveMaximum
        self.takesWildcards = takesWildcards
        self.takesLastWill = takesLastWill
        self.keepAliveSeconds = keepAliveSeconds
    }

    var json: JSONValue {
        [
            "maximum_packet_size": JSONValue(maximumPacketSize),
            "maximum_qos": .integer(maximumQualityOfService),
            "retain_available": .bool(retainsMessages),
            "receive_maximum": .integer(receiveMaximum),
            "wildcards_available": .bool(takesWildcards),
            "last_will": .bool(takesLastWill),
            "keep_alive": .integer(keepAliveSeconds),
        ]
    }
}
