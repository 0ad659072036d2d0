/// Why a broker refused something, or that it did not (MQTT 5, 2.4).
///
/// A code that is not named here, from a newer broker, is kept with its number.
public struct MQTTReasonCode: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let success = Self(rawValue: 0)
    public static let unspecifiedError = Self(rawValue: 128)
    public static let malformedPacket = Self(rawValue: 129)
    public static let protocolError = Self(rawValue: 130)
    public static let implementationSpecificError = Self(rawValue: 131)
    public static let unsupportedProtocolVersion = Self(rawValue: 132)
    public static let clientIdentifierNotValid = Self(rawValue: 133)
    public static let badUserNameOrPassword = Self(rawValue: 134)
    public static let notAuthorized = Self(rawValue: 135)
    public static let serverUnavailable = Self(rawValue: 136)
    public static let serverBusy = Self(rawValue: 137)
    public static let banned = Self(rawValue: 138)
    public static let serverShuttingDown = Self(rawValue: 139)
    public static let keepAliveTimeout = Self(rawValue: 141)
    public static let sessionTakenOver = Self(rawValue: 142)
    public static let topicFilterInvalid = Self(rawValue: 143)
    public static let topicNameInvalid = Self(rawValue: 144)
    public static let receiveMaximumExceeded = Self(rawValue: 147)
    public static let packetTooLarge = Self(rawValue: 149)
    public static let messageRateTooHigh = Self(rawValue: 150)
    public static let quotaExceeded = Self(rawValue: 151)
    public static let administrativeAction = Self(rawValue: 152)
    public static let payloadFormatInvalid = Self(rawValue: 153)
    public static let retainNotSupported = Self(rawValue: 154)
    public static let qualityOfServiceNotSupported = Self(rawValue: 155)
    public static let sharedSubscriptionsNotSupported = Self(rawValue: 158)
    public static let connectionRateExceeded = Self(rawValue: 159)
    public static let wildcardSubscriptionsNotSupported = Self(rawValue: 162)

    /// Whether it says that something was refused; 16 ("nobody has subscribed"), for one, is a success.
    public var isFailure: Bool { rawValue >= 128 }

    /// Whether it can pass by itself: a broker that is busy, restarting or limiting rates.
    public var isRetriable: Bool { Self.passing.contains(self) }

    private static let passing: Set<Self> = [
        .unspecifiedError, .implementationSpecificError, .serverUnavailable, .serverBusy, .serverShuttingDown,
        .keepAliveTimeout, .receiveMaximumExceeded, .messageRateTooHigh, .quotaExceeded, .connectionRateExceeded,
    ]
}

extension MQTTReasonCode: CustomStringConvertible {
    /// One sentence without a full stop.
    public var description: String {
        Self.sentences[self] ?? (isFailure ? "the broker refused with code \(rawValue)" : "the broker agreed")
    }

    private static let sentences: [Self: String] = [
        .unspecifiedError: "the broker refused without saying why",
        .malformedPacket: "the broker could not read what was sent",
        .protocolError: "the broker found a violation of the protocol",
        .implementationSpecificError: "the broker does not accept this",
        .unsupportedProtocolVersion: "the broker does not speak this version of MQTT",
        .clientIdentifierNotValid: "the broker does not accept the client id",
        .badUserNameOrPassword: "the broker refused the user name or password",
        .notAuthorized: "the broker does not allow this",
        .serverUnavailable: "the broker is not available",
        .serverBusy: "the broker is busy",
        .banned: "the broker has banned this client",
        .serverShuttingDown: "the broker is shutting down",
        .keepAliveTimeout: "the broker heard nothing from this client for too long",
        .sessionTakenOver: "another client has connected with the same client id",
        .topicFilterInvalid: "the broker does not accept the topic filter",
        .topicNameInvalid: "the broker does not accept the topic",
        .receiveMaximumExceeded: "more messages were sent at once than the broker allows",
        .packetTooLarge: "the message is larger than the broker allows",
        .messageRateTooHigh: "more messages were sent than the broker allows",
        .quotaExceeded: "a quota of the broker is used up",
        .administrativeAction: "the broker's administrator closed the connection",
        .payloadFormatInvalid: "the broker does not accept the format of the payload",
        .retainNotSupported: "the broker does not keep retained messages",
        .qualityOfServiceNotSupported: "the broker does not offer this quality of service",
        .sharedSubscriptionsNotSupported: "the broker does not offer shared subscriptions",
        .connectionRateExceeded: "this client connects more often than the broker allows",
        .wildcardSubscriptionsNotSupported: "the broker does not offer subscriptions with wildcards",
    ]
}
