import CMosquitto
import Glibc

/// One `struct mosquitto`, made for one connection and thrown away with it.
///
/// A new one for each connection means that the library carries nothing over: no message that its caller was already
/// told is lost, no packet that the broker closes the connection for every time, no setting of another version of MQTT.
/// The broker's session does not mind; it goes by the client id.
///
/// `@unchecked Sendable`: one thread at a time uses it. It is made and connected on a thread of its own and handed over
/// to the loop's (``ConnectionAttempt``), under a lock, or dropped there. The library therefore runs unthreaded: what is
/// sent is written at once, and callbacks run inside the calls below.
final class MosquittoHandle: @unchecked Sendable {
    let version: MQTTProtocolVersion
    let raw: OpaquePointer
    let inbox: CallbackInbox

    init(_ configuration: MQTTConfiguration, version: MQTTProtocolVersion) throws(ConnectionFailure) {
        MosquittoLibrary.setUp()
        self.version = version
        self.inbox = CallbackInbox(configuration, version: version)
        // The library keeps the pointer for as long as it lives; `self` keeps the inbox for longer.
        let context = Unmanaged.passUnretained(inbox).toOpaque()
        guard let raw = mosquitto_new(configuration.clientID, version == .version311, context) else {
            throw .resources(SystemError.sentence(errno))
        }
        self.raw = raw
        installCallbacks(on: raw)
        try apply(configuration)
    }

    deinit { mosquitto_destroy(raw) }

    /// Looks the host up, connects and sends CONNECT. Blocks, for minutes if the host does not answer.
    func connect(_ configuration: MQTTConfiguration) throws(ConnectionFailure) {
        var properties = PropertyList()
        if version == .version5 {
            properties.append(MQTT_PROP_SESSION_EXPIRY_INTERVAL, configuration.sessionExpiry.wholeSeconds ?? 0)
            properties.append(MQTT_PROP_MAXIMUM_PACKET_SIZE, UInt32(configuration.maximumPacketSize))
        }
        let code = mosquitto_connect_bind_v5(
            raw,
            configuration.host,
            Int32(configuration.port),
            Int32(configuration.keepAlive.components.seconds),
            nil,
            properties.first
        )
        let systemError = errno
        switch MosquittoCode(rawValue: code) {
        case .success: return
        case .systemError: throw .unreachable(SystemError.sentence(systemError))
        case .lookup: throw .unreachable("\(configuration.host): \(SystemError.lookupSentence(systemError))")
        case .tls: throw .insecure(inbox.explanation ?? MosquittoCode.tls.description)
        case let other: throw .unreachable(other.description)
        }
    }

    /// The connection's file descriptor, or nil when the library has closed it.
    var socket: Int32? {
        let descriptor = mosquitto_socket(raw)
        return descriptor >= 0 ? descriptor : nil
    }

    /// Whether there are bytes that the socket would not take yet.
    var wantsToWrite: Bool { mosquitto_want_write(raw) }

    /// Whether the next turn has something to tell even if the socket is quiet: a QoS 0 message counts as delivered as
    /// soon as it is written.
    var hasNews: Bool { !inbox.isEmpty || socket == nil }

    /// Reads and writes what can be without waiting, and sends a ping when it is time.
    ///
    /// - Parameter readiness: What `poll` said of ``socket``.
    /// - Returns: What has happened, in order, and how the connection ended if it has.
    func turn(readiness: Int32) -> (events: [CallbackEvent], end: ConnectionEnd?) {
        var code = MosquittoCode.success
        // Reading comes first even when only writing is possible: it is reading that drives a TLS handshake on.
        if readiness != 0 { code = MosquittoCode(rawValue: mosquitto_loop_read(raw, 1)) }
        if code == .success, readiness & POLLOUT != 0, socket != nil {
            code = MosquittoCode(rawValue: mosquitto_loop_write(raw, 1))
        }
        var systemError = errno
        if code == .success, socket != nil { code = MosquittoCode(rawValue: mosquitto_loop_misc(raw)) }
        let events = inbox.drain()
        if code == .success, socket != nil {
            // A reset within a TLS handshake is not reported by lib/net_mosq.c: without this the loop would spin.
            guard readiness & (POLLERR | POLLHUP) != 0 else { return (events, nil) }
            code = .connectionLost
            systemError = 0
        }
        return (events, ConnectionEnd(code: code, systemError: systemError, explanation: inbox.explanation))
    }

    /// Asks the peer's kernel not to hold our acknowledgements back: with Nagle's algorithm at its end that costs 40 ms
    /// a message. Linux forgets the wish after a while, so it is said after each turn.
    func acknowledgeQuickly() {
        guard let socket else { return }
        var on: Int32 = 1
        _ = setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends a message, with no higher quality of service than the broker offers: the library would refuse it.
    func publish(_ message: MQTTMessage, maximumQualityOfService: MQTTQualityOfService) throws(MQTTError) -> PacketID {
        try message.validate()
        let properties = PropertyList(message.properties, for: version)
        var id: PacketID = 0
        let code = mosquitto_publish_v5(
            raw,
            &id,
            message.topic,
            Int32(message.payload.count),
            message.payload,
            Int32(min(message.qualityOfService, maximumQualityOfService).rawValue),
            message.retained,
            properties.first
        )
        switch MosquittoCode(rawValue: code) {
        case .success: return id
        case .oversizedPacket: throw .refused(.packetTooLarge)
        case .noConnection, .connectionLost, .systemError: throw .connectionLost
        case let other: throw .unexpected("libmosquitto did not send the message: \(other)")
        }
    }

    /// - Returns: The packet's number, or nil when it could not be sent, which the next turn will explain.
    func subscribe(to filter: String) -> PacketID? {
        var id: PacketID = 0
        // The options are MQTT 5's; the library leaves them out of 3.1.1.
        let options = Int32(MQTT_SUB_OPT_NO_LOCAL.rawValue | MQTT_SUB_OPT_RETAIN_AS_PUBLISHED.rawValue)
        let code = mosquitto_subscribe_v5(raw, &id, filter, 1, options, nil)
        return code == MosquittoCode.success.rawValue ? id : nil
    }

    /// Says goodbye, so that the broker does not publish the last will; closes when that has been written.
    func disconnect() { _ = mosquitto_disconnect_v5(raw, 0, nil) }
}

/// How the library said that a connection has ended.
struct ConnectionEnd {
    let code: MosquittoCode
    let systemError: Int32
    /// OpenSSL's words, where it had any.
    let explanation: String?

    var problem: String { code == .systemError ? SystemError.sentence(systemError) : code.description }
}
