public import Basics
import HeatingModel

/// How often in a row something was refused, and when last. What was refused is not sent again for 15 minutes, then
/// 30, then an hour each time.
public struct Refusals: Codable, Hashable, Sendable {
    /// From 1 to 1,000, where it stops.
    public let count: Int
    public let last: Instant

    public init(count: Int = 1, last: Instant) {
        self.count = min(max(count, 1), 1000)
        self.last = last
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let count = try container.decode(Lenient<Int>.self, forKey: .count).wrappedValue ?? 1
        self.init(count: count, last: try container.decode(Instant.self, forKey: .last))
    }

    /// When it may be sent again.
    public var over: Instant {
        switch count {
        case 1: last + .seconds(15 * 60)
        case 2: last + .seconds(30 * 60)
        default: last + .seconds(60 * 60)
        }
    }

    /// The same with one refusal more.
    public static func another(after earlier: Refusals?, at now: Instant) -> Refusals {
        Refusals(count: (earlier?.count ?? 0) + 1, last: now)
    }

    /// A refusal in the future was written before the clock was set back: it is of now.
    func known(at now: Instant) -> Refusals {
        Refusals(count: count, last: min(last, now))
    }
}
