import Basics
import CMosquitto
import Glibc

/// One `struct mosquitto`, made for one connection and thrown away with it.
///
/// A new one per connection means that the library carries nothing over: no message whose sender was already told that
/// it is lost, no packet that makes the broker close every connection, no setting of another version of MQTT. The
/// broker's session does not depend on it: that goes by the client id.
///
/// `@unchecked Sendable`: one thread at a time uses it. It is made and connected on a thread of its own, then handed over
/// to the loop's (``ConnectionAttempt``) under a lock, or dropped there. So callbacks run inside the calls below, and what
/// is sent is written by ``flush()``.
final class MosquittoHandle: @unchecked Sendable {
    private let version: MQTTProtocolVersion
    private let raw: OpaquePointer
    private let inbox: CallbackInbox

    /// - Parameter lastWill: How much of the configuration's last will the broker is asked for.
    init(
        _ configuration: MQTTConfiguration,
        version: MQTTProtocolVersion,
        lastWill: LastWillStrength
    ) throws(ConnectionFailure) {
        MosquittoLibrary.setUp()
        self.version = version
        self.inbox = CallbackInbox(configuration, version: version)
        // The library keeps the pointer as long as it lives; `self` keeps the inbox longer.
        let context = Unmanaged.passUnretained(inbox).toOpaque()
        guard let raw = mosquitto_new(configuration.clientID, version == .version311, context) else {
            throw .resources(SystemError.sentence(errno))
        }
        self.raw = raw
        installCallbacks(on: raw)
        try apply(configuration, lastWill)
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
        case .success:
            // From now on the library only queues what is to be sent. So a message is acknowledged after its callback has
            // returned, not before, as it would be otherwise (lib/handle_publish.c of 2.0.11).
            try check(mosquitto_threaded_set(raw, true))
        case .systemError: throw .unreachable(SystemError.sentence(systemError))
        case .lookup: throw .unreachable("\(configuration.host): \(SystemError.lookupSentence(systemError))")
        case .tls: throw .tlsFailed(inbox.explanation ?? MosquittoCode.tls.description)
        case let other: throw .unreachable(other.description)
        }
    }

    /// The connection's file descriptor; `nil` when the library has closed it.
    var socket: Int32? {
        let descriptor = mosquitto_socket(raw)
        return descriptor >= 0 ? descriptor : nil
    }

    /// Whether there are bytes that the socket did not take yet.
    var wantsToWrite: Bool { mosquitto_want_write(raw) }

    /// Whether the next turn has something to report even if the socket is quiet: a QoS 0 message counts as delivered
    /// as soon as it is written.
    var hasNews: Bool { !inbox.isEmpty || socket == nil }

    /// Reads and writes what is possible without waiting, and sends a ping when it is time.
    ///
    /// - Parameter readiness: What `poll` said of ``socket``.
    /// - Returns: What has happened, in order, and how the connection ended if it has.
    func turn(readiness: Int32) -> (events: [CallbackEvent], end: ConnectionEnd?) {
        var code = MosquittoCode.success
        // Read first even when only writing is possible: reading is what drives a TLS handshake on.
        if readiness != 0 { code = MosquittoCode(rawValue: mosquitto_loop_read(raw, 1)) }
        if code == .success, readiness & POLLOUT != 0, socket != nil {
            code = MosquittoCode(rawValue: mosquitto_loop_write(raw, 1))
        }
        var systemError = errno
        if code == .success, socket != nil { code = MosquittoCode(rawValue: mosquitto_loop_misc(raw)) }
        let events = inbox.drain()
        if code == .success, socket != nil {
            // lib/net_mosq.c does not report a reset within a TLS handshake: without this the loop would spin.
            guard readiness & (POLLERR | POLLHUP) != 0 else { return (events, nil) }
            code = .connectionLost
            systemError = 0
        }
        return (events, ConnectionEnd(code: code, systemError: systemError, explanation: inbox.explanation))
    }

    /// Writes what is queued, as far as the socket takes it. What goes wrong is reported by the next turn.
    func flush() {
        if socket != nil, wantsToWrite { _ = mosquitto_loop_write(raw, 1) }
    }

    /// Makes the kernel send acknowledgements at once (TCP_QUICKACK): a broker that uses Nagle's algorithm would
    /// otherwise wait 40 ms for each. Linux clears the option after a while, so it is set after each turn.
    func acknowledgeQuickly() {
        guard let socket else { return }
        var on: Int32 = 1
        _ = setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends a message with what the broker supports of it: the library would refuse more of MQTT 5, and an older broker
    /// close the connection.
    func publish(_ message: MQTTMessage, over connection: MQTTConnection) throws(MQTTError) -> PacketID {
        try message.validate()
        let properties = PropertyList(message.properties, for: version)
        var id: PacketID = 0
        let code = mosquitto_publish_v5(
            raw,
            &id,
            message.topic,
            Int32(message.payload.count),
            message.payload,
            Int32(min(message.qualityOfService, connection.maximumQualityOfService).rawValue),
            message.isRetained && connection.retainAvailable,
            properties.first
        )
        switch MosquittoCode(rawValue: code) {
        case .success: return id
        case .oversizedPacket: throw .refused(.packetTooLarge)
        case .noConnection, .connectionLost, .systemError: throw .connectionLost
        case let other: throw .unexpected("libmosquitto did not send the message: \(other)")
        }
    }

    /// - Returns: The packet's number; `nil` when it could not be sent, which the next turn will explain.
    func subscribe(to filter: String) -> PacketID? {
        var id: PacketID = 0
        // The options are MQTT 5's; the library leaves them out of 3.1.1.
        let options = Int32(MQTT_SUB_OPT_NO_LOCAL.rawValue | MQTT_SUB_OPT_RETAIN_AS_PUBLISHED.rawValue)
        let code = mosquitto_subscribe_v5(raw, &id, filter, 1, options, nil)
        return code == MosquittoCode.success.rawValue ? id : nil
    }

    /// Asks for an answer that comes after the broker has read everything before it, where nothing else is acknowledged.
    ///
    /// - Returns: The number of the packet that the broker will acknowledge.
    func askForSign() -> PacketID? {
        var id: PacketID = 0
        // To leave a topic that nobody has subscribed to changes nothing, and is acknowledged all the same.
        let code = mosquitto_unsubscribe(raw, &id, "evohome-mqtt/none")
        return code == MosquittoCode.success.rawValue ? id : nil
    }

    /// Sends DISCONNECT, so that the broker does not publish the last will; closes the connection once that is written.
    func disconnect() {
        _ = mosquitto_disconnect_v5(raw, 0, nil)
        flush()
    }

    // MARK: - Configuration

    /// Everything that has to be set before connecting.
    private func apply(_ configuration: MQTTConfiguration, _ strength: LastWillStrength) throws(ConnectionFailure) {
        let protocolVersion = version == .version5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311
        try check(mosquitto_int_option(raw, MOSQ_OPT_PROTOCOL_VERSION, protocolVersion))
        try check(mosquitto_int_option(raw, MOSQ_OPT_TCP_NODELAY, 1))
        if let username = configuration.username {
            try check(mosquitto_username_pw_set(raw, username, configuration.password?.revealed))
        }
        if let lastWill = configuration.lastWill, case .will(let qualityOfService, let isRetained) = strength {
            var lastWill = lastWill
            (lastWill.qualityOfService, lastWill.isRetained) = (qualityOfService, isRetained)
            try apply(lastWill: lastWill)
        }
        if let tls = configuration.tls { try apply(tls) }
    }

    private func apply(lastWill: MQTTMessage) throws(ConnectionFailure) {
        let properties = PropertyList(lastWill.properties, for: version).handOver()
        let code = mosquitto_will_set_v5(
            raw,
            lastWill.topic,
            Int32(lastWill.payload.count),
            lastWill.payload,
            Int32(lastWill.qualityOfService.rawValue),
            lastWill.isRetained,
            properties
        )
        if code != MosquittoCode.success.rawValue {
            var unused = properties
            mosquitto_property_free_all(&unused)
        }
        try check(code)
    }

    private func apply(_ tls: MQTTTLSConfiguration) throws(ConnectionFailure) {
        // A directory rather than MOSQ_OPT_TLS_USE_OS_CERTS, which 2.0.11 forgets (eclipse/mosquitto issue 2288).
        let systemDirectory = tls.caFile == nil ? "/etc/ssl/certs" : nil
        let code = mosquitto_tls_set(
            raw,
            tls.caFile,
            systemDirectory,
            tls.certificateFile,
            tls.keyFile,
            refusePassphrase
        )
        guard code == MosquittoCode.success.rawValue else {
            throw .tlsFailed("a certificate or key file cannot be read")
        }
        guard tls.skipsVerification else { return }
        // `tls_insecure` alone skips only the host name; SSL_VERIFY_NONE (0) skips the certificate.
        try check(mosquitto_tls_insecure_set(raw, true))
        try check(mosquitto_tls_opts_set(raw, 0, nil, nil))
    }

    private func check(_ code: Int32) throws(ConnectionFailure) {
        let code = MosquittoCode(rawValue: code)
        if code != .success { throw .resources("libmosquitto refuses its configuration: \(code)") }
    }
}

/// How the library reported the end of a connection.
struct ConnectionEnd {
    let code: MosquittoCode
    let systemError: Int32
    /// OpenSSL's words, if it had any.
    let explanation: String?

    var problem: String { code == .systemError ? SystemError.sentence(systemError) : code.description }
}

/// Without it OpenSSL would ask for the passphrase of an encrypted key on the terminal, and wait.
private func refusePassphrase(
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int32,
    _ isEncrypting: Int32,
    _ context: UnsafeMutableRawPointer?
) -> Int32 { 0 }
