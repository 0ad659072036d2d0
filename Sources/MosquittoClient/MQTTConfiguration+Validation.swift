import Basics
import Glibc
import Observability

extension MQTTConfiguration {
    /// Checks what would otherwise fail at every attempt to connect, with less to say about the cause.
    ///
    /// - Throws: ``MQTTError/invalidConfiguration(_:)`` that names the value and what is allowed.
    func validate() throws(MQTTError) {
        try require(!host.isEmpty && MQTTString.problem(in: host) == nil, "the host is empty or unreadable")
        try require((1...65_535).contains(port), "the port \(port) is not between 1 and 65535")
        try require(!clientID.isEmpty, "the client id is empty")
        try validate(clientID, as: "client id")
        if let username { try validate(username, as: "user name") }
        if let password { try validate(password) }
        try require(
            (Duration.seconds(5)...Duration.seconds(65_535)).contains(keepAlive),
            "the keep-alive \(keepAlive) is not between 5 s and 65535 s"
        )
        try require(
            sessionExpiry.wholeSeconds != nil,
            "the session expiry \(sessionExpiry) is not between 0 s and 4294967295 s"
        )
        try require(
            (1024...MQTTMessage.maximumSize).contains(maximumPacketSize),
            "the maximum packet size \(maximumPacketSize) is not between 1024 and \(MQTTMessage.maximumSize)"
        )
        for filter in subscriptions { try TopicFilter.validate(filter) }
        if let lastWill { try validate(lastWill: lastWill) }
        if let tls { try tls.validate() }
    }

    private func validate(_ text: String, as name: String) throws(MQTTError) {
        if let problem = MQTTString.problem(in: text) { throw .invalidConfiguration("the \(name) \(problem)") }
    }

    private func validate(_ password: Secret) throws(MQTTError) {
        try require(username != nil, "a password needs a user name")
        let bytes = password.revealed.utf8
        try require(bytes.count <= MQTTString.maximumLength, "the password is longer than 65535 bytes")
        try require(!bytes.contains(0), "the password contains a zero byte")
    }

    private func validate(lastWill: MQTTMessage) throws(MQTTError) {
        do { try lastWill.validate() } catch { throw .invalidConfiguration("the last will: \(error)") }
        // MQTT gives it two bytes for its length.
        try require(lastWill.payload.count <= 65_535, "the payload of the last will is longer than 65535 bytes")
    }
}

extension MQTTTLSConfiguration {
    fileprivate func validate() throws(MQTTError) {
        try require(
            (certificateFile == nil) == (keyFile == nil),
            "a client certificate and its key are given together or not at all"
        )
        for path in [caFile, certificateFile, keyFile].compactMap(\.self) {
            try require(access(path, R_OK) == 0, "the file \(path) cannot be read: \(SystemError.sentence(errno))")
        }
    }
}

private func require(_ condition: Bool, _ problem: @autoclosure () -> String) throws(MQTTError) {
    if !condition { throw .invalidConfiguration(problem()) }
}
