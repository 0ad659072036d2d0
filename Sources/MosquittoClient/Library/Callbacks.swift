import CMosquitto
import Glibc

/// What the library has called back, in Swift's types.
enum CallbackEvent {
    case accepted(MQTTConnection)
    case refused(MQTTReasonCode)
    case acknowledged(PacketID, MQTTReasonCode)
    case subscribed(PacketID, MQTTReasonCode)
    case message(MQTTMessage)
    case oversized(MQTTMessage, byteCount: Int)
    /// A message whose topic is not UTF-8, or contains a wildcard.
    case unreadableTopic
    /// The broker's DISCONNECT.
    case dismissed(MQTTReasonCode)
}

/// Collects the callbacks of one ``MosquittoHandle`` until the call that caused them has returned.
final class CallbackInbox {
    /// A larger payload is counted, not copied: no command is that long.
    fileprivate static let payloadLimit = 64 * 1024

    fileprivate let version: MQTTProtocolVersion
    fileprivate let keepAlive: Duration
    fileprivate let keeper: (any MessageKeeper)?
    /// OpenSSL's last complaint, which the library reports only to its log.
    private(set) var explanation: String?
    private var events: [CallbackEvent] = []

    init(_ configuration: MQTTConfiguration, version: MQTTProtocolVersion) {
        self.version = version
        self.keepAlive = configuration.keepAlive
        self.keeper = configuration.keeper
    }

    var isEmpty: Bool { events.isEmpty }

    func drain() -> [CallbackEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    fileprivate func append(_ event: CallbackEvent) { events.append(event) }

    /// Keeps the useful end of "OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed".
    fileprivate func note(logLine: String) {
        guard logLine.hasPrefix("OpenSSL Error") else { return }
        explanation = logLine.split(separator: ":").last.map(String.init)
    }
}

// File-scope functions, never closure literals: a literal takes on the isolation of where it is written, and traps when
// another thread calls it. They are set once, before connecting: from inside a callback that would deadlock.

func installCallbacks(on raw: OpaquePointer) {
    mosquitto_connect_v5_callback_set(raw, onConnect)
    mosquitto_disconnect_v5_callback_set(raw, onDisconnect)
    mosquitto_publish_v5_callback_set(raw, onPublish)
    mosquitto_subscribe_v5_callback_set(raw, onSubscribe)
    mosquitto_unsubscribe_v5_callback_set(raw, onUnsubscribe)
    mosquitto_message_v5_callback_set(raw, onMessage)
    mosquitto_log_callback_set(raw, onLog)
}

/// - Parameter context: The pointer that ``MosquittoHandle`` gave to `mosquitto_new`.
private func inbox(_ context: UnsafeMutableRawPointer?) -> CallbackInbox? {
    context.map { Unmanaged<CallbackInbox>.fromOpaque($0).takeUnretainedValue() }
}

private func onConnect(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ code: Int32,
    _ flags: Int32,
    _ properties: OpaquePointer?
) {
    guard let inbox = inbox(context) else { return }
    guard code == 0 else { return inbox.append(.refused(MQTTReasonCode(connectCode: code))) }
    let properties = ReceivedProperties(first: properties)
    let connection = MQTTConnection(
        version: inbox.version,
        sessionPresent: flags & 1 == 1,
        maximumPacketSize: properties.int32(MQTT_PROP_MAXIMUM_PACKET_SIZE).map(Int.init),
        maximumQualityOfService: properties.byte(MQTT_PROP_MAXIMUM_QOS).flatMap(MQTTQualityOfService.init)
            ?? .exactlyOnce,
        retainAvailable: properties.byte(MQTT_PROP_RETAIN_AVAILABLE) != 0,
        receiveMaximum: properties.int16(MQTT_PROP_RECEIVE_MAXIMUM).map(Int.init) ?? 65_535,
        wildcardsAvailable: properties.byte(MQTT_PROP_WILDCARD_SUB_AVAILABLE) != 0,
        keepAlive: properties.int16(MQTT_PROP_SERVER_KEEP_ALIVE).map { .seconds(Int($0)) } ?? inbox.keepAlive
    )
    inbox.keeper?.connected(resumesSession: connection.sessionPresent)
    inbox.append(.accepted(connection))
}

private func onDisconnect(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ code: Int32,
    _: OpaquePointer?
) {
    // Below 128 it is one of the library's own codes, which the failed call returns as well.
    let reason = MQTTReasonCode(rawValue: UInt8(clamping: code))
    if reason.isFailure { inbox(context)?.append(.dismissed(reason)) }
}

private func onPublish(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ id: Int32,
    _ code: Int32,
    _: OpaquePointer?
) {
    inbox(context)?.append(.acknowledged(id, MQTTReasonCode(rawValue: UInt8(clamping: code))))
}

private func onSubscribe(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ id: Int32,
    _ count: Int32,
    _ granted: UnsafePointer<Int32>?,
    _: OpaquePointer?
) {
    guard count > 0, let granted else { return }
    inbox(context)?.append(.subscribed(id, MQTTReasonCode(rawValue: UInt8(clamping: granted[0]))))
}

private func onUnsubscribe(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ id: Int32,
    _: OpaquePointer?
) {
    inbox(context)?.append(.acknowledged(id, .success))
}

private func onMessage(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ message: UnsafePointer<mosquitto_message>?,
    _ properties: OpaquePointer?
) {
    guard let received = message?.pointee, let inbox = inbox(context) else { return }
    guard let topic = received.topic.flatMap({ String(validatingCString: $0) }),
        (try? TopicName.validate(topic)) != nil
    else { return inbox.append(.unreadableTopic) }
    var message = MQTTMessage(
        topic: topic,
        payload: [],
        qualityOfService: MQTTQualityOfService(rawValue: UInt8(clamping: received.qos)) ?? .atLeastOnce,
        isRetained: received.retain,
        properties: MQTTProperties(ReceivedProperties(first: properties))
    )
    let byteCount = Int(received.payloadlen)
    if byteCount > CallbackInbox.payloadLimit {
        return inbox.append(.oversized(message, byteCount: byteCount))
    }
    message.payload = [UInt8](UnsafeRawBufferPointer(start: received.payload, count: byteCount))
    switch inbox.keeper?.keep(message, packet: received.mid > 0 ? Int(received.mid) : nil) ?? .passed {
    case .kept(as: let number): message.keptAs = number
    case .passed: break
    case .dropped: return
    }
    inbox.append(.message(message))
}

private func onLog(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ level: Int32,
    _ line: UnsafePointer<CChar>?
) {
    guard level == MOSQ_LOG_ERR, let line else { return }
    inbox(context)?.note(logLine: String(cString: line))
}

extension MQTTReasonCode {
    /// - Parameter connectCode: The code of a CONNACK: MQTT 5's, or 3.1.1's 1 to 5 (MQTT 3.1.1, 3.2.2.3), which mean
    ///   the same under other numbers.
    fileprivate init(connectCode: Int32) {
        switch connectCode {
        case 1: self = .unsupportedProtocolVersion
        case 2: self = .clientIdentifierNotValid
        case 3: self = .serverUnavailable
        case 4: self = .badUserNameOrPassword
        case 5: self = .notAuthorized
        case 128...255: self.init(rawValue: UInt8(connectCode))
        default: self = .unspecifiedError
        }
    }
}
