public import HeatingModel

/// What runs here, and on what: the payload of `bridge/info`.
public struct BridgeInformation: Equatable, Sendable {
    public var version: String
    /// When this run began.
    public var started: Instant
    /// `5` or `3.1.1`.
    public var mqttProtocol: String
    /// `nil` before it was ever read.
    public var installation: Installation?

    public init(version: String, started: Instant, mqttProtocol: String, installation: Installation?) {
        self.version = version
        self.started = started
        self.mqttProtocol = mqttProtocol
        self.installation = installation
    }

    public var json: JSONValue {
        [
            "version": .string(version),
            "started": .string(started.description),
            "mqtt_protocol": .string(mqttProtocol),
            "account_id": JSONValue(installation?.accountID),
            "locations": .array(
                (installation?.locations ?? []).map { ["id": .string($0.id.text), "name": .string($0.name)] }
            ),
        ]
    }
}
