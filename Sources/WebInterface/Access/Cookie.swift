/// The cookie of a session.
struct Cookie {
    private static let name = "evohome_session"
    /// More than one under the name can only come from another program on the same host.
    private static let maximumValues = 4

    /// - Parameter header: The header `Cookie`.
    /// - Returns: What it has under the session's name.
    static func values(in header: String) -> [String] {
        let values = header.split(separator: ";").lazy
            .map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix("\(name)=") }
            .map { String($0.dropFirst(name.utf8.count + 1)) }
        return Array(values.prefix(maximumValues))
    }

    /// The header `Set-Cookie`.
    ///
    /// - Parameters:
    ///   - token: `nil` to remove the cookie.
    ///   - path: Below which the browser sends it.
    ///   - isSecure: Whether it may travel over TLS only.
    static func header(token: String?, path: String, isSecure: Bool) -> String {
        let age = token == nil ? 0 : Int(SessionTable.longestLife.components.seconds)
        return "\(name)=\(token ?? ""); Path=\(path); Max-Age=\(age); HttpOnly; SameSite=Strict"
            + (isSecure ? "; Secure" : "")
    }
}
