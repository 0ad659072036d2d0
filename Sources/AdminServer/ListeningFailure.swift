import Glibc

/// Why nothing can be served at an address.
public struct ListeningFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence that says what to do.
    public let description: String

    init(host: String, port: Int, reason: String) {
        let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        description = "Nothing can be served at \(address), since \(reason)."
    }

    /// - Parameter errorNumber: The system's, from `errno.h`.
    init(host: String, port: Int, errorNumber: Int32) {
        let reason =
            switch errorNumber {
            case EADDRINUSE: "another program listens there already; choose another port or stop that program"
            case EADDRNOTAVAIL: "this machine has no such address; choose 127.0.0.1, 0.0.0.0 or one of its own"
            case EACCES: "ports below 1024 are the administrator's; choose a higher one"
            default: "the system refuses it: \(String(cString: strerror(errorNumber)))"
            }
        self.init(host: host, port: port, reason: reason)
    }
}
