import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("What was published")
struct PublishedTopicsTests {
    private typealias Message = Publication

    private let home = PublishedTopics.Group.site("1")
    private let flat = PublishedTopics.Group.site("2")

    @Test("Only changes are published")
    func changes() {
        var published = PublishedTopics()
        let messages = [Message(topic: "a", payload: "1"), Message(topic: "b", payload: "1")]
        #expect(published.changes(in: home, to: messages) == messages)
        #expect(published.changes(in: home, to: messages).isEmpty)
        let changed = [Message(topic: "a", payload: "1"), Message(topic: "b", payload: "2")]
        #expect(published.changes(in: home, to: changed) == [Message(topic: "b", payload: "2")])
    }

    @Test("What is gone is cleared, once")
    func gone() {
        var published = PublishedTopics()
        _ = published.changes(in: home, to: [Message(topic: "a", payload: "1"), Message(topic: "b", payload: "1")])
        #expect(
            published.changes(in: home, to: []) == [Message(topic: "a", payload: ""), Message(topic: "b", payload: "")]
        )
        #expect(published.changes(in: home, to: []).isEmpty)
        #expect(published.groups(notIn: []).isEmpty)
    }

    @Test("It is known beforehand whether topics would be left")
    func leaving() {
        var published = PublishedTopics()
        let (a, b) = (Message(topic: "a", payload: "1"), Message(topic: "b", payload: "1"))
        #expect(!published.leavesTopics(in: home, of: [a]))
        _ = published.changes(in: home, to: [a, b])
        #expect(!published.leavesTopics(in: home, of: [b, a, Message(topic: "c", payload: "1")]))
        #expect(published.leavesTopics(in: home, of: [a]))
    }

    @Test("Groups do not clear each other's topics")
    func groups() {
        var published = PublishedTopics()
        _ = published.changes(in: home, to: [Message(topic: "a", payload: "1")])
        #expect(
            published.changes(in: flat, to: [Message(topic: "b", payload: "1")]) == [Message(topic: "b", payload: "1")]
        )
        #expect(Set(published.groups(notIn: [flat])) == [home])
    }

    @Test("After a new connection everything is published again, and what is gone is cleared")
    func forgotten() {
        var published = PublishedTopics()
        _ = published.changes(in: home, to: [Message(topic: "a", payload: "1"), Message(topic: "b", payload: "1")])
        published.forgetPayloads()
        #expect(
            published.changes(in: home, to: [Message(topic: "a", payload: "1")])
                == [Message(topic: "a", payload: "1"), Message(topic: "b", payload: "")]
        )
    }

    @Test("What did not arrive is published again")
    func failed() {
        var published = PublishedTopics()
        let message = Message(topic: "a", payload: "1")
        _ = published.changes(in: home, to: [message])
        published.failed([message], in: home)
        #expect(published.changes(in: home, to: [message]) == [message])
    }

    @Test("A clearing that did not arrive is tried again")
    func failedClearing() {
        var published = PublishedTopics()
        _ = published.changes(in: home, to: [Message(topic: "a", payload: "1")])
        let clearing = published.changes(in: home, to: [])
        published.failed(clearing, in: home)
        #expect(published.groups(notIn: []) == [home])
        #expect(published.changes(in: home, to: []) == clearing)
    }

    @Test("Homes that swap their names do not clear each other")
    func swap() {
        var published = PublishedTopics()
        var broker = SimpleBroker()
        broker.take(published.changes(in: home, to: [Message(topic: "a", payload: "home")]))
        broker.take(published.changes(in: flat, to: [Message(topic: "b", payload: "flat")]))
        broker.take(published.changes(in: home, to: [Message(topic: "b", payload: "home")]))
        broker.take(published.changes(in: flat, to: [Message(topic: "a", payload: "flat")]))
        #expect(broker.retained == ["a": "flat", "b": "home"])
    }

    @Test("Whatever is lost and forgotten, the broker ends with what is wanted", arguments: 0..<300)
    func property(seed: Int) {
        var published = PublishedTopics()
        var randomness = SeededGenerator(seed: seed)
        var broker = SimpleBroker()
        var wanted: [PublishedTopics.Group: [Publication]] = [:]
        func changes(in group: PublishedTopics.Group) -> [Publication] {
            let messages = wanted[group] ?? []
            guard Bool.random(using: &randomness) else { return published.changes(in: group, to: messages) }
            return published.changes(in: group, toParts: Self.parts(of: messages))
        }
        for _ in 0..<60 {
            switch Int.random(in: 0..<12, using: &randomness) {
            case 0: wanted = Self.layout(using: &randomness)
            case 1:
                broker = SimpleBroker(retained: Bool.random(using: &randomness) ? broker.retained : [:])
                published.forgetPayloads()
            default:
                let group = [home, flat, .site("3"), .health].randomElement(using: &randomness) ?? home
                let changes = changes(in: group)
                let failed = changes.filter { _ in Int.random(in: 0..<5, using: &randomness) == 0 }
                for change in changes {
                    // The broker may or may not have it: only the acknowledgement is known to be missing.
                    if !failed.contains(change) || Bool.random(using: &randomness) { broker.take([change]) }
                }
                if !failed.isEmpty { published.failed(failed, in: group) }
            }
        }
        let everyone = [home, flat, .site("3"), .health]
        for group in everyone + everyone { broker.take(changes(in: group)) }
        let expected = Dictionary(uniqueKeysWithValues: wanted.values.joined().map { ($0.topic, $0.payload) })
        #expect(broker.retained == expected.filter { !$0.value.isEmpty })
        for group in everyone { #expect(changes(in: group).isEmpty) }
    }

    /// Two messages to a part.
    private static func parts(of messages: [Publication]) -> [PublishedTopics.Part] {
        stride(from: 0, to: messages.count, by: 2).map { first in
            let part = Array(messages[first..<min(first + 2, messages.count)])
            return PublishedTopics.Part(of: part.map { [$0.topic, $0.payload] }) { part }
        }
    }

    @Test("The messages of a part are made only when what they depend on has changed")
    func parts() {
        var published = PublishedTopics()
        var made: [String] = []
        func changes(_ sources: [String], topics: [String] = ["a", "b"]) -> [Message] {
            made = []
            let parts = zip(topics, sources).map { topic, source in
                PublishedTopics.Part(of: source) {
                    made.append(topic)
                    return [Message(topic: topic, payload: source), Message(topic: topic + "/first", payload: "x")]
                }
            }
            return published.changes(in: home, toParts: parts)
        }
        #expect(changes(["1", "1"]).map(\.topic) == ["a", "a/first", "b", "b/first"])
        #expect(changes(["1", "1"]).isEmpty && made.isEmpty)
        #expect(changes(["1", "2"]) == [Message(topic: "b", payload: "2")] && made == ["b"])
        // A part with other topics.
        #expect(
            changes(["1", "3"], topics: ["a", "c"]) == [
                Message(topic: "c", payload: "3"), Message(topic: "c/first", payload: "x"),
                Message(topic: "b", payload: ""), Message(topic: "b/first", payload: ""),
            ]
        )
        published.failed([Message(topic: "a/first", payload: "x")], in: home)
        #expect(changes(["1", "3"], topics: ["a", "c"]) == [Message(topic: "a/first", payload: "x")])
        #expect(changes(["1", "3"], topics: ["a", "c"]).isEmpty && made.isEmpty)
        published.forgetPayloads()
        #expect(changes(["1", "3"], topics: ["a", "c"]).count == 4)
    }

    /// Topics from one small set, each in one group or none.
    private static func layout(using randomness: inout SeededGenerator) -> [PublishedTopics.Group: [Publication]] {
        var layout: [PublishedTopics.Group: [Publication]] = [:]
        for topic in ["a", "b", "c", "d", "e", "f"] {
            let groups: [PublishedTopics.Group] = [.site("1"), .site("2"), .site("3"), .health]
            let payload = ["", "1", "2"].randomElement(using: &randomness) ?? ""
            guard Int.random(in: 0..<4, using: &randomness) > 0, let group = groups.randomElement(using: &randomness)
            else { continue }
            layout[group, default: []].append(Publication(topic: topic, payload: payload))
        }
        return layout
    }
}

/// What a broker does with retained messages.
private struct SimpleBroker {
    var retained: [String: String] = [:]

    mutating func take(_ messages: [Publication]) {
        for message in messages { retained[message.topic] = message.payload.isEmpty ? nil : message.payload }
    }
}
