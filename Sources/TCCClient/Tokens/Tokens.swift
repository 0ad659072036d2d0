public import Basics
import HeatingModel
import Observability

/// Opens the cloud for half an hour.
public struct AccessToken: Codable, Hashable, Sendable {
    public var value: Secret
    /// When the cloud stops accepting it.
    public var expires: Instant
    /// When we got it; `nil` for one that came from another program.
    public var obtained: Instant?

    public init(value: Secret, expires: Instant, obtained: Instant? = nil) {
        self.value = value
        self.expires = expires
        self.obtained = obtained
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        value = try container.decodeToken(forKey: .value)
        expires = try container.decode(Instant.self, forKey: .expires)
        obtained = try container.decode(Lenient<Instant>.self, forKey: .obtained).value
    }

    /// Until when it is used: 60 s before its expiry, or for half its life when it lives less than two minutes.
    public var usableUntil: Instant {
        guard let obtained else { return expires - .seconds(60) }
        let life = obtained.duration(to: expires)
        return expires - min(.seconds(60), max(.zero, life / 2))
    }
}

/// Gets the next access token, once: the cloud answers with the refresh token to use next time.
public struct RefreshToken: Codable, Hashable, Sendable {
    public var value: Secret
    /// When we got it; `nil` for one that came from another program.
    public var obtained: Instant?
    /// The cloud's refusals of it. A refused token is kept while there is nothing better, since the cloud also refuses
    /// good tokens when it is out of order (homebridge-evohome 181, Home Assistant core 26087).
    public var refusals: Refusals?

    public init(value: Secret, obtained: Instant? = nil, refusals: Refusals? = nil) {
        self.value = value
        self.obtained = obtained
        self.refusals = refusals
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        value = try container.decodeToken(forKey: .value)
        obtained = try container.decode(Lenient<Instant>.self, forKey: .obtained).value
        refusals = try container.decode(Lenient<Refusals>.self, forKey: .refusals).value
    }
}

extension KeyedDecodingContainer {
    /// An empty token is not a token.
    fileprivate func decodeToken(forKey key: Key) throws -> Secret {
        let token = try decode(Secret.self, forKey: key)
        guard !token.revealed.isEmpty else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "The token is empty.")
        }
        return token
    }
}

/// The account's login. It does not print: the user name is a person's mail address.
public struct Credentials: Hashable, Sendable {
    public var username: String
    public var password: Secret

    public init(username: String, password: Secret) {
        self.username = username
        self.password = password
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<credentials>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
