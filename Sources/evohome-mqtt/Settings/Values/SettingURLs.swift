import Basics
import Observability

/// Where the vendor's cloud is.
struct CloudURL: Sendable, Hashable {
    enum Scheme: String, Sendable { case https, http }

    let scheme: Scheme
    let endpoint: Endpoint

    /// Plain http is taken on loopback only: tokens and the password travel on it.
    ///
    /// - Parameter text: `https://host[:port]` or `http://` on loopback, with nothing behind but a slash.
    init?(_ text: String) {
        guard let (scheme, address) = text.splitURL(), let scheme = Scheme(rawValue: scheme),
            let endpoint = Endpoint(address, defaultPort: scheme == .https ? 443 : 80), endpoint.port > 0,
            scheme == .https || endpoint.isLoopback
        else { return nil }
        self.scheme = scheme
        self.endpoint = endpoint
    }

    /// The vendor's own cloud locks out those who ask too often.
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
    /// The address without a trailing slash, to put paths behind.
    var description: String { "\(scheme.rawValue)://\(endpoint)" }
}

/// Where the broker is, and who the bridge is to it.
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
            .map { String($0).percentDecoded }
        // The library of the broker takes C strings, which end at a NUL.
        guard let user = identity.first ?? nil, !user.isEmpty,
            identity.allSatisfy({ $0.map { !$0.hasControlCharacters } ?? false })
        else { return nil }
        username = user
        password = identity.count == 2 ? identity[1].map(Secret.init) : nil
    }
}

/// Where the bridge serves its health and metrics.
struct ListenAddress: Sendable, Hashable {
    let endpoint: Endpoint

    /// - Parameter text: `host:port`; port 0 is any that is free.
    init?(_ text: String) {
        guard let endpoint = Endpoint(text, defaultPort: nil) else { return nil }
        self.endpoint = endpoint
    }
}

extension String {
    /// The scheme in lower case and what stands between it and a closing slash; nil where more follows.
    fileprivate func splitURL() -> (scheme: String, address: Substring)? {
        guard let colon = firstRange(of: "://") else { return nil }
        var address = self[colon.upperBound...]
        if address.hasSuffix("/") { address.removeLast() }
        guard !address.contains(where: { "/?#".contains($0) }) else { return nil }
        return (self[..<colon.lowerBound].lowercased(), address)
    }

    /// An address without the user and password that it holds, whether or not it is a good address.
    ///
    /// Of one without a host, such as `mqtt://user:password`, all behind the colon is hidden unless it is a port.
    var withoutUserInformation: String {
        let start = firstRange(of: "://").map(\.upperBound) ?? startIndex
        if let at = lastIndex(of: "@") { return start <= at ? self[..<start] + "<secret>" + self[at...] : "<secret>" }
        guard let colon = self[start...].firstIndex(of: ":"), !self[start...].hasPrefix("[") else { return self }
        let isPort = self[colon...].dropFirst().allSatisfy { $0.isASCIIDigit || $0 == "/" }
        return isPort ? self : self[...colon] + "<secret>"
    }
}
