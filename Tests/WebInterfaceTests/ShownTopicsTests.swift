import Testing

@testable import WebInterface

@Suite("What is shown, as JSON")
struct ShownTopicsTests {
    private static let payloads = [
        "bridge/state": "online",
        "home/zone/21": #"{"id":"3432522","name":"21","temperature":20.50,"mode":null,"available":true}"#,
        "home/zone/21/id": "3432522",
        "home/zone/21/name": "21",
        "home/zone/21/temperature": "20.5",
        "home/zone/21/available": "true",
        "home/zone/21/schedule": #"{"monday":[]}"#,
        "lone/number": "20.50",
        "lone/flag": "false",
        "lone/text": "\"quoted\"",
        "lone/null": "null",
        "lone/zero": "007",
    ]

    @Test(
        "An attribute has the type of its member; JSON stays as it is; other text is a number, a flag or a string",
        arguments: [
            ("bridge/state", #""online""#), ("home/zone/21/id", #""3432522""#), ("home/zone/21/name", #""21""#),
            ("home/zone/21/temperature", "20.5"), ("home/zone/21/available", "true"),
            ("home/zone/21/schedule", #"{"monday":[]}"#), ("home/zone/21", payloads["home/zone/21"]),
            ("lone/number", "20.5"), ("lone/flag", "false"), ("lone/text", #""\"quoted\"""#), ("lone/null", #""null""#),
            ("lone/zero", #""007""#), ("home/zone/22", nil), ("", nil),
        ]
    )
    func values(topic: String, json: String?) {
        #expect(ShownTopics(Self.payloads).json(of: topic) == json)
    }

    @Test("Everything is one object in the order of topics")
    func everything() {
        #expect(ShownTopics(["b": "1", "a\"": "x"]).json == #"{"a\"":"x","b":1}"#)
        #expect(ShownTopics([:]).json == "{}")
    }

    @Test("Changes are what is new, what is different and what is gone")
    func changes() {
        let earlier = ShownTopics(["same": "1", "other": "1", "gone": "1"])
        let changes = ShownTopics(["same": "1", "other": "2", "new": "x"]).changes(since: earlier)
        #expect(changes.map(\.topic) == ["gone", "new", "other"])
        #expect(changes.map(\.json) == ["null", #""x""#, "2"])
    }
}
