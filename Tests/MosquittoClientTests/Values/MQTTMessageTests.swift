import Testing

@testable import MosquittoClient

@Suite struct MQTTMessageTests {
    @Test(
        "Topics that can be published to",
        arguments: ["a", "/", "a//b", "evohome/küche/温度", "$SYS/x", String(repeating: "x", count: 65_535)]
    )
    func goodTopic(topic: String) throws {
        try MQTTMessage(topic: topic, payload: []).validate()
    }

    @Test(
        "Topics that cannot",
        arguments: [
            "", "a/+", "#", "a\u{0}b", "a\nb", "a\u{7F}", "a\u{FFFF}", "a\u{1FFFE}",
            String(repeating: "ü", count: 32_768),
        ]
    )
    func badTopic(topic: String) {
        #expect(throws: MQTTError.self) { try MQTTMessage(topic: topic, payload: []).validate() }
        let answer = MQTTProperties(responseTopic: topic)
        #expect(throws: MQTTError.self) { try MQTTMessage(topic: "a", payload: [], properties: answer).validate() }
    }

    @Test(
        "Properties that do not fit",
        arguments: [
            MQTTProperties(correlationData: Array(repeating: 0, count: 65_536)),
            MQTTProperties(messageExpiry: .seconds(-1)),
            MQTTProperties(messageExpiry: .milliseconds(-1)),
            MQTTProperties(messageExpiry: .seconds(4_294_967_296)),
        ]
    )
    func badProperties(properties: MQTTProperties) {
        #expect(throws: MQTTError.self) { try MQTTMessage(topic: "a", payload: [], properties: properties).validate() }
    }

    @Test(
        "Durations become whole seconds, rounded up",
        arguments: [
            (Duration.zero, UInt32(0)), (.milliseconds(1), 1), (.seconds(90), 90), (.seconds(4_294_967_295), .max),
        ]
    )
    func wholeSeconds(duration: Duration, expected: UInt32) {
        #expect(duration.wholeSeconds == expected)
    }

    @Test(
        "Filters that can be subscribed, and those that cannot",
        arguments: [
            ("a", true), ("#", true), ("+", true), ("a/+/b/#", true), ("+/+", true), ("/", true), ("", false),
            ("a/#/b", false), ("a#", false), ("a+/b", false), ("a\u{0}", false),
        ]
    )
    func filter(filter: String, isGood: Bool) {
        #expect(((try? TopicFilter.validate(filter)) != nil) == isGood)
    }

    @Test(
        "A filter covers the topics whose messages it takes in",
        arguments: [
            ("a/+/set", "a/b/set", true), ("a/+/set", "a/b/c/set", false), ("a/#", "a", true), ("a/#", "a/b/c", true),
            ("#", "a/b", true), ("a/b", "a/b", true), ("a/b", "a/b/c", false), ("a/b/c", "a/b", false),
            ("+", "", true), ("a/+", "a", false), ("a/+", "a/", true),
        ]
    )
    func covering(filter: String, topic: String, covers: Bool) {
        #expect(TopicFilter.covers(filter, topic) == covers)
    }
}
