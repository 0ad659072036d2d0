import Basics
import TestBasics
import Testing

@Suite("Times as people write them")
struct WrittenTimeTests {
    private static let understood: [(text: String, time: WrittenTime)] = [
        ("2026-11-28T22:00:00Z", .instant("2026-11-28T22:00:00Z")),
        ("2026-11-28 22:00:00z", .instant("2026-11-28T22:00:00Z")),
        ("2026-11-28 22:00+01:00", .instant("2026-11-28T21:00:00Z")),
        ("2026-11-28t22:00:00.999-0330", .instant("2026-11-29T01:30:00Z")),
        ("1969-12-31T23:59:59.5Z", .instant("1969-12-31T23:59:59Z")),
        ("2026-11-28T22:00:00", .local("2026-11-28T22:00:00")),
        (" 2026-11-28 22:00 ", .local("2026-11-28T22:00:00")),
        ("2026-11-28 22:00:00.123456", .local("2026-11-28T22:00:00")),
        ("18:00", .timeOfDay("18:00")), ("7:05", .timeOfDay("07:05")), ("18:00:30", .timeOfDay("18:00:30")),
    ]

    @Test("With a zone, with none, and a time alone", arguments: understood)
    func understands(text: String, time: WrittenTime) {
        #expect(WrittenTime(text) == time)
    }

    @Test("A date alone is a day", arguments: ["2026-11-28", "2024-02-29", "0001-01-01"])
    func day(text: String) throws {
        #expect(WrittenTime(text) == .day(try #require(CivilDate(text))))
        #expect(CivilDate(text)?.description == text)
    }

    @Test(
        "What can mean several things, and what does not exist, is no time",
        arguments: [
            "", " ", "18", "1800", "6pm", "24:00", "18:60", "tomorrow", "2026-11-28T", "2026-11-28 24:00",
            "2026-02-30", "2026-13-01", "26-11-28", "2026/11/28", "28.11.2026", "11/28/2026", "28-11-2026 22:00",
            "2026-11-28  22:00", "2026-11-28, 22:00", "2026-11-28 22:00 +01:00", "1764367200", "2026-11-28 10:00 pm",
            "2026-11-28T22", "20261128T220000Z", "2026-W48-6", "٢٠٢٦-11-28",
        ]
    )
    func refuses(text: String) {
        #expect(WrittenTime(text) == nil)
    }

    @Test(
        "A reading that comes twice is the next of the two, and a day ends where the next one begins",
        arguments: [
            ("2026-10-25T01:30:00", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
            ("2026-10-25T01:30:00", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
            ("2026-10-25T01:30:00", "2026-10-25T01:20:00Z", "2026-10-25T01:30:00Z"),
            ("2026-10-25T01:30:00", "2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z"),
            ("2026-03-29T01:30:00", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-07-01T12:00:00", "2026-03-29T00:00:00Z", "2026-07-01T11:00:00Z"),
        ] as [(LocalDateTime, Instant, Instant)]
    )
    func occurrence(local: LocalDateTime, after: Instant, instant: Instant) {
        #expect(LocationTimeZone(identifier: "Europe/London")?.occurrence(of: local, after: after) == instant)
    }

    @Test(
        "A day ends at midnight, also where the clock is changed",
        arguments: [
            ("2026-03-28", "2026-03-29T00:00:00Z"), ("2026-03-29", "2026-03-29T23:00:00Z"),
            ("2026-10-24", "2026-10-24T23:00:00Z"), ("2026-10-25", "2026-10-26T00:00:00Z"),
        ] as [(String, Instant)]
    )
    func endOfDay(day: String, end: Instant) throws {
        #expect(LocationTimeZone(identifier: "Europe/London")?.end(of: try #require(CivilDate(day))) == end)
    }
}
