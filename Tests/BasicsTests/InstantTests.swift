import Basics
import Foundation
import TestBasics
import Testing

@Suite("Instants")
struct InstantTests {
    private let evening: Instant = "2026-11-24T18:00:00Z"

    @Test("Durations are added and subtracted, over the ends of days and years")
    func arithmetic() {
        #expect(evening + .seconds(6 * 3600) == "2026-11-25T00:00:00Z")
        #expect(evening - .seconds(366 * 86400) == "2025-11-23T18:00:00Z")
        #expect(evening + .seconds(-1) == evening - .seconds(1))
        #expect(evening.advanced(by: .milliseconds(1)) - evening == .milliseconds(1))
        #expect("2026-11-24T18:00:00Z" - ("2026-11-25T00:00:00Z" as Instant) == .seconds(-6 * 3600))
        #expect(evening < evening + .milliseconds(1))
    }

    @Test("What is finer than a millisecond is rounded down, also below zero")
    func roundsDown() {
        #expect(evening + .microseconds(1999) == evening + .milliseconds(1))
        #expect(evening + .microseconds(-1) == evening + .milliseconds(-1))
        #expect(evening + .microseconds(-1000) == evening + .milliseconds(-1))
    }

    @Test("Arithmetic stops at the first and the last instant, and never traps")
    func saturates() {
        #expect(evening + .seconds(Int64.max) == .latest)
        #expect(evening - .seconds(Int64.max) == .earliest)
        #expect(evening + .seconds(Int64.min) == .earliest)
        #expect(Instant(millisecondsSince1970: .max) == .latest)
        #expect(Instant(millisecondsSince1970: .min) == .earliest)
        #expect(Instant.latest + .milliseconds(1) == .latest)
        #expect(Instant.earliest.description == "0001-01-01T00:00:00Z")
        #expect(Instant.latest.description == "9999-12-31T23:59:59.999Z")
    }

    @Test("A Foundation date becomes the instant, rounded down, however far away it is")
    func fromDate() {
        #expect(Instant(Date(timeIntervalSince1970: 1_795_543_200.1239)) == "2026-11-24T18:00:00.123Z")
        #expect(Instant(Date(timeIntervalSince1970: -0.0001)) == "1969-12-31T23:59:59.999Z")
        #expect(Instant(.distantFuture) == "4001-01-01T00:00:00Z")
        #expect(Instant(Date(timeIntervalSince1970: 1e300)) == .latest)
        #expect(Instant(Date(timeIntervalSince1970: -.infinity)) == .earliest)
    }

    // MARK: - Text

    @Test(
        "ISO 8601 with a zone is read, whatever its offset and fraction",
        arguments: [
            ("2026-11-24T18:00:00Z", "2026-11-24T18:00:00Z"),
            ("2026-11-24T18:00Z", "2026-11-24T18:00:00Z"),
            ("2026-11-24T19:00:00+01:00", "2026-11-24T18:00:00Z"),
            ("2026-11-24T19:00+0100", "2026-11-24T18:00:00Z"),
            ("2026-11-24T12:30:00-05:30", "2026-11-24T18:00:00Z"),
            ("2026-11-24T18:00:00-00:00", "2026-11-24T18:00:00Z"),
            ("2027-01-01T00:30:00+01:00", "2026-12-31T23:30:00Z"),
            ("2026-11-24T18:00:00.000Z", "2026-11-24T18:00:00Z"),
            ("2026-11-24T18:00:00.5Z", "2026-11-24T18:00:00.500Z"),
            ("2026-11-24T18:00:00.7727046Z", "2026-11-24T18:00:00.772Z"),
            ("2026-11-24T18:00:00.99999999999999999999999999+00:00", "2026-11-24T18:00:00.999Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
            ("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ]
    )
    func reads(text: String, expected: String) {
        #expect(Instant(text)?.description == expected)
    }

    @Test(
        "What is not a date and a time with a zone is refused",
        arguments: [
            "", "Z", "2026-11-24", "18:00:00Z", "2026-11-24T18:00:00", "2026-11-24 18:00:00Z", "2026-11-24t18:00:00Z",
            "2026-11-24T18:00:00z", "2026-11-24T18:00:00Z ", " 2026-11-24T18:00:00Z", "2026-11-24T18:00:00ZZ",
            "2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
            "0000-01-01T00:00:00Z", "26-11-24T18:00:00Z", "12026-11-24T18:00:00Z", "-2026-11-24T18:00:00Z",
            "2026-11-24T24:00:00Z", "2026-11-24T18:60:00Z", "2026-11-24T18:00:60Z", "2026-11-24T8:00:00Z",
            "2026-11-24T18:00:00.Z", "2026-11-24T18:00:00,5Z", "2026-11-24T18:00.5:00Z", "2026-11-24T18Z",
            "2026-11-24T18:00:00+1:00", "2026-11-24T18:00:00+01", "2026-11-24T18:00:00+24:00",
            "2026-11-24T18:00:00+01:60", "2026-11-24T18:00:00+01:00:00", "2026-11-24T18:00:00±01:00",
            "2026-1a-24T18:00:00Z", "٢٠٢٦-11-24T18:00:00Z", "2026-11-24T18:00:00\u{0}Z", "2026-11-24T18:00:00Z\u{301}",
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        ]
    )
    func refuses(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test("Days over ten thousand years agree with Foundation's calendar, and come back from their text")
    func agreesWithFoundation() throws {
        let day = 86_400_000
        for number in stride(
            from: Instant.earliest.millisecondsSince1970,
            to: Instant.latest.millisecondsSince1970,
            by: 997 * day
        ) {
            let instant = Instant(millisecondsSince1970: number)
            #expect(Instant(instant.description) == instant)
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        // Foundation's calendar is the Julian one before 1582.
        for number in stride(
            from: -12_000_000_000_000,
            to: Instant.latest.millisecondsSince1970,
            by: 9_973 * day + 1_234_000
        ) {
            let instant = Instant(millisecondsSince1970: number)
            let date = Date(timeIntervalSince1970: Double(number) / 1000)
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
            let numbers = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second]
            let text = instant.description.split { !$0.isNumber }.map { Int($0) }
            #expect(text == numbers)
        }
    }

    @Test("An instant is text in JSON, and text that is not an instant is an error")
    func codesAsText() throws {
        let instants: [Instant] = ["2026-11-24T18:00:00Z", "2026-11-24T18:00:00.250Z"]
        let json = try JSONEncoder().encode(instants)
        #expect(String(decoding: json, as: UTF8.self) == #"["2026-11-24T18:00:00Z","2026-11-24T18:00:00.250Z"]"#)
        #expect(try JSONDecoder().decode([Instant].self, from: json) == instants)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Instant].self, from: Data(#"["2026-02-30T00:00:00Z"]"#.utf8))
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Instant].self, from: Data("[0]".utf8))
        }
    }
}
