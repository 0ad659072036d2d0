public import Basics
import Observability

/// Everything that a ``MosquittoClient`` has to know about its broker and about itself.
public struct MQTTConfiguration: Sendable {
    /// Which version of MQTT is spoken.
    public enum Version: Sendable, Hashable {
        /// 5, and 3.1.1 where the broker does not speak 5.
        case automatic
        case version5
        case version311
    }

    /// A host name or an address.
    public var host: String
    /// 1 to 65,535; 1883 by custom, 8883 with TLS.
    public var port: Int
    /// Nil for a connection without TLS.
    public var tls: MQTTTLSConfiguration?
    public var username: String?
    public var password: Secret?
    /// What the broker knows this client by; two clients with the same one throw each other out. Not empty.
    public var clientID: String
    public var version: Version
    /// How long the broker keeps commands for this client while it is away, in whole seconds, at most 136 years.
    ///
    /// MQTT 5 only. 3.1.1 has no such limit, and a command that is weeks old must not be carried out: there the session
    /// is clean.
    public var sessionExpiry: Duration
    /// How long the connection may be silent before it is probed, and the answer may take: 5 s to 65,535 s.
    public var keepAlive: Duration
    /// Published by the broker when this client is lost, and by the client itself, as a farewell, when it leaves.
    public var lastWill: MQTTMessage?
    /// Filters, subscribed at every connection with one packet each, QoS 1, "retain as published" and "no local".
    public var subscriptions: [String]
    /// The largest packet, in bytes, that the broker may send to this client. MQTT 5 only.
    public var maximumPacketSize: Int

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

/// Whom a TLS connection trusts and who it says it is.
public struct MQTTTLSConfiguration: Sendable, Hashable {
    /// A PEM file of the authorities to trust; nil for those that the system trusts.
    public var caFile: String?
    /// A PEM file with this client's certificate, for brokers that ask for one. Goes with ``keyFile``.
    public var certificateFile: String?
    /// A PEM file with the key of ``certificateFile``, without a passphrase.
    public var keyFile: String?
    /// Takes any certificate at all, for whatever name: the connection is encrypted, but with anybody.
    public var insecure: Bool

    public init(
        caFile: String? = nil,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        insecure: Bool = false
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.insecure = insecure
    }
}
