import Basics
import Observability

/// Tells a changed password from the same one, and nothing more: sixteen bits of a salted hash cannot confirm a guess,
/// since one in 65,536 guesses matches.
public struct PasswordMark: Codable, Hashable, Sendable {
    private let bits: UInt16

    public init(of credentials: Credentials, salt: UInt64) {
        // FNV-1a, folded.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ salt
        for byte in Array(credentials.username.utf8) + [0] + Array(credentials.password.revealed.utf8) {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        bits = UInt16(truncatingIfNeeded: hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48))
    }

    public init(from decoder: any Decoder) throws {
        bits = try decoder.singleValueContainer().decode(UInt16.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bits)
    }
}
