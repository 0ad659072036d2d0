import Foundation
import Testing

@testable import TCCSimulator

@Suite("Timestamps and local time")
struct TimestampTests {
    @Test(
        "A timestamp is read with or without a zone and a fraction",
        arguments: [
            ("1970-01-01T00:00:00Z", 0.0), ("2026-11-23T12:00:00Z", 1_795_435_200),
            ("2026-11-23T12:00:00.123Z", 1_795_435_200), ("2026-11-23T13:00:00+01:00", 1_795_435_200),
            ("2024-02-29T23:59:59", 1_709_251_199), ("1969-12-31T23:59:59Z", -1),
        ]
    )
    func reading(_ text: String, _ seconds: Double) {
        #expect(Timestamp.date(text) == Date(timeIntervalSince1970: seconds))
    }

    @Test(
        "A malformed timestamp is not read",
        arguments: [
            "", "tomorrow", "2026-13-01T00:00:00Z", "2026-11-23", "2026-11-23T25:00:00Z", "2026-11-23T12:00:00X",
        ]
    )
    func malformed(_ text: String) {
        #expect(Timestamp.date(text) == nil)
    }

    @Test("Day numbers and dates convert into each other")
    func days() {
        for number in stride(from: -60_000, to: 86_000, by: 1) {
            let day = CivilDay(number: number)
            #expect(CivilDay(year: day.year, month: day.month, day: day.day).number == number)
        }
        #expect(CivilDay(number: 20_780) == CivilDay(year: 2026, month: 11, day: 23))
        #expect(Timestamp.utc(Date(timeIntervalSince1970: 1_795_435_200)) == "2026-11-23T12:00:00Z")
        #expect(Timestamp.wallClock(Date(timeIntervalSince1970: 0), offset: -3_600) == "1969-12-31T23:00:00")
    }

    @Test("A week begins at local midnight, in summer and in winter")
    func minuteOfWeek() {
        let london = LocalClock(timeZone: HomeBuilder.london)
        let winter = Timestamp.date("2026-01-05T00:00:00Z") ?? .distantPast
        let summer = Timestamp.date("2026-07-05T23:00:00Z") ?? .distantPast
        #expect(london.minuteOfWeek(at: winter) == 0)
        #expect(london.minuteOfWeek(at: winter.addingTimeInterval(-1)) == 10_079)
        #expect(london.minuteOfWeek(at: summer) == 0)
    }

    @Test("The system knows every time zone of the table")
    func zones() {
        for (name, identifier) in WindowsTimeZones.identifiers {
            #expect(TimeZone(identifier: identifier) != nil, "\(name)")
        }
    }
}
