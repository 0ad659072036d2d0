public import Basics
public import Foundation
import HeatingModel
import Observability

/// Tokens from another program's file.
public struct ForeignTokens: Equatable, Sendable {
    /// The account's user name, if the file has it.
    public var username: String?
    public var refreshToken: Secret
    public var access: AccessToken?

    public init(username: String?, refreshToken: Secret, access: AccessToken?) {
        self.username = username
        self.refreshToken = refreshToken
        self.access = access
    }
}

/// Why a file has no usable tokens. Its description is one sentence that quotes nothing from the file.
public enum ForeignTokensProblem: Error, Equatable, Sendable, CustomStringConvertible {
    case unreadable
    case noTokens

    public var description: String {
        switch self {
        case .unreadable: "It is not JSON from evohomeclient2, evohome-async or Home Assistant's .storage/evohome."
        case .noTokens: "It has no refresh_token."
        }
    }
}

extension ForeignTokens {
    /// Finds every set of tokens in another program's file.
    ///
    /// evohomeclient2 has three values (`refresh_token`, `access_token`, `access_token_expires`) in one object;
    /// evohome-async's cache has them under the user name, in 3.x one level deeper; Home Assistant has them in `data`
    /// beside `username`. Each is an object with a `refresh_token`, so that is what is searched for, at any depth.
    ///
    /// - Parameters:
    ///   - data: The file.
    ///   - zone: The zone of times that name none: the machine's.
    public static func all(in data: Data, zone: LocationTimeZone) throws(ForeignTokensProblem) -> [ForeignTokens] {
        guard let document = try? JSONSerialization.jsonObject(with: data) else { throw .unreadable }
        let found = search(document, username: nil, zone: zone)
        guard !found.isEmpty else { throw .noTokens }
        return found
    }

    private static func search(_ value: Any, username: String?, zone: LocationTimeZone) -> [ForeignTokens] {
        guard let object = value as? [String: Any] else { return [] }
        let username = object["username"] as? String ?? username
        if let refresh = object["refresh_token"] as? String, !refresh.isEmpty {
            return [
                ForeignTokens(username: username, refreshToken: Secret(refresh), access: access(object, zone: zone))
            ]
        }
        return object.sorted { $0.key < $1.key }.flatMap { key, value in
            search(value, username: key.contains("@") ? key : username, zone: zone)
        }
    }

    private static func access(_ object: [String: Any], zone: LocationTimeZone) -> AccessToken? {
        guard let value = object["access_token"] as? String, !value.isEmpty,
            let expires = instant(object["access_token_expires"], zone: zone)
        else { return nil }
        return AccessToken(value: Secret(value), expires: expires)
    }

    /// ISO 8601 with or without a zone, with a `T` or Python's space, or seconds since 1970.
    private static func instant(_ value: Any?, zone: LocationTimeZone) -> Instant? {
        switch value {
        case let text as String:
            let text = text.replacing(" ", with: "T", maxReplacements: 1)
            return Instant(text) ?? LocalDateTime(text).map(zone.instant(of:))
        case let seconds as Double where abs(seconds) < 1e12:
            return Instant(millisecondsSince1970: Int(seconds * 1000))
        default:
            return nil
        }
    }
}
