import Glibc
import Synchronization

/// What a service manager listens on: a datagram socket at a path, which `NOTIFY_SOCKET` names.
public final class NotificationSocket: Sendable {
    public let path: String
    private let descriptor: Int32
    private let received = Mutex<[String]>([])

    /// - Parameter path: Where nothing is yet.
    public init(path: String) throws {
        self.path = path
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw TCPSocket.Failure(description: "cannot bind \(path): errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// All messages so far, in their order.
    public var messages: [String] {
        received.withLock { received in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                guard count >= 0 else { return received }
                received.append(String(decoding: buffer.prefix(count), as: UTF8.self))
            }
        }
    }
}
