import CMosquitto
import Glibc

// File-scope functions, never closure literals: a literal takes on the isolation of where it is written, and traps when
// another thread calls it. They are set once, before the connection: from inside a callback that would deadlock.

func installCallbacks(on raw: OpaquePointer) {
    mosquitto_connect_v5_callback_set(raw, onConnect)
    mosquitto_disconnect_v5_callback_set(raw, onDisconnect)
    mosquitto_publish_v5_callback_set(raw, onPublish)
    mosquitto_subscribe_v5_callback_set(raw, onSubscribe)
    mosquitto_message_v5_callback_set(raw, onMessage)
    mosquitto_log_callback_set(raw, onLog)
}

private func inbox(_ context: UnsafeMutableRawPointer?) -> CallbackInbox {
    Unmanaged<CallbackInbox>.fromOpaque(context!).takeUnretainedValue()
}

private func onConnect(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ code: Int32,
    _ flags: Int32,
    _ properties: OpaquePointer?
) {
    let inbox = inbox(context)
    guard code == 0 else { return inbox.append(.refused(MQTTReasonCode(connectCode: code))) }
    let properties = ReceivedProperties(first: properties)
    let connection = MQTTConnection(
        version: inbox.version,
        sessionPresent: flags & 1 == 1,
        clientID: properties.string(MQTT_PROP_ASSIGNED_CLIENT_IDENTIFIER) ?? inbox.clientID,
        maximumPacketSize: properties.int32(MQTT_PROP_MAXIMUM_PACKET_SIZE).map(Int.init),
        maximumQualityOfService: properties.byte(MQTT_PROP_MAXIMUM_QOS).flatMap(MQTTQualityOfService.init)
            ?? .exactlyOnce,
        retainAvailable: properties.byte(MQTT_PROP_RETAIN_AVAILABLE) != 0,
        receiveMaximum: properties.int16(MQTT_PROP_RECEIVE_MAXIMUM).map(Int.init) ?? 65_535,
        keepAlive: properties.int16(MQTT_PROP_SERVER_KEEP_ALIVE).map { .seconds(Int($0)) } ?? inbox.keepAlive
    )
    inbox.append(.accepted(connection))
}

private func onDisconnect(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ code: Int32,
    _: OpaquePointer?
) {
    // Below 128 it is one of the library's own codes, which the call that failed returns as well.
    let reason = MQTTReasonCode(rawValue: UInt8(clamping: code))
    if reason.isFailure { inbox(context).append(.dismissed(reason)) }
}

private func onPublish(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ id: Int32,
    _ code: Int32,
    _: OpaquePointer?
) {
    inbox(context).append(.acknowledged(id, MQTTReasonCode(rawValue: UInt8(clamping: code))))
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
    inbox(context).append(.subscribed(id, MQTTReasonCode(rawValue: UInt8(clamping: granted[0]))))
}

private func onMessage(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ message: UnsafePointer<mosquitto_message>?,
    _ properties: OpaquePointer?
) {
    guard let received = message?.pointee else { return }
    guard let topic = received.topic.flatMap({ String(validatingCString: $0) }),
        (try? TopicName.validate(topic)) != nil
    else { return inbox(context).append(.unreadableTopic) }
    var message = MQTTMessage(
        topic: topic,
        payload: [],
        qualityOfService: MQTTQualityOfService(rawValue: UInt8(clamping: received.qos)) ?? .atLeastOnce,
        retained: received.retain,
        properties: MQTTProperties(ReceivedProperties(first: properties))
    )
    let byteCount = Int(received.payloadlen)
    if byteCount > CallbackInbox.payloadLimit {
        return inbox(context).append(.oversized(message, byteCount: byteCount))
    }
    message.payload = [UInt8](UnsafeRawBufferPointer(start: received.payload, count: byteCount))
    inbox(context).append(.message(message))
}

private func onLog(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ level: Int32,
    _ line: UnsafePointer<CChar>?
) {
    guard level == MOSQ_LOG_ERR, let line else { return }
    inbox(context).note(logLine: String(cString: line))
}

extension MQTTReasonCode {
    /// - Parameter connectCode: Of a CONNACK: MQTT 5's, or 3.1.1's 1 to 5 (MQTT 3.1.1, 3.2.2.3), whose meanings are
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
