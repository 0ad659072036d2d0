import HTTPTypes

/// Where the cloud is. The vendor has moved it before, so nothing else knows a host.
public struct CloudAddress: Hashable, Sendable {
    /// `https`, or `http` for a simulator on loopback.
    public var scheme: String
    /// Host, and port where it is not the scheme's.
    public var authority: String
    /// What stands before every path; empty or beginning with a slash.
    public var prefix: String

    public init(scheme: String, authority: String, prefix: String = "") {
        self.scheme = scheme
        self.authority = authority
        self.prefix = prefix
    }

    /// The vendor's host since 2024-12 (watchforstock/evohome-client 127).
    public static let vendor = CloudAddress(scheme: "https", authority: "tccna.resideo.com")

    func request(_ method: HTTPRequest.Method, _ path: String, headerFields: HTTPFields) -> HTTPRequest {
        HTTPRequest(
            method: method,
            scheme: scheme,
            authority: authority,
            path: prefix + path,
            headerFields: headerFields
        )
    }
}
