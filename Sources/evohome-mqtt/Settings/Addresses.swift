import Basics
import BridgeCore
import Foundation
import HTTPServing
import Observability
import WebInterface

/// A host and its port, as an address has them.
struct Endpoint: Sendable, Hashable {
    /// A name or an address; IPv6 without brackets, and with a scope as the system has it: `fe80::1%eth0`.
    let host: String

    /// From 1 to 65535, or 0 to listen on any free port.
    let port: Int

    /// - Parameters:
    ///   - text: `host`, `host:port`, `[::1]` or `[::1]:port`; a scope follows as `%25eth0` (RFC 6874) or `%eth0`.
    ///   - defaultPort: The port if the text has none; `nil` if it must have one.
    init?(_ text: some StringProtocol, defaultPort: Int?) {
        let end: String.Index
        let text = String(text)
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            let parts = text[..<bracket].dropFirst().split(
                separator: "%",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            end = text.index(after: bracket)
            guard let address = parts.first, address.contains(":"),
                address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { return nil }
            if parts.count == 2 {
                let scope = parts[1].hasPrefix("25") ? parts[1].dropFirst(2) : parts[1]
                // Interfaces of Linux have at most 15 characters (IFNAMSIZ).
                guard (1...15).contains(scope.count), scope.allSatisfy(\.isNameOfHost) else { return nil }
                host = "\(address)%\(scope)"
            } else {
                host = String(address)
            }
        } else {
            end = text.firstIndex(of: ":") ?? text.endIndex
            host = String(text[..<end])
            guard host.allSatisfy(\.isNameOfHost) else { return nil }
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

    /// Whether the host is this machine, without asking a name server.
    var isLoopback: Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        let isLoopbackIPv4 = octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
        return isLoopbackIPv4 || host.lowercased() == "localhost" || host == "::1"
    }

    /// Whether it stands for all addresses of this machine.
    var isWildcard: Bool {
        NetworkAddress(host).map { $0 == NetworkAddress("0.0.0.0") || $0 == NetworkAddress("::") } ?? false
    }
}

extension Endpoint: CustomStringConvertible {
    var description: String {
        host.contains(":") ? "[\(host.replacing("%", with: "%25"))]:\(port)" : "\(host):\(port)"
    }
}

extension Character {
    fileprivate var isNameOfHost: Bool { isASCII && (isLetter || isNumber || "-._".contains(self)) }
}

/// The address of the vendor's cloud.
struct CloudURL: Sendable, Hashable {
    enum Scheme: String, Sendable { case https, http }

    let scheme: Scheme
    let endpoint: Endpoint

    /// Plain http is allowed on loopback only, because tokens and the password travel over it.
    ///
    /// - Parameter text: `https://host[:port]` or `http://` on loopback, with nothing after it but a slash.
    init?(_ text: String) {
        guard let (scheme, address) = text.splitURL(), let scheme = Scheme(rawValue: scheme),
            let endpoint = Endpoint(address, defaultPort: scheme == .https ? 443 : 80), endpoint.port > 0,
            scheme == .https || endpoint.isLoopback
        else { return nil }
        self.scheme = scheme
        self.endpoint = endpoint
    }

    /// The vendor's cloud locks out clients that poll more often.
    var shortestPollInterval: Duration { isVendor ? .seconds(60) : .seconds(1) }

    var isVendor: Bool {
        var host = endpoint.host.lowercased()
        // The same name, to DNS.
        if host.hasSuffix(".") { host.removeLast() }
        return ["resideo.com", "honeywell.com", "mytotalconnectcomfort.com"]
            .contains { host == $0 || host.hasSuffix("." + $0) }
    }
}

extension CloudURL: CustomStringConvertible {
    /// The address without a trailing slash, to append paths to.
    var description: String { "\(scheme.rawValue)://\(endpoint)" }
}

/// The address of the broker, with the credentials that it may contain.
struct BrokerURL: Sendable, Hashable {
    enum Scheme: String, Sendable { case mqtt, mqtts }

    let scheme: Scheme
    let endpoint: Endpoint
    let username: String?
    let password: Secret?

    /// - Parameter text: `mqtt://[user[:password]@]host[:port]` or `mqtts://`, user and password percent-encoded.
    init?(_ text: String) {
        guard let (scheme, address) = text.splitURL(), let scheme = Scheme(rawValue: scheme) else { return nil }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2, let hostAndPort = parts.last,
            let endpoint = Endpoint(hostAndPort, defaultPort: scheme == .mqtts ? 8883 : 1883), endpoint.port > 0
        else { return nil }
        self.scheme = scheme
        self.endpoint = endpoint
        guard parts.count == 2 else {
            username = nil
            password = nil
            return
        }
        let identity = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map { String($0).removingPercentEncoding }
        // libmosquitto takes C strings, which end at a NUL.
        guard let user = identity.first ?? nil, !user.isEmpty,
            identity.allSatisfy({ $0.map { !$0.hasControlCharacters } ?? false })
        else { return nil }
        username = user
        password = identity.count == 2 ? identity[1].map(Secret.init) : nil
    }
}

/// The address that the bridge serves health and metrics at.
struct ListenAddress: Sendable, Hashable {
    let endpoint: Endpoint

    /// - Parameter text: `host:port`; port 0 is any free port.
    init?(_ text: String) {
        guard let endpoint = Endpoint(text, defaultPort: nil) else { return nil }
        self.endpoint = endpoint
    }
}

extension PageAddress {
    /// - Parameter text: `http://host[:port][/path]`, `https://…`, or `homeassistant://` and a panel of its sidebar.
    init?(setting text: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        let rest = text[colon.upperBound...]
        // What addresses are made of (RFC 3986), without user, query and fragment.
        guard rest.allSatisfy({ $0.isNameOfHost || "/~%!$&'()*+,;=:[]".contains($0) }) else { return nil }
        switch text[..<colon.lowerBound].lowercased() {
        case let scheme where scheme == "http" || scheme == "https":
            let authority = rest.prefix { $0 != "/" }
            guard let endpoint = Endpoint(authority, defaultPort: scheme == "https" ? 443 : 80), endpoint.port > 0
            else { return nil }
            self.init(url: "\(scheme)://\(rest)")
        case "homeassistant":
            guard !rest.isEmpty, rest.allSatisfy(\.isNameOfHost) else { return nil }
            self.init(panel: String(rest))
        default: return nil
        }
    }

    /// The address that is listened at, if others can reach the page by it: not every address of the machine, and not
    /// loopback.
    init?(_ listen: ListenAddress) {
        let endpoint = listen.endpoint
        guard endpoint.port > 0, !endpoint.isLoopback, !endpoint.isWildcard, !endpoint.host.contains("%"),
            NetworkAddress(endpoint.host) != nil
        else { return nil }
        self.init(url: "http://\(endpoint)/")
    }
}

extension BrokerURL {
    /// Why an address that could be meant well is none; `nil` if there is nothing special about it.
    static func objection(to text: String) -> String? {
        guard let colon = text.firstRange(of: "://") else { return nil }
        return switch text[..<colon.lowerBound].lowercased() {
        case "ws", "wss":
            "mqtt:// or mqtts://, with the broker's port for those (usually 1883 or 8883): "
                + "MQTT over WebSockets is not supported"
        default: nil
        }
    }
}

extension String {
    /// The scheme in lower case and what is between it and a closing slash; `nil` if more follows.
    fileprivate func splitURL() -> (scheme: String, address: Substring)? {
        guard let colon = firstRange(of: "://") else { return nil }
        var address = self[colon.upperBound...]
        if address.hasSuffix("/") { address.removeLast() }
        guard !address.contains(where: { "/?#".contains($0) }) else { return nil }
        return (self[..<colon.lowerBound].lowercased(), address)
    }
}
