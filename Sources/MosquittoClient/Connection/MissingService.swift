/// What a broker cannot do or refuses, each thing once, gathered so that one line can tell all of it.
struct MissingService {
    enum Operation { case publish, subscribe }

    enum Item: Hashable {
        /// Something that the broker cannot do at all, in words for a list.
        case lack(String)
        case refusal(Operation, String, MQTTReasonCode)
    }

    /// Further ones are not told: a broker could make up new ones without end.
    private static let limit = 256
    /// How many topics one line names.
    private static let namedTopics = 5
    /// How long nothing new must come before it is told.
    private static let pause = Duration.seconds(1)

    private var known: Set<Item> = []
    private var new: [Item] = []
    private var last: ContinuousClock.Instant?

    var hasNews: Bool { !new.isEmpty }

    /// - Returns: Whether it is new.
    @discardableResult
    mutating func add(_ item: Item, at now: ContinuousClock.Instant) -> Bool {
        guard known.count < Self.limit, known.insert(item).inserted else { return false }
        new.append(item)
        last = now
        return true
    }

    /// - Returns: What is new, once nothing has been added for a moment.
    mutating func takeSettled(at now: ContinuousClock.Instant) -> [Item] {
        guard let last, now - last >= Self.pause else { return [] }
        return take()
    }

    mutating func take() -> [Item] {
        last = nil
        defer { new = [] }
        return new
    }

    /// In words, by what was asked for: `missing`, `publish` and `subscribe`.
    static func description(of items: [Item]) -> [String: String] {
        var lists: [String: [String]] = [:]
        lists["missing"] = items.compactMap { if case .lack(let text) = $0 { text } else { nil } }
        for (key, operation) in [("publish", Operation.publish), ("subscribe", .subscribe)] {
            var topics: [(reason: MQTTReasonCode, topics: [String])] = []
            for case .refusal(operation, let topic, let reason) in items {
                if let index = topics.firstIndex(where: { $0.reason == reason }) {
                    topics[index].topics.append(topic)
                } else {
                    topics.append((reason, [topic]))
                }
            }
            lists[key] = topics.map {
                "\($0.topics.listing(atMost: namedTopics)): \($0.reason) (\($0.reason.rawValue))"
            }
        }
        return lists.filter { !$0.value.isEmpty }.mapValues { $0.joined(separator: "; ") }
    }
}

extension [String] {
    fileprivate func listing(atMost limit: Int) -> String {
        let rest = count - limit
        return prefix(limit).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
