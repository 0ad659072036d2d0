/// Why there is no connection.
enum ConnectionFailure: Error, Hashable, Sendable {
    /// The name or the host could not be reached; in the system's words.
    case unreachable(String)
    /// TLS could not be set up; in OpenSSL's words.
    case tlsFailed(String)
    /// The broker answered with a refusal.
    case refused(MQTTReasonCode)
    /// The broker closed the connection instead of answering CONNECT.
    case closedUnanswered
    /// The broker did not answer in time.
    case timedOut
    /// The connection was up, and broke; in the library's words.
    case lost(String)
    /// The broker ended the connection and said why.
    case dismissed(MQTTReasonCode)
    /// The broker no longer answers pings.
    case silent
    /// The broker answers pings, but does not acknowledge messages.
    case unacknowledged
    /// Out of memory, threads or files; in the system's words.
    case resources(String)
}

extension ConnectionFailure: CustomStringConvertible {
    /// One sentence without a full stop.
    var description: String {
        switch self {
        case .unreachable(let problem): "the MQTT broker cannot be reached: \(problem)"
        case .tlsFailed(let problem): "no secure connection to the MQTT broker: \(problem)"
        // Brokers answer "not authorised" to a wrong password as well, so as not to give away user names.
        case .refused(.notAuthorized): MQTTReasonCode.badUserNameOrPassword.description
        case .refused(let reason), .dismissed(let reason): reason.description
        case .closedUnanswered: "the MQTT broker closed the connection before it answered"
        case .timedOut: "the MQTT broker does not answer"
        case .lost(let problem): "the connection to the MQTT broker was lost: \(problem)"
        case .silent: "the MQTT broker has fallen silent"
        case .unacknowledged: "the MQTT broker no longer acknowledges messages"
        case .resources(let problem): "the system has no resources for a connection: \(problem)"
        }
    }
}

extension ConnectionFailure {
    /// Whether a connection may have ended because of what was sent over it.
    var mayBeAboutAMessage: Bool {
        switch self {
        case .lost: true
        case .dismissed(let reason): Self.reasonsAboutMessages.contains(reason)
        default: false
        }
    }

    private static let reasonsAboutMessages: Set<MQTTReasonCode> = [
        .unspecifiedError, .malformedPacket, .protocolError, .implementationSpecificError, .notAuthorized,
        .topicNameInvalid, .packetTooLarge, .quotaExceeded, .payloadFormatInvalid, .retainNotSupported,
        .qualityOfServiceNotSupported,
    ]
}
