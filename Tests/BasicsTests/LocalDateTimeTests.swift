import Basics
import TestBasics
import Testing

@Suite("Local dates and times")
struct LocalDateTimeTests {
    @Test(
        "A date and time with no zone is read with a fraction of any length",
        arguments: [
            ("2022-03-02T15:56:01", "2022-03-02T15:56:01"),
            ("2023-05-04T18:47:36.7727046", "2023-05-04T18:47:36.772"),
            ("2026-10-25T01:30", "2026-10-25T01:30:00"),
            ("0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ]
    )
    func reads(text: String, expected: String) {
        #expect(LocalDateTime(text)?.description == expected)
    }

    @Test(
        "A zone, a date that does not exist and all else are refused",
        arguments: [
            "", "2022-03-02", "2022-03-02T15:56:01Z", "2022-03-02T15:56:01+01:00", "2022-02-29T15:56:01",
            "2022-03-02T15:56:01.", "2022-03-02T24:00:00", "2022-03-02 15:56:01",
        ]
    )
    func refuses(text: String) {
        #expect(LocalDateTime(text) == nil)
    }

    @Test("A reading knows its weekday and its time")
    func parts() {
        let reading: LocalDateTime = "2026-11-24T18:00:30.9"
        #expect(reading.weekday == .tuesday)
        #expect(reading.timeOfDay == "18:00:30")
        #expect(("1969-12-31T23:00" as LocalDateTime).weekday == .wednesday)
        #expect(("1969-12-31T23:00" as LocalDateTime).timeOfDay == "23:00")
    }
}

@Suite("Rounding to a grid")
struct RoundingTests {
    @Test(
        "Instants are rounded on the grid of the location's clock, and rounding again changes nothing",
        arguments: [
            ("Europe/London", .up, 600, "2026-11-24T18:00:00.001Z", "2026-11-24T18:10:00Z"),
            ("Europe/London", .up, 600, "2026-11-24T18:10:00Z", "2026-11-24T18:10:00Z"),
            ("Europe/London", .down, 600, "2026-11-24T18:09:59.999Z", "2026-11-24T18:00:00Z"),
            ("Europe/London", .down, 600, "1969-12-31T23:59:00Z", "1969-12-31T23:50:00Z"),
            ("Asia/Kathmandu", .up, 600, "2026-11-24T12:06:00Z", "2026-11-24T12:15:00Z"),
            ("Asia/Kathmandu", .up, 3600, "2026-11-24T12:06:00Z", "2026-11-24T12:15:00Z"),
            ("Europe/London", .down, 86400, "2026-07-01T12:00:00Z", "2026-06-30T23:00:00Z"),
            ("Europe/London", .up, 0, "2026-11-24T18:00:01Z", "2026-11-24T18:00:01Z"),
            ("Europe/London", .up, -600, "2026-11-24T18:00:01Z", "2026-11-24T18:00:01Z"),
            ("Europe/London", .up, .max, "2026-11-24T18:00:01Z", "9999-12-31T23:59:59.999Z"),
        ] as [(LocationTimeZone, RoundingDirection, Int, Instant, Instant)]
    )
    func instants(zone: LocationTimeZone, direction: RoundingDirection, step: Int, instant: Instant, expected: Instant)
    {
        let rounded = instant.rounded(direction, to: .seconds(step), in: zone)
        #expect(rounded == expected)
        if step < .max { #expect(rounded.rounded(direction, to: .seconds(step), in: zone) == expected) }
    }

    @Test(
        "Durations are rounded to whole hours",
        arguments: [
            (.up, 5400, 3600, 7200), (.down, 5400, 3600, 3600),
            (.up, 3600, 3600, 3600), (.up, 1, 3600, 3600), (.up, -5400, 3600, -3600), (.down, -5400, 3600, -7200),
            (.up, 5400, 0, 5400), (.up, .max, 3600, .max / 1000),
        ] as [(RoundingDirection, Int, Int, Int)]
    )
    func durations(direction: RoundingDirection, seconds: Int, step: Int, expected: Int) {
        let rounded = Duration.seconds(seconds).rounded(direction, to: .seconds(step))
        #expect(rounded.components.seconds == expected)
    }
}
