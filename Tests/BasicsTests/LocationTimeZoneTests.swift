import Basics
import Foundation
import TestBasics
import Testing

@testable import Basics

@Suite("Time zones of locations")
struct LocationTimeZoneTests {
    @Test("Every zone of the table is one that Foundation knows, and is found by each spelling of its name")
    func tableIsKnown() throws {
        #expect(ianaNamesByWindowsName.count > 130)
        for (windowsName, identifier) in ianaNamesByWindowsName {
            let expected = try #require(LocationTimeZone(identifier: identifier), "\(identifier)")
            let cloudName = windowsName.filter { $0.isLetter || $0.isNumber }
            #expect(LocationTimeZone(windowsName: windowsName) == expected)
            #expect(LocationTimeZone(windowsName: cloudName) == expected)
            #expect(LocationTimeZone(windowsName: windowsName.filter { $0 != " " && $0 != "." }) == expected)
        }
    }

    @Test(
        "The names that the cloud was seen to write are known",
        arguments: [
            ("GMTStandardTime", "Europe/London"), ("WEuropeStandardTime", "Europe/Berlin"),
            ("RomanceStandardTime", "Europe/Paris"), ("CentralEuropeStandardTime", "Europe/Budapest"),
            ("FLEStandardTime", "Europe/Kiev"), ("AUSEasternStandardTime", "Australia/Sydney"),
            ("ArgentinaStandardTime", "America/Buenos_Aires"), ("PacificSAStandardTime", "America/Santiago"),
        ]
    )
    func seenNames(windowsName: String, identifier: String) {
        let zone = LocationTimeZone(windowsName: windowsName, offsetMinutes: 999)
        #expect(zone == LocationTimeZone(identifier: identifier))
        #expect(zone.isExact)
    }

    @Test("A zone that nobody knows has the fixed offset and is not exact", arguments: ["MarsStandardTime", "", nil])
    func unknownName(name: String?) {
        let zone = LocationTimeZone(windowsName: name, offsetMinutes: -210)
        #expect(!zone.isExact)
        #expect(zone.localDateTime(at: "2026-01-01T00:00:00Z") == "2025-12-31T20:30:00")
        #expect(zone.localDateTime(at: "2026-07-01T00:00:00Z") == "2026-06-30T20:30:00")
    }

    @Test("Offsets that are missing or impossible are UTC, and not exact", arguments: [nil, 1081, -1081, .max, .min])
    func badOffset(minutes: Int?) {
        let zone = LocationTimeZone(windowsName: nil, offsetMinutes: minutes)
        #expect(zone.localDateTime(at: "2026-01-01T00:00:00Z") == "2026-01-01T00:00:00")
        #expect(!zone.isExact)
    }

    @Test("A zone of a fixed offset keeps no summer time, and is not exact")
    func fixedOffset() {
        let zone = LocationTimeZone(offsetMinutes: 60)
        #expect(!zone.isExact)
        #expect(zone.localDateTime(at: "2026-07-01T00:00:00Z") == "2026-07-01T01:00:00")
    }

    @Test("A name that is no IANA zone gives none")
    func badIdentifier() {
        #expect(LocationTimeZone(identifier: "Europe/Atlantis") == nil)
        #expect(LocationTimeZone(identifier: "") == nil)
    }

    @Test("For ten days around any moment a steady zone has the offsets of its zone", arguments: 0..<8)
    func steady(seed: Int) throws {
        var randomness = SeededGenerator(seed: seed)
        let identifiers = ianaNamesByWindowsName.values.sorted()
        var steadyCount = 0
        for _ in 0..<200 {
            let identifier = try #require(identifiers.randomElement(using: &randomness))
            let zone = try #require(LocationTimeZone(identifier: identifier))
            let middle = Int.random(in: 0..<2_000_000_000, using: &randomness) * 1000
            let steady = zone.steady(around: Instant(millisecondsSince1970: middle))
            if steady != zone { steadyCount += 1 }
            for hours in stride(from: -240, through: 240, by: 5) {
                let moment = middle + hours * 3_600_000
                #expect(steady.offset(at: moment) == zone.offset(at: moment), "\(identifier) \(moment)")
            }
        }
        #expect(steadyCount > 100)
    }

    @Test("The ends of time can be turned both ways in every zone")
    func endsOfTime() {
        for zone: LocationTimeZone in ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"] {
            #expect(zone.instant(of: zone.localDateTime(at: .latest)) <= .latest)
            #expect(zone.instant(of: zone.localDateTime(at: .earliest)) >= .earliest)
        }
    }

    // MARK: - Local times as instants

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

    // MARK: - Ends

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
