import Foundation

/// What a state file holds of an account's tokens, read without the program's own decoding.
struct SavedTokens {
    var access: String?
    var refresh: String?
    /// When the refresh token was written down.
    var obtained: Date?
    /// Logins that succeeded within the hour.
    var logins: Int
    /// Whether a login was sent whose answer is not written down.
    var isLoginPending: Bool

    /// - Returns: `nil` when the file knows of no account.
    /// - Throws: When it is no JSON.
    init?(stateFile: Data) throws {
        let state = try JSONSerialization.jsonObject(with: stateFile) as? [String: Any]
        let accounts = state?["accounts"] as? [String: [String: Any]]
        guard let tokens = accounts?["user@example.com"]?["tokens"] as? [String: Any] else { return nil }
        let refreshToken = tokens["refresh"] as? [String: Any]
        access = (tokens["access"] as? [String: Any])?["value"] as? String
        refresh = refreshToken?["value"] as? String
        obtained = try (refreshToken?["obtained"] as? String).map { text in
            try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")))
        }
        let budget = tokens["logins"] as? [String: Any]
        logins = (budget?["logins"] as? [Any])?.count ?? 0
        isLoginPending = budget?["pending"] is [String: Any]
    }
}
