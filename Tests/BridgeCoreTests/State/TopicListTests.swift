import TestBasics
import Testing

@testable import BridgeCore

@Suite("Lists of topics")
struct TopicListTests {
    @Test(
        "A list has the topics that it was made of, in their order",
        arguments: [
            [],
            [""],
            ["", "a", ""],
            ["evohome/home/system", "evohome/home/system/mode", "evohome/home/zone/bad", "evohome"],
            // Two letters that share their first byte.
            ["evohome/ä", "evohome/ö", "evohome/öl"],
            [long + "a", long + "b", long],
        ]
    )
    func topics(topics: [String]) {
        let list = TopicList(topics)
        #expect(list.topics == topics)
        #expect(list.trimmed == list)
        #expect(list.isEmpty == topics.isEmpty)
        for topic in topics { #expect(list.contains(topic)) }
        for topic in ["evohome/home", "evohome/home/zone/bath", "b"] { #expect(!list.contains(topic)) }
    }

    /// Longer than what one topic can share with the next.
    private static let long = String(repeating: "evohome/", count: 40)

    @Test("Whatever the topics are, a list has them", arguments: 0..<50)
    func property(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        let levels = ["home", "zone", "küche", "", "kitchen", "kit"]
        let topics = (0..<40).map { _ in
            (0..<Int.random(in: 0..<5, using: &randomness))
                .map { _ in levels.randomElement(using: &randomness) ?? "" }.joined(separator: "/")
        }
        let (listed, others) = (topics.prefix(20), Set(topics.suffix(20)).subtracting(topics.prefix(20)))
        let list = TopicList(listed)
        #expect(list.topics == Array(listed))
        #expect(others.allSatisfy { !list.contains($0) })
        #expect(TopicList(listed.reversed()).topics == listed.reversed())
    }

    @Test("Two lists are equal if they have the same topics in the same order")
    func equality() {
        let list = TopicList(["a/b", "a/c"])
        #expect(list == TopicList(["a/b", "a/c"]))
        #expect(list != TopicList(["a/c", "a/b"]))
        #expect(list != TopicList(["a/b"]))
    }

    @Test("A list may contain what begins like all of its topics")
    func beginning() {
        let list = TopicList(["evohome/home/system", "evohome/home/zone/hall"])
        #expect(list.mayContain("evohome/home/zone/kitchen"))
        #expect(!list.mayContain("evohome/home-2/system"))
        #expect(!list.mayContain("evohome"))
        #expect(!TopicList([]).mayContain("evohome"))
    }

    @Test("A list of a home's topics takes less than a third of their length")
    func size() {
        let topics = (1...12).flatMap { zone in
            Site.zoneAttributes.map { "evohome/home/zone/room-\(zone)/\($0)" }
        }
        #expect(TopicList(topics).byteCount * 3 < topics.map(\.utf8.count).reduce(0, +))
    }
}
