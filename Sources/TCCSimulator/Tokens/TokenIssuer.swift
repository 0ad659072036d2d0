import Foundation

/// What the token endpoint hands out.
struct TokenPair: Sendable, Hashable {
    let access: String
    let refresh: String
    /// In whole seconds.
    let expiresIn: Int
}

/// Issues access and refresh tokens and knows which are good. A refresh token is good once.
struct TokenIssuer: Sendable {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    let lifetime: Duration
    let refreshLifetime: Duration
    private var accessTokens: [String: Date] = [:]
    private var refreshTokens: [String: Date] = [:]
    /// Tokens are not of the simulation's seed: those of an earlier run must not be good in the next one.
    private var generator = SystemRandomNumberGenerator()

    init(lifetime: Duration, refreshLifetime: Duration) {
        (self.lifetime, self.refreshLifetime) = (lifetime, refreshLifetime)
    }

    /// A new pair; access tokens issued before stay good until they expire.
    mutating func issue(at now: Date) -> TokenPair {
        accessTokens = accessTokens.filter { $0.value > now }
        refreshTokens = refreshTokens.filter { $0.value > now }
        let pair = TokenPair(access: token(), refresh: token(), expiresIn: Int(lifetime.seconds))
        accessTokens[pair.access] = now.addingTimeInterval(lifetime.seconds)
        refreshTokens[pair.refresh] = now.addingTimeInterval(refreshLifetime.seconds)
        return pair
    }

    /// Spends a refresh token; nil for one that is spent, unknown or expired.
    mutating func exchange(_ refreshToken: String, at now: Date) -> TokenPair? {
        guard let expiry = refreshTokens.removeValue(forKey: refreshToken), expiry > now else { return nil }
        return issue(at: now)
    }

    func isGood(_ accessToken: String, at now: Date) -> Bool {
        accessTokens[accessToken].map { $0 > now } ?? false
    }

    mutating func revokeAccessTokens() { accessTokens = [:] }

    mutating func revokeRefreshTokens() { refreshTokens = [:] }

    /// Several hundred characters, as the vendor's are.
    private mutating func token() -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320)
        for _ in 0..<40 {
            var random = generator.next()
            for _ in 0..<8 {
                bytes.append(Self.alphabet[Int(random & 63)])
                random >>= 8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
