public import HeatingModel

/// What runs here, and on what: the payload of `bridge/info`.
public struct BridgeInformation: Equatable, Sendable {
    public var version: String
    /// When this run began.
    public var started: Instant
    public var broker: BrokerFacts
    /// `nil` before it was ever read.
    public var installation: Installation?

    public init(version: String, started: Instant, broker: BrokerFacts, installation: Installation?) {
        self.version = version
        self.started = started
        self.broker = broker
        self.installation = installation
    }

    public var json: JSONValue {
        [
            "version": .string(version),
            "started": .string(started.description),
            "mqtt_protocol": .string(broker.protocolVersion),
            "broker": broker.json,
            "account_id": JSONValue(installation?.accountID),
            "locations": .array(
                (installation?.locations ?? []).map { ["id": .string($0.id.text), "name": .string($0.name)] }
            ),
        ]
    }
}
