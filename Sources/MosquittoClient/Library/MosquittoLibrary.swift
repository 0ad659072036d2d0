import CMosquitto
import Glibc

/// libmosquitto as a whole.
enum MosquittoLibrary {
    /// Initialises the library, once per process. It is never cleaned up: that would race with abandoned connections,
    /// which may still be ending on threads of their own.
    static func setUp() { _ = isSetUp }

    private static let isSetUp: Bool = {
        // A broker that goes away while we write must not kill the process; libmosquitto up to 2.0.14 did this itself.
        signal(SIGPIPE, SIG_IGN)
        return mosquitto_lib_init() == MOSQ_ERR_SUCCESS.rawValue
    }()
}

/// The number of a packet that the broker will acknowledge, unique until then.
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

    /// For the middle of a sentence: without the library's capital letter and full stop.
    var description: String {
        let text = String(cString: mosquitto_strerror(rawValue)).lowercasingFirst
        return String(text.prefix { $0 != "." })
    }
}

/// The system's own words for its errors, for the middle of a sentence.
enum SystemError {
    static func sentence(_ code: Int32) -> String { String(cString: strerror(code)).lowercasingFirst }

    /// The same for what `getaddrinfo` returned.
    static func lookupSentence(_ code: Int32) -> String { String(cString: gai_strerror(code)).lowercasingFirst }
}

extension String {
    fileprivate var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}
