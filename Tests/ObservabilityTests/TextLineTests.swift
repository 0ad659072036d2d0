import Logging
import Testing

@testable import Observability

@Suite("A text line")
struct TextLineTests {
    @Test(
        "says time, level, component, message and metadata, the levels in one column",
        arguments: [
            (.trace, "trace   "), (.debug, "debug   "), (.info, "info    "), (.notice, "notice  "),
            (.warning, "warning "), (.error, "error   "), (.critical, "critical "),
        ] as [(Logger.Level, String)]
    )
    func levels(level: Logger.Level, shown: String) {
        let recorded = RecordedLines()
        let metadata: Logger.Metadata = ["location": "2738909", "calls": "\(1)"]
        recorded.logger(.text).log(level: level, "Read 12 zones of Home", metadata: metadata)
        #expect(
            recorded.lines
                == ["2026-11-24T13:40:01.123Z \(shown)poll  Read 12 zones of Home calls=1 location=2738909\n"]
        )
    }

    @Test(
        "quotes values whose end would not be visible",
        arguments: [
            ("21.5", "21.5"), ("", #""""#), ("two words", #""two words""#), ("a=b", #""a=b""#),
            (#"say "hi""#, #""say \"hi\"""#), (#"C:\zones"#, #""C:\\zones""#), ("Küche", "Küche"), ("寝室", "寝室"),
            ("👩‍👧", "👩‍👧"), ("a\nb", #""a\nb""#),
            ("a\u{A0}b", "\"a\u{A0}b\""),
        ]
    )
    func values(value: String, shown: String) {
        let recorded = RecordedLines()
        recorded.logger(.text).info("Zone", metadata: ["name": "\(value)"])
        #expect(recorded.lines.first?.hasSuffix("Zone name=\(shown)\n") == true)
    }

    @Test("writes lists and dictionaries on one line")
    func nested() {
        let recorded = RecordedLines()
        let zones: Logger.MetadataValue = ["a", ["id": "2", "at": "x"]]
        recorded.logger(.text).info("Zones", metadata: ["zones": zones, "count": .stringConvertible(2)])
        #expect(recorded.lines.first?.hasSuffix(#"Zones count=2 zones="[a, {at: x, id: 2}]""# + "\n") == true)
    }
}
