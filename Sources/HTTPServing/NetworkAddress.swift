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

    /// The network that one household or guesser has: an IPv4 address itself, of an IPv6 address its /64.
    package var network: NetworkAddress {
        bytes.count == 4 ? self : NetworkAddress(bytes: bytes.prefix(8) + Array(repeating: 0, count: 8))
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static func bytes(of text: String, _ family: CInt) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

extension NetworkAddress: CustomStringConvertible {
    public var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
}
