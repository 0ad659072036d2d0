public import AsyncHTTPClient
public import Basics
import Foundation
import NIOCore

/// The proxy that the environment names for an address: `HTTPS_PROXY`, unless `NO_PROXY` excludes the host.
public struct CloudProxy: Equatable, Sendable {
    public enum Kind: Sendable { case http, socks }

    public var kind: Kind
    public var host: String
    public var port: Int
    /// Both are secrets: a user name can be as good as a password for a proxy.
    public var username: Secret?
    public var password: Secret?

    /// Why the value of `HTTPS_PROXY` cannot be used. The value is not quoted, since it may hold a password.
    public enum Problem: Error, Equatable, Sendable, CustomStringConvertible {
        case notAnAddress
        case unsupportedScheme
        case loginForSOCKS

        public var description: String {
            switch self {
            case .notAnAddress: "HTTPS_PROXY is not an address such as http://proxy.example.com:3128."
            case .unsupportedScheme: "HTTPS_PROXY must begin with http:// or socks5://."
            case .loginForSOCKS: "HTTPS_PROXY: a user name and a password are not supported for socks5://."
            }
        }
    }

    /// - Parameters:
    ///   - environment: The process's. A name in lower case takes precedence over the same name in capitals, as with curl.
    ///   - address: The address to reach. A plain http address is on loopback and needs no proxy.
    /// - Returns: `nil` when the address is reached directly.
    public init?(environment: [String: String], for address: CloudAddress) throws(Problem) {
        func value(_ name: String) -> String? {
            (environment[name.lowercased()] ?? environment[name])?.trimmed
        }
        guard address.scheme == "https", let text = value("HTTPS_PROXY"), !text.isEmpty else { return nil }
        if Self.isExcluded(address, by: value("NO_PROXY") ?? "") { return nil }
        try self.init(parsing: text)
    }

    private init(parsing text: String) throws(Problem) {
        let text = text.contains("://") ? text : "http://" + text
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else { throw .notAnAddress }
        switch parts.scheme?.lowercased() {
        case "http": kind = .http
        case "socks5", "socks5h": kind = .socks
        default: throw .unsupportedScheme
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (kind == .socks ? 1080 : 80)
        guard (1...65_535).contains(port) else { throw .notAnAddress }
        username = parts.user.map { Secret($0) }
        password = parts.password.map { Secret($0) }
        if kind == .socks, username != nil { throw .loginForSOCKS }
    }

    /// Whether `NO_PROXY` names the host: by itself, by a domain that it is in, with or without a port, or by `*`.
    private static func isExcluded(_ address: CloudAddress, by list: String) -> Bool {
        let (host, port) = address.endpoint
        return list.split(separator: ",").contains { entry in
            var entry = entry.trimmed.lowercased()
            if entry == "*" { return true }
            if entry.count(where: { $0 == ":" }) == 1 || entry.hasPrefix("["), let colon = entry.lastIndex(of: ":"),
                let named = Int(entry[colon...].dropFirst())
            {
                guard named == port else { return false }
                entry = String(entry[..<colon])
            }
            if entry.hasPrefix("*.") { entry.removeFirst() }
            entry = entry.trimmingCharacters(in: ["[", "]"])
            let domain = entry.hasPrefix(".") ? String(entry.dropFirst()) : entry
            guard !domain.isEmpty else { return false }
            return host.lowercased() == domain || host.lowercased().hasSuffix("." + domain)
        }
    }

    /// For the client's configuration.
    public var clientSetting: HTTPClient.Configuration.Proxy {
        switch kind {
        case .socks: .socksServer(host: host, port: port)
        case .http:
            .server(
                host: host,
                port: port,
                authorization: username.map {
                    .basic(username: $0.revealed, password: password?.revealed ?? "")
                }
            )
        }
    }
}
