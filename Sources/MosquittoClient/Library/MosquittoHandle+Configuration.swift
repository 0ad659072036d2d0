import Basics
import CMosquitto
import Observability

extension MosquittoHandle {
    /// Everything that has to be set before the connection is made.
    func apply(_ configuration: MQTTConfiguration) throws(ConnectionFailure) {
        let protocolVersion = version == .version5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311
        try check(mosquitto_int_option(raw, MOSQ_OPT_PROTOCOL_VERSION, protocolVersion))
        try check(mosquitto_int_option(raw, MOSQ_OPT_TCP_NODELAY, 1))
        if let username = configuration.username {
            try check(mosquitto_username_pw_set(raw, username, configuration.password?.revealed))
        }
        if let lastWill = configuration.lastWill { try apply(lastWill: lastWill) }
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
            lastWill.retained,
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
            throw .insecure("a certificate or key file cannot be read")
        }
        guard tls.insecure else { return }
        // The first skips only the name; it is the second that skips the certificate.
        try check(mosquitto_tls_insecure_set(raw, true))
        try check(mosquitto_tls_opts_set(raw, 0, nil, nil))
    }

    private func check(_ code: Int32) throws(ConnectionFailure) {
        let code = MosquittoCode(rawValue: code)
        if code != .success { throw .resources("libmosquitto refuses its configuration: \(code)") }
    }
}

/// Without it OpenSSL would ask for the passphrase of an encrypted key on the terminal, and wait.
private func refusePassphrase(
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int32,
    _ isEncrypting: Int32,
    _ context: UnsafeMutableRawPointer?
) -> Int32 { 0 }
