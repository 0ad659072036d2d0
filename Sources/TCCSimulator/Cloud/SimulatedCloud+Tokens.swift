import Foundation

extension SimulatedCloud {
    /// The application that every open client logs in as (evohome-async `auth.py`, evohome-client, openHAB).
    private static let application = "4a231089-d2b6-41bd-a5eb-16a0a422b999:1a15cdb8-42de-407b-add0-059f92c530cb"

    /// `POST /Auth/OAuth/Token`.
    mutating func token(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
        guard request.method == "POST" else { throw .wrongMethod(request.method) }
        guard isKnownApplication(request.headers["authorization"]) else {
            throw .token(status: 400, "invalid_client")
        }
        let form = Dictionary(request.form.map { ($0.name, $0.value) }) { first, _ in first }
        let pair: TokenPair?
        switch form["grant_type"] {
        case "password":
            guard logins.spend(at: now) else { throw .token(status: 429, "attempt_limit_exceeded") }
            pair = isUser(form["Username"], form["Password"]) ? tokens.issue(at: now) : nil
        case "refresh_token": pair = tokens.exchange(form["refresh_token"] ?? "", at: now)
        default: throw .token(status: 400, "unsupported_grant_type")
        }
        guard let pair else { throw .token(status: 400, "invalid_grant") }
        return .json([
            "access_token": .string(pair.access),
            "token_type": "bearer",
            "expires_in": .number(pair.expiresIn),
            "refresh_token": .string(pair.refresh),
            "scope": .string(form["scope"] ?? "EMEA-V1-Basic EMEA-V1-Anonymous"),
        ])
    }

    /// User names are in any case, passwords are not.
    func isUser(_ username: String?, _ password: String?) -> Bool {
        username?.lowercased() == settings.username.lowercased() && password == settings.password
    }

    private func isKnownApplication(_ authorization: String?) -> Bool {
        let parts = authorization?.split(separator: " ") ?? []
        guard parts.count == 2, parts[0].lowercased() == "basic", let data = Data(base64Encoded: String(parts[1]))
        else {
            return false
        }
        return String(decoding: data, as: UTF8.self) == Self.application
    }
}
