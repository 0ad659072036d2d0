/// What a ``MosquittoClient`` reports on ``MosquittoClient/events``.
public enum MQTTEvent: Sendable, Hashable {
    /// The broker has accepted the connection. Everything retained should now be published again.
    case connected(MQTTConnection)
    /// The broker has answered every subscription, also after ``MosquittoClient/subscribe(to:)``: from now on messages
    /// arrive. Those of a resumed session arrive
    /// earlier, right after ``connected(_:)``.
    case subscribed
    /// The connection is lost or cannot be made. Reported once per outage, and again when the reason changes.
    ///
    /// - Parameter reason: One sentence without a full stop.
    case disconnected(reason: String)
    /// A message has arrived.
    case message(MQTTMessage)
    /// A message has arrived whose payload of `byteCount` bytes exceeds 64 KiB. It comes without its payload.
    case oversized(MQTTMessage, byteCount: Int)
    /// The broker refuses a filter of ``MQTTConfiguration/subscriptions``. Reported once per filter and reason.
    case subscriptionRefused(filter: String, MQTTReasonCode)
}

/// What the broker said when it accepted the connection (MQTT 5, 3.2).
public struct MQTTConnection: Sendable, Hashable {
    public var version: MQTTProtocolVersion
    /// Whether the broker resumed the session, with the messages that arrived in the meantime.
    public var sessionPresent: Bool
    /// The largest packet that the broker accepts, in bytes; `nil` when it names no limit.
    public var maximumPacketSize: Int?
    /// Messages of a higher quality of service are sent with this one.
    public var maximumQualityOfService: MQTTQualityOfService
    /// When `false`, the broker stores nothing: retained messages are sent as ordinary ones.
    public var retainAvailable: Bool
    /// How many messages may be in flight before the broker acknowledges the first, 1 to 65,535.
    public var receiveMaximum: Int
    /// Whether one subscription can be for many topics.
    public var wildcardsAvailable: Bool
    /// Whether the broker has a last will of this client, to publish when it loses it.
    public var hasLastWill: Bool
    /// The keep-alive in force: the client's, unless the broker asked for another.
    public var keepAlive: Duration

    public init(
        version: MQTTProtocolVersion,
        sessionPresent: Bool,
        maximumPacketSize: Int? = nil,
        maximumQualityOfService: MQTTQualityOfService = .exactlyOnce,
        retainAvailable: Bool = true,
        receiveMaximum: Int = 65_535,
        wildcardsAvailable: Bool = true,
        hasLastWill: Bool = true,
        keepAlive: Duration
    ) {
        self.version = version
        self.sessionPresent = sessionPresent
        self.maximumPacketSize = maximumPacketSize
        self.maximumQualityOfService = maximumQualityOfService
        self.retainAvailable = retainAvailable
        self.receiveMaximum = receiveMaximum
        self.wildcardsAvailable = wildcardsAvailable
        self.hasLastWill = hasLastWill
        self.keepAlive = keepAlive
    }
}

extension MQTTConnection {
    /// - Parameters:
    ///   - will: The last will that the broker took.
    ///   - full: The last will that it was asked for first.
    /// - Returns: The connection with what the broker has shown by the will that it took, since MQTT 3.1.1 tells nothing.
    func limited(by will: LastWillStrength, of full: LastWillStrength) -> MQTTConnection {
        var limited = self
        switch (will, full) {
        case (.will(let level, let isRetained), .will(let fullLevel, let isFullRetained)):
            if level < fullLevel { limited.maximumQualityOfService = min(maximumQualityOfService, level) }
            if isFullRetained && !isRetained { limited.retainAvailable = false }
        case (.none, .will): limited.hasLastWill = false
        case (_, .none): break
        }
        return limited
    }

    /// What a broker cannot do that this client would use, in words for a list.
    ///
    /// - Parameter qualityOfService: What messages are published with.
    public func shortcomings(publishingWith qualityOfService: MQTTQualityOfService) -> [String] {
        var list: [String] = []
        if !retainAvailable { list.append("retained messages (a client that subscribes later sees no state at first)") }
        // Commands are subscribed to with at least once.
        let wanted = max(qualityOfService, .atLeastOnce)
        if maximumQualityOfService < wanted {
            list.append(
                "QoS \(wanted.rawValue) (QoS \(maximumQualityOfService.rawValue) is used: messages can get lost)"
            )
        }
        if !wildcardsAvailable { list.append("subscriptions with wildcards (each topic is subscribed to by itself)") }
        if !hasLastWill { list.append("a last will (the bridge stays online in bridge/state when it is cut off)") }
        return list
    }
}

/// A version of MQTT that this client speaks.
public enum MQTTProtocolVersion: String, Sendable, Hashable, CustomStringConvertible {
    case version5 = "5"
    case version311 = "3.1.1"

    /// As in `mqtt.protocol` and in "MQTT 3.1.1".
    public var description: String { rawValue }
}
