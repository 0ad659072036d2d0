import Basics
import Crypto

/// How a client of API v2 spells the vendor's JSON. The application that it names when it logs in decides.
public enum Dialect: String, Codable, Sendable {
    /// Of the application id that every present client uses.
    case current
    /// Of the older application id; Domoticz is the last that has it.
    case older

    /// - Parameter authorization: `Basic …` of a request for tokens.
    init?(authorization: String?) {
        switch authorization?.split(separator: " ").last.map(String.init) {
        case "NGEyMzEwODktZDJiNi00MWJkLWE1ZWItMTZhMGE0MjJiOTk5OjFhMTVjZGI4LTQyZGUtNDA3Yi1hZGQwLTA1OWY5MmM1MzBjYg==":
            self = .current
        case "YjAxM2FhMjYtOTcyNC00ZGJkLTg4OTctMDQ4YjlhYWRhMjQ5OnRlc3Q=": self = .older
        default: return nil
        }
    }
}

/// The tokens and sessions that were given to clients. Only their hashes are kept: who reads the state file cannot use
/// them. A value without clock or randomness.
public struct Grants: Codable, Equatable, Sendable {
    /// What a client gets.
    struct Pair: Equatable {
        let access: Secret
        let refresh: Secret
    }

    private struct Token: Codable, Equatable, Sendable {
        var expires: Instant
        var dialect: Dialect
    }

    static let accessLifetime = Duration.seconds(1800)
    /// A client that was off for a month logs in again.
    static let refreshLifetime = Duration.seconds(30 * 86_400)
    static let sessionLifetime = Duration.seconds(900)
    /// Of each kind. Beyond it, the one that would expire first is forgotten.
    static let limit = 256

    private var access: [String: Token] = [:]
    private var refresh: [String: Token] = [:]
    private var sessions: [String: Instant] = [:]

    public init() {}

    /// Adds a pair of tokens for a client that has logged in.
    mutating func add(_ pair: Pair, _ dialect: Dialect, at now: Instant) {
        access[Self.hash(pair.access)] = Token(expires: now + Self.accessLifetime, dialect: dialect)
        refresh[Self.hash(pair.refresh)] = Token(expires: now + Self.refreshLifetime, dialect: dialect)
        tidy(at: now)
    }

    /// Exchanges a refresh token, which can be used once, for another pair. The access token stays valid until it expires,
    /// as the cloud has it.
    ///
    /// - Returns: Whether it was valid.
    mutating func exchange(_ token: Secret, for pair: Pair, at now: Instant) -> Bool {
        guard let old = refresh.removeValue(forKey: Self.hash(token)), old.expires > now else { return false }
        add(pair, old.dialect, at: now)
        return true
    }

    /// - Returns: `nil` if the token is not valid.
    func dialect(of token: Secret, at now: Instant) -> Dialect? {
        access[Self.hash(token)].flatMap { $0.expires > now ? $0.dialect : nil }
    }

    mutating func openSession(_ id: Secret, at now: Instant) {
        sessions[Self.hash(id)] = now + Self.sessionLifetime
        tidy(at: now)
    }

    /// Extends a session.
    ///
    /// - Returns: Whether it is open, and whether that must be written down.
    mutating func useSession(_ id: Secret, at now: Instant) -> (isOpen: Bool, isNews: Bool) {
        let key = Self.hash(id)
        guard let expires = sessions[key], expires > now else { return (false, false) }
        // Not for every request: a session that is used lives on for ten minutes at the least.
        let isNews = now.duration(to: expires) < Self.sessionLifetime - .seconds(300)
        if isNews { sessions[key] = now + Self.sessionLifetime }
        return (true, isNews)
    }

    mutating func closeSession(_ id: Secret) {
        sessions[Self.hash(id)] = nil
    }

    private mutating func tidy(at now: Instant) {
        access = Self.tidied(access, at: now, expiry: \.expires)
        refresh = Self.tidied(refresh, at: now, expiry: \.expires)
        sessions = Self.tidied(sessions, at: now) { $0 }
    }

    private static func tidied<Value>(
        _ table: [String: Value],
        at now: Instant,
        expiry: (Value) -> Instant
    ) -> [String: Value] {
        let valid = table.filter { expiry($0.value) > now }
        guard valid.count > limit else { return valid }
        let kept = valid.sorted { expiry($0.value) > expiry($1.value) }.prefix(limit)
        return Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }

    private static func hash(_ token: Secret) -> String {
        SHA256.hash(data: Array(token.revealed.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0\(digits)" : digits
        }.joined()
    }
}

extension Secret {
    /// Whether both are the same, found in a time that tells nothing of where they differ.
    func isSame(as other: Secret) -> Bool {
        SHA256.hash(data: Array(revealed.utf8)) == SHA256.hash(data: Array(other.revealed.utf8))
    }
}
