public import Basics
import Foundation
import HeatingModel
import Observability

/// How tokens are written for another program.
public enum TokenFormat: String, Sendable, CaseIterable {
    case json
    /// Lines for a shell or a container's environment.
    case env
    /// The keyword arguments of its client, as JSON. The expiry is a local time without a zone.
    case evohomeclient2
    /// The cache file of its command line.
    case evohomeAsync = "evohome-async"
    /// Home Assistant's `.storage/evohome`, which needs the refresh token.
    case homeAssistant = "home-assistant"

    /// Writes an access token, and a refresh token only to move the account.
    ///
    /// - Parameters:
    ///   - access: Valid.
    ///   - refresh: `nil` to lend the access token: the borrower could spend a refresh token.
    ///   - username: The account's.
    ///   - zone: The machine's.
    public func text(
        access: AccessToken,
        refresh: RefreshToken?,
        username: String,
        zone: LocationTimeZone
    ) throws -> String {
        let token = access.value.revealed
        let expires = access.expires
        switch self {
        case .json:
            var object = ["access_token": token, "expires": "\(expires)", "token_type": "bearer"]
            object["refresh_token"] = refresh?.value.revealed
            return try Self.json(object)
        case .env:
            var lines = ["EVOHOME_ACCESS_TOKEN='\(token)'", "EVOHOME_ACCESS_TOKEN_EXPIRES='\(expires)'"]
            if let refresh { lines.append("EVOHOME_REFRESH_TOKEN='\(refresh.value.revealed)'") }
            return lines.joined(separator: "\n")
        case .evohomeclient2:
            var object = ["access_token": token, "access_token_expires": "\(zone.localDateTime(at: expires))"]
            object["refresh_token"] = refresh?.value.revealed
            return try Self.json(object)
        case .evohomeAsync:
            let entry = [
                "access_token": token,
                "access_token_expires": "\(expires)".replacing("Z", with: "+00:00"),
                // Its reader wants the key in any case.
                "refresh_token": refresh?.value.revealed ?? "",
            ]
            return try Self.json([username: ["access_token": entry]])
        case .homeAssistant:
            let data = [
                "username": username,
                "access_token": token,
                "access_token_expires": "\(expires)".replacing("Z", with: "+00:00"),
                "refresh_token": refresh?.value.revealed ?? "",
            ]
            return try Self.json(Storage(data: data))
        }
    }

    /// A file of Home Assistant's storage.
    private struct Storage: Encodable {
        var version = 1
        var minorVersion = 1
        var key = "evohome"
        var data: [String: String]

        enum CodingKeys: String, CodingKey {
            case version, key, data
            case minorVersion = "minor_version"
        }
    }

    private static func json(_ object: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(object), as: UTF8.self)
    }
}
