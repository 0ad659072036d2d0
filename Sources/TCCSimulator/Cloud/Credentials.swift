import Foundation

/// How many logins the cloud allows an account; both APIs share them.
public struct LoginLimit: Sendable, Hashable {
    /// Logins within ``window``, successful or not.
    public var attempts: Int
    /// In wall-clock time.
    public var window: Duration

    /// - Parameters:
    ///   - attempts: At least 0; 0 refuses every login.
    ///   - window: How long a login counts.
    public init(attempts: Int, window: Duration) {
        (self.attempts, self.window) = (attempts, window)
    }

    /// The vendor publishes no limit. A login every five minutes is known to be too much (evohome-client pull requests
    /// 80 and 113), one every half hour is not; ten an hour lies in between.
    public static let vendor = LoginLimit(attempts: 10, window: .seconds(3_600))
}

/// Counts logins against a ``LoginLimit``.
struct LoginBudget: Sendable {
    private let limit: LoginLimit
    private var attempts: [Date] = []

    init(limit: LoginLimit) {
        self.limit = limit
    }

    /// - Returns: `false` if there were too many. Such a login does not count.
    mutating func spend(at now: Date) -> Bool {
        attempts.removeAll { now.timeIntervalSince($0) >= limit.window.seconds }
        guard attempts.count < limit.attempts else { return false }
        attempts.append(now)
        return true
    }
}

/// What the token endpoint issues.
struct TokenPair: Sendable, Hashable {
    let access: String
    let refresh: String
    /// In whole seconds.
    let expiresIn: Int
}

/// Issues access and refresh tokens and knows which of them are valid. A refresh token can be used once.
struct TokenIssuer: Sendable {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private let lifetime: Duration
    private let refreshLifetime: Duration
    private var accessTokens: [String: Date] = [:]
    private var refreshTokens: [String: Date] = [:]
    /// Not seeded: tokens of one run must not be valid in the next.
    private var generator = SystemRandomNumberGenerator()

    init(lifetime: Duration, refreshLifetime: Duration) {
        (self.lifetime, self.refreshLifetime) = (lifetime, refreshLifetime)
    }

    /// Issues a new pair. Access tokens issued before stay valid until they expire.
    mutating func issue(at now: Date) -> TokenPair {
        accessTokens = accessTokens.filter { $0.value > now }
        refreshTokens = refreshTokens.filter { $0.value > now }
        let pair = TokenPair(access: token(), refresh: token(), expiresIn: Int(lifetime.seconds))
        accessTokens[pair.access] = now.addingTimeInterval(lifetime.seconds)
        refreshTokens[pair.refresh] = now.addingTimeInterval(refreshLifetime.seconds)
        return pair
    }

    /// Exchanges a refresh token for a new pair; `nil` if it has been used or has expired, or was never issued.
    mutating func exchange(_ refreshToken: String, at now: Date) -> TokenPair? {
        guard let expiry = refreshTokens.removeValue(forKey: refreshToken), expiry > now else { return nil }
        return issue(at: now)
    }

    func isGood(_ accessToken: String, at now: Date) -> Bool {
        accessTokens[accessToken].map { $0 > now } ?? false
    }

    /// - Returns: Whether this was issued as either kind of token, and was not forgotten since.
    func hasIssued(_ token: String) -> Bool { accessTokens[token] != nil || refreshTokens[token] != nil }

    mutating func revokeAccessTokens() { accessTokens = [:] }

    mutating func revokeRefreshTokens() { refreshTokens = [:] }

    /// Several hundred characters, like the vendor's.
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

/// The sessions of API v1, which expire a quarter of an hour after their last use.
struct SessionStore: Sendable {
    private static let lifetime: TimeInterval = 900

    private var sessions: [String: Date] = [:]

    /// - Returns: The id of a new session.
    mutating func open(at now: Date) -> String {
        sessions = sessions.filter { $0.value > now }
        let id = UUID().uuidString
        sessions[id] = now.addingTimeInterval(Self.lifetime)
        return id
    }

    /// Extends a session.
    /// - Returns: `false` if it has expired or never existed.
    mutating func use(_ id: String, at now: Date) -> Bool {
        guard let expiry = sessions[id.uppercased()], expiry > now else { return false }
        sessions[id.uppercased()] = now.addingTimeInterval(Self.lifetime)
        return true
    }

    func hasOpened(_ id: String) -> Bool { sessions[id.uppercased()] != nil }

    mutating func close(_ id: String) { sessions[id.uppercased()] = nil }

    mutating func closeAll() { sessions = [:] }
}
