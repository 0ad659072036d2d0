public import Basics
import Glibc

/// Everything that a ``MosquittoClient`` needs to know about its broker and about itself.
public struct MQTTConfiguration: Sendable {
    /// Which version of MQTT to speak.
    public enum Version: Sendable, Hashable {
        /// 5, or 3.1.1 when the broker does not speak 5.
        case automatic
        case version5
        case version311
    }

    /// A host name or an address.
    public var host: String
    /// 1 to 65,535; by convention 1883, and 8883 with TLS.
    public var port: Int
    /// `nil` for a connection without TLS.
    public var tls: MQTTTLSConfiguration?
    public var username: String?
    public var password: Secret?
    /// The id of this client at the broker. Two clients with the same id disconnect each other. Not empty.
    public var clientID: String
    public var version: Version
    /// How long the broker keeps commands for this client while it is away, in whole seconds, at most 136 years.
    ///
    /// MQTT 5 only. 3.1.1 has no such limit, and a command that is weeks old must not be carried out; so with 3.1.1 the
    /// session is clean.
    public var sessionExpiry: Duration
    /// How long the connection may be silent before the client probes it, and how long the answer may take: 5 s to
    /// 65,535 s.
    public var keepAlive: Duration
    /// Published by the broker when it loses this client, and by the client itself, as a farewell, when it leaves.
    public var lastWill: MQTTMessage?
    /// Filters to subscribe to at every connection: one packet each, QoS 1, "retain as published" and "no local".
    public var subscriptions: [String]
    /// The largest packet, in bytes, that the broker may send to this client. MQTT 5 only.
    public var maximumPacketSize: Int
    /// Gets each message before it is acknowledged; `nil` to acknowledge at once.
    public var keeper: (any MessageKeeper)?

    public init(
        host: String,
        port: Int = 1883,
        tls: MQTTTLSConfiguration? = nil,
        username: String? = nil,
        password: Secret? = nil,
        clientID: String,
        version: Version = .automatic,
        sessionExpiry: Duration = .seconds(3600),
        keepAlive: Duration = .seconds(30),
        lastWill: MQTTMessage? = nil,
        subscriptions: [String] = [],
        maximumPacketSize: Int = 128 * 1024
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.username = username
        self.password = password
        self.clientID = clientID
        self.version = version
        self.sessionExpiry = sessionExpiry
        self.keepAlive = keepAlive
        self.lastWill = lastWill
        self.subscriptions = subscriptions
        self.maximumPacketSize = maximumPacketSize
    }
}

/// Which certificates a TLS connection trusts, and which one it presents.
public struct MQTTTLSConfiguration: Sendable, Hashable {
    /// A PEM file of the certificate authorities to trust; `nil` for the system's.
    public var caFile: String?
    /// A PEM file with this client's certificate, for brokers that ask for one. Goes with ``keyFile``.
    public var certificateFile: String?
    /// A PEM file with the key of ``certificateFile``, without a passphrase.
    public var keyFile: String?
    /// Accepts any certificate of any authority for any host name. The connection is encrypted, but nothing proves that
    /// the broker is at its other end: whoever sits between can read and change everything. For tests only.
    public var skipsVerification: Bool

    public init(
        caFile: String? = nil,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        skipsVerification: Bool = false
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.skipsVerification = skipsVerification
    }
}

// MARK: - Validation

extension MQTTConfiguration {
    /// Checks what would otherwise fail at every attempt to connect, with a less helpful reason.
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
        // Its length has two bytes in CONNECT.
        try require(lastWill.payload.count <= 65_535, "the payload of the last will is longer than 65535 bytes")
    }
}

extension MQTTTLSConfiguration {
    fileprivate func validate() throws(MQTTError) {
        try require(
            (certificateFile == nil) == (keyFile == nil),
            "a client certificate and its key must be given together"
        )
        for path in [caFile, certificateFile, keyFile].compactMap(\.self) {
            try require(access(path, R_OK) == 0, "the file \(path) cannot be read: \(SystemError.sentence(errno))")
        }
    }
}

private func require(_ condition: Bool, _ problem: @autoclosure () -> String) throws(MQTTError) {
    if !condition { throw .invalidConfiguration(problem()) }
}
