public import Basics
public import HTTPServing

/// Who may use the page and its interface: the settings under `http`.
public struct AccessSettings: Sendable {
    /// `http.password`; without one, only loopback and trusted proxies may.
    public var password: Secret?
    /// `http.hosts`: names that the page may be asked by, beside addresses, `localhost` and `*.local`.
    public var hosts: [String]
    /// `http.trusted_proxies`: peers whose requests are signed in already.
    public var trustedProxies: [NetworkAddress]

    public init(password: Secret? = nil, hosts: [String] = [], trustedProxies: [NetworkAddress] = []) {
        self.password = password
        self.hosts = hosts
        self.trustedProxies = trustedProxies
    }
}
