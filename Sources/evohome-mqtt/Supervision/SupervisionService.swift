import Basics
import Glibc
import HeatingModel
import Observability
import ServiceLifecycle

/// Tells the service manager that the bridge has started, how healthy it is, and that it stops.
///
/// Signs of life stop if a loop hangs, which a restart cures, but not while the broker is away, which it does not cure.
struct SupervisionService: Service {
    /// How often the status is sent without a watchdog.
    private static let pause = Duration.seconds(10)

    let manager: ServiceManager
    let monitor: HealthMonitor
    let clock: any WallClock

    func run() async throws {
        manager.tell("READY=1", status(of: monitor.health))
        await cancelWhenGracefulShutdown {
            // Twice within the watchdog's timeout, as sd_watchdog_enabled(3) advises.
            let pause = manager.watchdog.map { min($0 / 2, Self.pause) } ?? Self.pause
            while (try? await clock.sleep(for: pause)) != nil {
                let health = monitor.health
                if health.isAlive {
                    manager.tell("WATCHDOG=1", status(of: health))
                } else {
                    manager.tell(status(of: health))
                }
            }
        }
        manager.tell("STOPPING=1", "STATUS=Stopping.")
    }

    private func status(of health: Health) -> String {
        "STATUS=" + (health.isHealthy ? "Healthy." : health.problems.joined(separator: " "))
    }
}

/// The service manager that started the program, if it wants to be notified: systemd with `Type=notify`.
///
/// It names a datagram socket and the watchdog's timeout in the environment (sd_notify(3), sd_watchdog_enabled(3)).
struct ServiceManager: Sendable {
    private let address: sockaddr_un
    private let addressSize: socklen_t

    /// The longest time between two signs of life; `nil` without a watchdog.
    let watchdog: Duration?

    /// - Returns: `nil` if nobody asks to be notified.
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
        // The timeout is for the process that it names, which may be a wrapper of this one.
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
