public import Basics
import HeatingModel

/// Watches over `bridge/state` and `bridge/info`, which are the bridge's own: what somebody else writes there while it runs
/// is written over, and another bridge under the same base topic is found out.
///
/// Every bridge names itself in `bridge/info`. One that hears of another for the first time publishes its own `bridge/info`
/// once more, so that both know, and then no more: two bridges never answer each other for ever.
public struct OwnTopics: Sendable {
    /// One of the two topics.
    public enum Topic: Equatable, Sendable {
        case state
        case info
    }

    /// Another bridge under the same base topic.
    public struct Neighbour: Equatable, Sendable {
        /// Made up at each start; of one that does not name itself, its account's.
        public var instance: String
        public var accountID: String?
        /// The names of its locations.
        public var locations: [String]

        public init(instance: String, accountID: String?, locations: [String] = []) {
            self.instance = instance
            self.accountID = accountID
            self.locations = locations
        }
    }

    /// Further ones are not remembered, and so not told of.
    private static let neighbourLimit = 16
    /// How many times in a row the topics are published again at once; after that, once in each ``pause``.
    private static let burst = 5
    private static let pause = Duration.seconds(10)
    /// How long to wait before another bridge is answered: by then it has published its first messages and is subscribed.
    private static let delay = Duration.seconds(2)

    /// How far the topics are published over the present connection.
    private enum Stage { case unpublished, underWay, published }

    private let instance: String
    private var stage = Stage.unpublished
    private var connection = 0
    private var known: Set<String> = []
    private var isOverwritten = false
    /// When a bridge that was found is answered.
    private var answer: Uptime?
    private var tokens = burst
    private var lastRefill: Uptime?

    /// Bridges that are running, or were.
    public private(set) var neighbours: [Neighbour] = []

    /// - Parameter instance: The name of this run in `bridge/info`.
    public init(instance: String) {
        self.instance = instance
    }

    /// There is a new connection, over which nothing is published yet.
    public mutating func connected() {
        (stage, isOverwritten, answer) = (.unpublished, false, nil)
        connection += 1
    }

    /// Both topics are about to be published.
    ///
    /// - Returns: The connection, for ``published(over:)``.
    public mutating func publishing() -> Int {
        if stage == .unpublished { stage = .underWay }
        return connection
    }

    /// The broker has both. That may be heard of late, when there is another connection already.
    public mutating func published(over connection: Int) {
        if connection == self.connection { stage = .published }
    }

    /// A message on one of the topics.
    ///
    /// - Returns: A bridge that was not known of, to be warned of.
    public mutating func received(_ message: IncomingMessage, on topic: Topic, at now: Uptime) -> Neighbour? {
        switch topic {
        case .state:
            // What comes earlier is what the broker kept of an earlier run.
            if stage != .unpublished, !message.payload.elementsEqual("online".utf8) { isOverwritten = true }
            return nil
        case .info:
            // With MQTT 3.1.1 the broker sends our own message back; if it is too large, it arrives without its payload.
            guard stage == .published, message.byteCount == message.payload.count else { return nil }
            guard let other = Neighbour(information: message.payload) else {
                isOverwritten = true
                return nil
            }
            guard other.instance != instance, !known.contains(other.instance), known.count < Self.neighbourLimit
            else { return nil }
            known.insert(other.instance)
            neighbours.append(other)
            answer = answer ?? now + Self.delay
            return other
        }
    }

    /// Whether the topics are to be published again now.
    public mutating func takeOverwritten(at now: Uptime) -> Bool {
        if let answer, answer <= now { (isOverwritten, self.answer) = (true, nil) }
        guard isOverwritten else { return false }
        let elapsed = lastRefill.map { $0.duration(to: now) } ?? .zero
        let refills = min(Self.burst - tokens, Int(elapsed / Self.pause))
        tokens += refills
        lastRefill = tokens == Self.burst ? now : lastRefill.map { $0 + Self.pause * refills }
        guard tokens > 0 else { return false }
        tokens -= 1
        isOverwritten = false
        return true
    }

    /// When the topics are to be published again, if not at once: another bridge is answered, or they were written over too
    /// often.
    public var nextMoment: Uptime? {
        let refill = isOverwritten && tokens == 0 ? lastRefill.map { $0 + Self.pause } : nil
        return [answer, refill].compactMap(\.self).min()
    }
}

extension OwnTopics.Neighbour {
    /// For a warning.
    public func sentence(isSameAccount: Bool) -> String {
        if isSameAccount {
            return "Another bridge for the same account runs under the same base topic. "
                + "Stop one of them, or give each a mqtt.base_topic of its own."
        }
        let names = locations.isEmpty ? "" : " (\(locations.map(\.excerpt).joined(separator: ", ")))"
        return "Another bridge with another account\(names) runs under the same base topic. "
            + "Give each a mqtt.base_topic of its own."
    }

    /// - Parameter information: The payload of `bridge/info`.
    /// - Returns: `nil` if no bridge has written it.
    init?(information: [UInt8]) {
        guard let json = try? JSONValue(parsing: information) else { return nil }
        let accountID: String? = if case .string(let id)? = json["account_id"] { id } else { nil }
        let named: String? = if case .string(let name)? = json["instance"] { name } else { nil }
        guard json["version"] != nil, let instance = named ?? accountID.map({ "account \($0)" }) else { return nil }
        var locations: [String] = []
        if case .array(let listed)? = json["locations"] {
            for case .string(let name)? in listed.prefix(20).map({ $0["name"] }) { locations.append(name) }
        }
        self.init(instance: instance, accountID: accountID, locations: locations)
    }
}
