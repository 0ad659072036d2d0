import CMosquitto
import Glibc

/// libmosquitto as a whole.
enum MosquittoLibrary {
    /// Sets the library up, once for the process. It is never torn down: that would race with connections that are
    /// still being given up on threads of their own.
    static func setUp() { _ = isSetUp }

    private static let isSetUp: Bool = {
        // A broker that goes away while we write must not end the process; libmosquitto up to 2.0.14 did this itself.
        signal(SIGPIPE, SIG_IGN)
        return mosquitto_lib_init() == MOSQ_ERR_SUCCESS.rawValue
    }()
}

/// The number of a packet that the broker will acknowledge, unique while that is outstanding.
typealias PacketID = Int32

/// What a call into libmosquitto returned (`enum mosq_err_t`).
struct MosquittoCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    let rawValue: Int32

    static let success = Self(rawValue: MOSQ_ERR_SUCCESS.rawValue)
    static let noConnection = Self(rawValue: MOSQ_ERR_NO_CONN.rawValue)
    static let connectionLost = Self(rawValue: MOSQ_ERR_CONN_LOST.rawValue)
    static let tls = Self(rawValue: MOSQ_ERR_TLS.rawValue)
    static let systemError = Self(rawValue: MOSQ_ERR_ERRNO.rawValue)
    static let lookup = Self(rawValue: MOSQ_ERR_EAI.rawValue)
    static let keepAlive = Self(rawValue: MOSQ_ERR_KEEPALIVE.rawValue)
    static let oversizedPacket = Self(rawValue: MOSQ_ERR_OVERSIZE_PACKET.rawValue)

    /// In the middle of a sentence: without the capital and the full stop that the library gives it.
    var description: String {
        let text = String(cString: mosquitto_strerror(rawValue))
        return text.prefix(1).lowercased() + text.dropFirst().prefix { $0 != "." }
    }
}
