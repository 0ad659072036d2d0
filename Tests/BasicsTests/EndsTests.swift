import Basics
import TestBasics
import Testing

struct EndsTests {
    @Test(
        "The next occurrence of a time is later than now, today or tomorrow, on each pass of the clock",
        arguments: [
            ("Europe/London", "18:00", "2026-11-24T17:59:59Z", "2026-11-24T18:00:00Z"),
            ("Europe/London", "18:00", "2026-11-24T18:00:00Z", "2026-11-25T18:00:00Z"),
            ("Europe/London", "00:00", "2026-06-30T22:59:00Z", "2026-06-30T23:00:00Z"),
            ("Europe/London", "07:00", "2026-03-28T12:00:00Z", "2026-03-29T06:00:00Z"),
            ("Europe/London", "07:00", "2026-10-24T12:00:00Z", "2026-10-25T07:00:00Z"),
            // Leapt over in spring.
            ("Europe/London", "01:30", "2026-03-29T00:45:00Z", "2026-03-29T01:00:00Z"),
            ("Europe/London", "01:30", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
            // Twice in autumn.
            ("Europe/London", "01:30", "2026-10-25T00:20:00Z", "2026-10-25T00:30:00Z"),
            ("Europe/London", "01:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
            ("Europe/London", "01:30", "2026-10-25T01:20:00Z", "2026-10-25T01:30:00Z"),
            ("Europe/London", "01:30", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"),
            ("Australia/Lord_Howe", "01:45", "2026-04-04T14:46:00Z", "2026-04-04T15:15:00Z"),
            ("Australia/Lord_Howe", "02:10", "2026-10-03T15:00:00Z", "2026-10-03T15:30:00Z"),
            // The end of Saturday comes twice, the first hour of another Sunday never.
            ("America/Santiago", "23:30", "2026-04-05T02:45:00Z", "2026-04-05T03:30:00Z"),
            ("America/Santiago", "00:10", "2026-04-05T03:45:00Z", "2026-04-05T04:10:00Z"),
            ("America/Santiago", "00:10", "2026-09-06T03:30:00Z", "2026-09-06T04:00:00Z"),
            // Over midnight and back, as Newfoundland did until 2011.
            ("America/St_Johns", "23:30", "2010-11-07T02:30:30Z", "2010-11-07T03:00:00Z"),
            ("Pacific/Apia", "12:00", "2011-12-30T09:00:00Z", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "12:00", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"),
            ("Asia/Kolkata", "06:00", "2026-11-24T00:29:00Z", "2026-11-24T00:30:00Z"),
        ] as [(LocationTimeZone, TimeOfDay, Instant, Instant)]
    )
    func nextOccurrence(zone: LocationTimeZone, time: TimeOfDay, now: Instant, expected: Instant) {
        #expect(zone.nextOccurrence(of: time, after: now) == expected)
    }

    @Test(
        "A mode of n days ends at the local midnight after the n-th day, today being the first",
        arguments: [
            ("Europe/London", 1, "2026-11-24T18:00:00Z", "2026-11-25T00:00:00Z"),
            ("Europe/London", 3, "2026-11-24T18:00:00Z", "2026-11-27T00:00:00Z"),
            ("Europe/London", 1, "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"),
            ("Europe/London", 1, "2026-06-30T23:30:00Z", "2026-07-01T23:00:00Z"),
            ("Europe/London", 2, "2026-03-28T12:00:00Z", "2026-03-29T23:00:00Z"),
            ("Europe/London", 2, "2026-10-24T12:00:00Z", "2026-10-26T00:00:00Z"),
            ("Europe/Budapest", 1, "2023-10-28T10:00:00Z", "2023-10-28T22:00:00Z"),
            ("Europe/Budapest", 2, "2023-10-28T10:00:00Z", "2023-10-29T23:00:00Z"),
            ("Europe/London", 99, "2026-11-24T18:00:00Z", "2027-03-03T00:00:00Z"),
            ("America/New_York", 1, "2026-11-01T03:59:00Z", "2026-11-01T04:00:00Z"),
            ("America/Havana", 1, "2026-03-07T17:00:00Z", "2026-03-08T05:00:00Z"),
            ("America/Havana", 1, "2026-10-31T17:00:00Z", "2026-11-01T04:00:00Z"),
            ("America/Santiago", 1, "2026-04-04T17:00:00Z", "2026-04-05T04:00:00Z"),
            ("America/Santiago", 1, "2026-09-05T17:00:00Z", "2026-09-06T04:00:00Z"),
            ("Pacific/Apia", 1, "2011-12-30T09:00:00Z", "2011-12-30T10:00:00Z"),
            ("Europe/London", 0, "2026-11-24T18:00:00Z", "2026-11-25T00:00:00Z"),
            ("Europe/London", .min, "2026-11-24T18:00:00Z", "2026-11-25T00:00:00Z"),
            ("Europe/London", .max, "2026-11-24T18:00:00Z", "9999-12-31T23:59:59.999Z"),
        ] as [(LocationTimeZone, Int, Instant, Instant)]
    )
    func midnightEndingDay(zone: LocationTimeZone, count: Int, now: Instant, expected: Instant) {
        #expect(zone.midnight(endingDay: count, from: now) == expected)
    }

    @Test(
        "An end is put off to the next local midnight, unless it is one",
        arguments: [
            ("Europe/London", "2026-11-24T18:00:00Z", "2026-11-25T00:00:00Z"),
            ("Europe/London", "2026-11-25T00:00:00Z", "2026-11-25T00:00:00Z"),
            ("Europe/London", "2026-11-25T00:00:00.001Z", "2026-11-26T00:00:00Z"),
            ("Europe/London", "2026-07-01T23:00:00Z", "2026-07-01T23:00:00Z"),
            ("Europe/London", "2026-07-02T00:00:00Z", "2026-07-02T23:00:00Z"),
            ("America/Havana", "2026-11-01T04:00:00Z", "2026-11-01T04:00:00Z"),
            ("America/Havana", "2026-11-01T05:00:00Z", "2026-11-02T05:00:00Z"),
            ("America/Santiago", "2026-09-06T04:00:00Z", "2026-09-06T04:00:00Z"),
        ] as [(LocationTimeZone, Instant, Instant)]
    )
    func midnightAtOrAfter(zone: LocationTimeZone, end: Instant, expected: Instant) {
        #expect(zone.midnight(atOrAfter: end) == expected)
    }
}

struct RoundingTests {
    @Test(
        "Instants are rounded on the grid of the location's clock, and stay where they are then",
        arguments: [
            ("Europe/London", .up, 600, "2026-11-24T18:00:00.001Z", "2026-11-24T18:10:00Z"),
            ("Europe/London", .up, 600, "2026-11-24T18:10:00Z", "2026-11-24T18:10:00Z"),
            ("Europe/London", .down, 600, "2026-11-24T18:09:59.999Z", "2026-11-24T18:00:00Z"),
            ("Europe/London", .nearest, 600, "2026-11-24T18:04:59.999Z", "2026-11-24T18:00:00Z"),
            ("Europe/London", .nearest, 600, "2026-11-24T18:05:00Z", "2026-11-24T18:10:00Z"),
            ("Europe/London", .nearest, 900, "2026-11-24T18:08:00Z", "2026-11-24T18:15:00Z"),
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
            (.up, 5400, 3600, 7200), (.down, 5400, 3600, 3600), (.nearest, 5400, 3600, 7200),
            (.nearest, 5399, 3600, 3600),
            (.up, 3600, 3600, 3600), (.up, 1, 3600, 3600), (.up, -5400, 3600, -3600), (.down, -5400, 3600, -7200),
            (.up, 5400, 0, 5400), (.up, .max, 3600, .max / 1000),
        ] as [(RoundingDirection, Int, Int, Int)]
    )
    func durations(direction: RoundingDirection, seconds: Int, step: Int, expected: Int) {
        let rounded = Duration.seconds(seconds).rounded(direction, to: .seconds(step))
        #expect(rounded.components.seconds == expected)
    }
}
