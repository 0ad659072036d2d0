/// A host and its port, as they stand in an address.
struct Endpoint: Sendable, Hashable {
    /// A name or an address; IPv6 without its brackets.
    let host: String

    /// From 1 to 65535, or 0 to listen on any that is free.
    let port: Int

    /// - Parameters:
    ///   - text: `host`, `host:port`, `[::1]` or `[::1]:port`.
    ///   - defaultPort: The port where the text has none; nil where it must have one.
    init?(_ text: some StringProtocol, defaultPort: Int?) {
        let end: String.Index
        let text = String(text)
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            host = String(text[..<bracket].dropFirst())
            end = text.index(after: bracket)
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else {
            end = text.firstIndex(of: ":") ?? text.endIndex
            host = String(text[..<end])
            guard host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }) else {
                return nil
            }
        }
        guard !host.isEmpty else { return nil }
        if end == text.endIndex {
            guard let defaultPort else { return nil }
            port = defaultPort
        } else {
            let digits = text[end...].dropFirst()
            guard text[end] == ":", !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit), let number = UInt16(digits)
            else { return nil }
            port = Int(number)
        }
    }

    /// Whether the host is this machine and no name server has a say in it.
    var isLoopback: Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        let isLoopbackIPv4 = octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
        return isLoopbackIPv4 || host.lowercased() == "localhost" || host == "::1"
    }
}

extension Endpoint: CustomStringConvertible {
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
