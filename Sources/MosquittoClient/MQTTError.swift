/// What can go wrong with this client.
public enum MQTTError: Error, Sendable, Hashable {
    /// There is no connection now. Nothing was sent; the client is trying to connect.
    case notConnected
    /// The connection was lost before the broker acknowledged the message, which may or may not have arrived.
    case connectionLost
    /// The broker refused the message, or it is larger than the broker allows.
    case refused(MQTTReasonCode)
    /// MQTT does not allow such a message; the text says why.
    case invalidMessage(String)
    /// The configuration cannot work; the text says why.
    case invalidConfiguration(String)
    /// The waiting task was cancelled; the message may or may not have arrived.
    case cancelled
    /// The client has been shut down.
    case closed
    /// ``MosquittoClient/run()`` was called a second time.
    case alreadyRun
    /// The system or libmosquitto failed in a way that has no case of its own, for example for lack of memory.
    case unexpected(String)
}

extension MQTTError: CustomStringConvertible {
    /// One sentence without a full stop.
    public var description: String {
        switch self {
        case .notConnected: "there is no connection to the MQTT broker"
        case .connectionLost: "the connection was lost before the broker acknowledged the message"
        case .refused(let reason): reason.description
        case .invalidMessage(let problem): "the message cannot be sent: \(problem)"
        case .invalidConfiguration(let problem): "the MQTT configuration cannot work: \(problem)"
        case .cancelled: "waiting for the broker's acknowledgement was cancelled"
        case .closed: "the MQTT client has been shut down"
        case .alreadyRun: "the MQTT client can run only once"
        case .unexpected(let problem): problem
        }
    }
}

/// Why a broker refused something, or that it did not (MQTT 5, 2.4).
///
/// An unknown code, from a newer broker, keeps its number.
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

    /// Whether it is a refusal. Everything below 128 is a success, also 16 ("no matching subscribers").
    public var isFailure: Bool { rawValue >= 128 }
}

extension MQTTReasonCode: CustomStringConvertible {
    /// One sentence without a full stop.
    public var description: String {
        Self.sentences[self] ?? (isFailure ? "the broker refused with code \(rawValue)" : "the broker agreed")
    }

    private static let sentences: [Self: String] = [
        .unspecifiedError: "the broker refused without saying why",
        .malformedPacket: "the broker could not read what was sent",
        .protocolError: "the broker reports a violation of the protocol",
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
        .receiveMaximumExceeded: "more messages were in flight than the broker allows",
        .packetTooLarge: "the message is larger than the broker allows",
        .messageRateTooHigh: "messages were sent faster than the broker allows",
        .quotaExceeded: "a quota of the broker is used up",
        .administrativeAction: "the broker's administrator closed the connection",
        .payloadFormatInvalid: "the broker does not accept the format of the payload",
        .retainNotSupported: "the broker does not support retained messages",
        .qualityOfServiceNotSupported: "the broker does not support this quality of service",
        .sharedSubscriptionsNotSupported: "the broker does not support shared subscriptions",
        .connectionRateExceeded: "this client connects more often than the broker allows",
        .wildcardSubscriptionsNotSupported: "the broker does not support subscriptions with wildcards",
    ]
}
