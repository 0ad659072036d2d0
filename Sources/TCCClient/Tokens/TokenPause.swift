public import Basics
import HeatingModel

/// A time of leaving the token endpoint alone, or the older API.
public struct TokenPause: Codable, Hashable, Sendable {
    public enum Reason: String, Codable, Sendable { case unreachable, rateLimited }

    public let reason: Reason
    public let began: Instant
    /// At the most a day after it began.
    public let over: Instant
    /// Failures in a row, from 1 to 1,000, where it stops.
    public let failures: Int

    public init(reason: Reason, began: Instant, over: Instant, failures: Int) {
        self.reason = reason
        self.began = began
        self.over = min(max(over, began), began + .seconds(86_400))
        self.failures = min(max(failures, 1), 1000)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            reason: try container.decode(Reason.self, forKey: .reason),
            began: try container.decode(Instant.self, forKey: .began),
            over: try container.decode(Instant.self, forKey: .over),
            failures: try container.decode(Lenient<Int>.self, forKey: .failures).wrappedValue ?? 1
        )
    }

    /// A pause that begins in the future was written before the clock was set back: it begins now, and is no longer.
    func known(at now: Instant) -> TokenPause {
        guard began > now else { return self }
        return TokenPause(reason: reason, began: now, over: now + began.duration(to: over), failures: failures)
    }
}
