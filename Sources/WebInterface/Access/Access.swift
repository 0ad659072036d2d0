import Basics
import HTTPServing
import HTTPTypes

/// What of a request decides whether it may be answered.
struct AccessRequest: Sendable {
    /// Where the connection comes from; `nil` if the system cannot tell.
    var peer: NetworkAddress?
    var method: HTTPRequest.Method = .get
    /// The header `Host`.
    var host: String?
    var headers: HTTPFields = [:]
}

/// The rules: who may use the page and its interface, and under which names. It remembers nothing.
struct Access: Sendable {
    /// How a request proves that it may be answered.
    enum Proof: Equatable {
        /// It comes from this machine or from a trusted proxy.
        case place
        case bearer(Secret)
        /// The tokens in its cookies, of which one may be that of a session.
        case session([String])
        case nothing
    }

    private let settings: AccessSettings
    private let hosts: Set<String>
    private let proxies: Set<NetworkAddress>

    init(_ settings: AccessSettings) {
        self.settings = settings
        hosts = Set(settings.hosts.compactMap { HostAndPort($0)?.host })
        proxies = Set(settings.trustedProxies)
    }

    /// `nil` if none is set. An empty one protects nothing, and counts as none.
    var password: Secret? { settings.password.flatMap { $0.revealed.isEmpty ? nil : $0 } }

    func isTrustedProxy(_ peer: NetworkAddress?) -> Bool { peer.map(proxies.contains) ?? false }

    func proof(in request: AccessRequest) -> Proof {
        if isTrustedProxy(request.peer) { return .place }
        // Behind a proxy on this machine everybody seems to be on this machine.
        if request.peer?.isLoopback == true, !request.isForwarded { return .place }
        if let authorization = request.headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .nothing }
            return .bearer(Secret(parts[1].trimmed))
        }
        let tokens = request.headers[values: .cookie].flatMap { Cookie.values(in: $0) }
        return tokens.isEmpty ? .nothing : .session(tokens)
    }

    /// A page from elsewhere can get a name of its own resolved to this machine (DNS rebinding), and its requests then
    /// carry that name: so only names that cannot be anybody's are answered.
    func checkHost(of request: AccessRequest) throws(HTTPFailure) {
        if isTrustedProxy(request.peer) { return }
        guard request.headers[values: .furtherHost].isEmpty else {
            throw HTTPFailure(.badRequest, "The request has more than one Host.")
        }
        guard let host = request.host.flatMap(HostAndPort.init)?.host else {
            throw HTTPFailure(.misdirectedRequest, "The request has no Host that can be read.")
        }
        let isOurs =
            host == "localhost" || hosts.contains(host) || NetworkAddress(host) != nil
            || (host.hasSuffix(".local") && host.utf8.count > ".local".utf8.count)
        guard isOurs else {
            throw HTTPFailure(
                .misdirectedRequest,
                "The bridge does not answer to the name \(host.excerpt); add it to http.hosts if it is yours."
            )
        }
    }

    /// A page from elsewhere can send requests with the user's cookies, or from the user's machine (CSRF). Browsers name
    /// the page, and let it send neither JSON nor `DELETE` without asking first, which is never granted.
    func checkOrigin(of request: AccessRequest) throws(HTTPFailure) {
        guard request.changesSomething else { return }
        if let text = request.headers[.origin] {
            guard let origin = Origin(text), hostsOf(request).contains(where: { $0.isSame(as: origin) }) else {
                throw HTTPFailure(.forbidden, "The request comes from a page of another origin, \(text.excerpt).")
            }
        }
        guard request.method == .delete || request.hasJSON else {
            throw HTTPFailure(.unsupportedMediaType, "The request needs the header Content-Type: application/json.")
        }
    }

    /// The names that the browser may have asked for. Only a trusted proxy is believed that it was asked by another.
    private func hostsOf(_ request: AccessRequest) -> [HostAndPort] {
        var hosts = [request.host]
        if isTrustedProxy(request.peer) { hosts.append(request.headers[.xForwardedHost]) }
        return hosts.compactMap { $0.flatMap(HostAndPort.init) }
    }

    /// The path under which a trusted proxy shows the page, without a slash at its end; `nil` if it is no ingress.
    func ingressPath(of request: AccessRequest) -> String? {
        guard isTrustedProxy(request.peer), let path = request.headers[.xIngressPath] else { return nil }
        let isSafe =
            path.hasPrefix("/")
            && path.utf8.allSatisfy { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.isASCII
                    && (scalar.properties.isAlphabetic || "0123456789/_-.~".unicodeScalars.contains(scalar))
            }
        guard isSafe else { return nil }
        return path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Whether the browser's connection is encrypted, which only a trusted proxy can tell.
    func isEncrypted(_ request: AccessRequest) -> Bool {
        isTrustedProxy(request.peer) && request.headers[.xForwardedProto]?.lowercased() == "https"
    }

    /// The sentence for somebody without a proof.
    var refusal: HTTPFailure {
        if password == nil {
            return HTTPFailure(
                .forbidden,
                "Without http.password the page and its interface answer only on the machine of the bridge and to"
                    + " http.trusted_proxies: set http.password or http.password_file."
            )
        }
        return HTTPFailure(
            .unauthorized,
            "Sign in with the password of http.password.",
            headers: [.wwwAuthenticate: "Bearer"]
        )
    }
}

extension HostAndPort {
    fileprivate func isSame(as origin: Origin) -> Bool { isSame(as: origin.place, scheme: origin.scheme) }
}

extension AccessRequest {
    /// Whether a proxy says that it passes the request on.
    fileprivate var isForwarded: Bool {
        [HTTPField.Name.xForwardedFor, .forwarded, .xRealIP].contains { headers.contains($0) }
    }

    fileprivate var changesSomething: Bool { method != .get && method != .head }

    fileprivate var hasJSON: Bool {
        let types = headers[values: .contentType]
        return types.count == 1 && types[0].prefix { $0 != ";" }.trimmed.lowercased() == "application/json"
    }
}

extension Substring {
    fileprivate var trimmed: String { String(self).trimmed }
}
