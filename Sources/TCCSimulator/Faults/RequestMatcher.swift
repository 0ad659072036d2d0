/// Which requests a fault is for, or which entries of the log are wanted.
public struct RequestMatcher: Sendable, Hashable {
    /// An HTTP method in capitals; nil for any.
    public var method: String?
    /// A part of the path and query, in any case; nil for any. A whole path is a prefix of itself.
    public var path: String?
    /// The `grant_type` of a token request; nil for any request.
    public var grantType: String?

    /// - Parameters:
    ///   - method: such as `PUT`; nil for any.
    ///   - path: such as `/status`; nil for any.
    ///   - grantType: `password` or `refresh_token`; nil for any request.
    public init(method: String? = nil, path: String? = nil, grantType: String? = nil) {
        (self.method, self.path, self.grantType) = (method, path, grantType)
    }

    /// Every request.
    public static let any = RequestMatcher()
    /// The token endpoint.
    public static let tokens = RequestMatcher(path: "/Auth/OAuth/Token")

    func matches(method: String, target: String, grantType: String?) -> Bool {
        if let wanted = self.method, wanted.uppercased() != method { return false }
        if let wanted = self.grantType, wanted != grantType { return false }
        if let wanted = path, !target.lowercased().contains(wanted.lowercased()) { return false }
        return true
    }
}
