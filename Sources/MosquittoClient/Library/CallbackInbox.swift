/// What the library has called back, in Swift's types.
enum CallbackEvent {
    case accepted(MQTTConnection)
    case refused(MQTTReasonCode)
    case acknowledged(PacketID, MQTTReasonCode)
    case subscribed(PacketID, MQTTReasonCode)
    case message(MQTTMessage)
    case oversized(MQTTMessage, byteCount: Int)
    /// A message whose topic is no UTF-8, or a wildcard.
    case unreadableTopic
    /// The broker's DISCONNECT.
    case dismissed(MQTTReasonCode)
}

/// Collects the callbacks of one ``MosquittoHandle`` until the call that caused them has returned.
final class CallbackInbox {
    /// A payload larger than this is counted, not copied: no command is that long.
    static let payloadLimit = 64 * 1024

    let clientID: String
    let version: MQTTProtocolVersion
    let keepAlive: Duration
    /// The last thing that OpenSSL complained about: the library tells it only to its log.
    private(set) var explanation: String?
    private var events: [CallbackEvent] = []

    init(_ configuration: MQTTConfiguration, version: MQTTProtocolVersion) {
        self.clientID = configuration.clientID
        self.version = version
        self.keepAlive = configuration.keepAlive
    }

    var isEmpty: Bool { events.isEmpty }

    func append(_ event: CallbackEvent) { events.append(event) }

    func drain() -> [CallbackEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    /// Keeps the useful end of "OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed".
    func note(logLine: String) {
        guard logLine.hasPrefix("OpenSSL Error") else { return }
        explanation = logLine.split(separator: ":").last.map(String.init)
    }
}
