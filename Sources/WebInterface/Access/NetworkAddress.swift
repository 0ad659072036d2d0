import Glibc

/// An IP address, by which a peer is known.
///
/// IPv4 addresses that are written as IPv6 ones (`::ffff:172.30.32.2`), as a socket for both kinds shows them, are the IPv4
/// addresses that they stand for.
public struct NetworkAddress: Hashable, Sendable {
    /// Four or sixteen.
    private let bytes: [UInt8]

    /// - Parameter text: `192.0.2.1`, `2001:db8::1`, without brackets or a port; a zone (`%eth0`) is left out.
    public init?(_ text: some StringProtocol) {
        let text = String(text.prefix { $0 != "%" })
        guard !text.utf8.contains(0), let bytes = Self.bytes(of: text, AF_INET) ?? Self.bytes(of: text, AF_INET6)
        else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        self.bytes = bytes.starts(with: mapped) ? Array(bytes.dropFirst(mapped.count)) : bytes
    }

    /// Whether it is this machine itself.
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }

    private static func bytes(of text: String, _ family: CInt) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
