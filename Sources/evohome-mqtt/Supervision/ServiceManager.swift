import Glibc

/// The service manager that started the program, where it wants to be told things: systemd with `Type=notify`.
///
/// It names a datagram socket and the watchdog's time in the environment (sd_notify(3), sd_watchdog_enabled(3)).
struct ServiceManager: Sendable {
    private let address: sockaddr_un
    private let addressSize: socklen_t

    /// How often it wants a sign of life at the least; `nil` where it has no watchdog.
    let watchdog: Duration?

    /// - Returns: `nil` where nobody asks to be told.
    init?(environment: [String: String], processIdentifier: pid_t = getpid()) {
        guard let name = environment["NOTIFY_SOCKET"], name.hasPrefix("/") || name.hasPrefix("@") else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard name.utf8.count < room else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: name.utf8)
            // An abstract name begins with a zero byte (unix(7)).
            if name.hasPrefix("@") { path[0] = 0 }
        }
        self.address = address
        addressSize = socklen_t(MemoryLayout<sockaddr_un>.size - room + name.utf8.count)
        // The time is for the process that it names, which may be a wrapper of this one.
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(processIdentifier)" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
        watchdog = isMeant ? microseconds.map { .microseconds($0) } : nil
    }

    /// Sends lines such as `READY=1`. What cannot be sent is lost: the manager is gone, or will miss a sign of life.
    func tell(_ lines: String...) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let message = Array(lines.joined(separator: "\n").utf8)
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), address, addressSize)
            }
        }
    }
}
