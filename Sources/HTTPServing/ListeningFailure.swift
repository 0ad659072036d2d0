import Glibc

/// Why the server cannot listen at an address.
public struct ListeningFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence that says what to do.
    public let description: String
    /// Host and port.
    public let address: String

    init(host: String, port: Int, reason: String) {
        address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        description = "Cannot listen at \(address): \(reason)."
    }

    /// - Parameter errorNumber: The system's, from `errno.h`.
    init(host: String, port: Int, errorNumber: Int32) {
        let reason =
            switch errorNumber {
            case EADDRINUSE: "another program is listening there; choose another port or stop that program"
            case EADDRNOTAVAIL: "this machine has no such address; choose 127.0.0.1, 0.0.0.0 or one of its own"
            case EACCES: "only the administrator may use ports below 1024; choose a higher one"
            default: "the system refuses it: \(String(cString: strerror(errorNumber)))"
            }
        self.init(host: host, port: port, reason: reason)
    }
}
