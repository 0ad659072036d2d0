import Basics
import TestBasics
import Testing

struct LocalTimeResolutionTests {
    typealias Row = (zone: LocationTimeZone, local: LocalDateTime, instant: Instant)

    @Test(
        "Times that exist once mean that instant, on both sides of every change",
        arguments: [
            ("Europe/London", "2026-03-29T00:59:59", "2026-03-29T00:59:59Z"),
            ("Europe/London", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z"),
            ("Europe/London", "2026-10-25T00:59:59", "2026-10-24T23:59:59Z"),
            ("Europe/London", "2026-10-25T02:00:00", "2026-10-25T02:00:00Z"),
            ("America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59Z"),
            ("America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-11-01T00:59:59", "2026-11-01T04:59:59Z"),
            ("America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z"),
            ("Australia/Lord_Howe", "2026-10-04T01:59:59", "2026-10-03T15:29:59Z"),
            ("Australia/Lord_Howe", "2026-10-04T02:30:00", "2026-10-03T15:30:00Z"),
            ("Australia/Lord_Howe", "2026-04-05T01:29:59", "2026-04-04T14:29:59Z"),
            ("Australia/Lord_Howe", "2026-04-05T02:00:00", "2026-04-04T15:30:00Z"),
            ("Pacific/Apia", "2011-12-29T23:59:59", "2011-12-30T09:59:59Z"),
            ("Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00Z"),
            ("Asia/Kolkata", "2026-03-29T01:30:00", "2026-03-28T20:00:00Z"),
            ("Europe/London", "2023-05-04T18:47:36.7727046", "2023-05-04T17:47:36.772Z"),
        ] as [Row]
    )
    func once(row: Row) {
        #expect(row.zone.instant(of: row.local) == row.instant)
        #expect(row.zone.localDateTime(at: row.instant) == row.local)
    }

    @Test(
        "Times that the clock leaps over mean the moment of the leap",
        arguments: [
            ("Europe/London", "2026-03-29T01:00:00", "2026-03-29T01:00:00Z"),
            ("Europe/London", "2026-03-29T01:30:00", "2026-03-29T01:00:00Z"),
            ("Europe/London", "2026-03-29T01:59:59.999", "2026-03-29T01:00:00Z"),
            ("America/New_York", "2026-03-08T02:00:00", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-03-08T02:59:59", "2026-03-08T07:00:00Z"),
            ("Australia/Lord_Howe", "2026-10-04T02:00:00", "2026-10-03T15:30:00Z"),
            ("Australia/Lord_Howe", "2026-10-04T02:29:59", "2026-10-03T15:30:00Z"),
            ("Pacific/Apia", "2011-12-30T00:00:00", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-30T23:59:59", "2011-12-30T10:00:00Z"),
            ("America/Havana", "2026-03-08T00:00:00", "2026-03-08T05:00:00Z"),
            ("America/Santiago", "2026-09-06T00:30:00", "2026-09-06T04:00:00Z"),
        ] as [Row]
    )
    func leaptOver(row: Row) {
        #expect(row.zone.instant(of: row.local) == row.instant)
        #expect(row.zone.localDateTime(at: row.instant) > row.local)
    }

    @Test(
        "Times that come twice mean their first time",
        arguments: [
            ("Europe/London", "2026-10-25T01:00:00", "2026-10-25T00:00:00Z"),
            ("Europe/London", "2026-10-25T01:59:59", "2026-10-25T00:59:59Z"),
            ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"),
            ("Australia/Lord_Howe", "2026-04-05T01:30:00", "2026-04-04T14:30:00Z"),
            ("Australia/Lord_Howe", "2026-04-05T01:59:59", "2026-04-04T14:59:59Z"),
            ("America/Havana", "2026-11-01T00:00:00", "2026-11-01T04:00:00Z"),
            ("America/Santiago", "2026-04-04T23:30:00", "2026-04-05T02:30:00Z"),
        ] as [Row]
    )
    func twice(row: Row) throws {
        #expect(row.zone.instant(of: row.local) == row.instant)
        let putBack: Duration = row.zone.identifier == "Australia/Lord_Howe" ? .seconds(1800) : .seconds(3600)
        #expect(row.zone.localDateTime(at: row.instant) == row.local)
        #expect(row.zone.localDateTime(at: row.instant + putBack) == row.local)
    }
}
