import Basics
import Foundation
import TestBasics
import Testing

@testable import Basics

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
        #expect(!LocationTimeZone(offsetMinutes: minutes ?? 2000, isExact: true).isExact)
    }

    @Test("A location that keeps no summer time has an exact zone of a fixed offset")
    func fixedOffset() {
        let zone = LocationTimeZone(offsetMinutes: 60, isExact: true)
        #expect(zone.isExact)
        #expect(zone.localDateTime(at: "2026-07-01T00:00:00Z") == "2026-07-01T01:00:00")
    }

    @Test("A name that is no IANA zone gives none")
    func badIdentifier() {
        #expect(LocationTimeZone(identifier: "Europe/Atlantis") == nil)
        #expect(LocationTimeZone(identifier: "") == nil)
    }

    @Test("The ends of time can be turned both ways in every zone")
    func endsOfTime() {
        for zone: LocationTimeZone in ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"] {
            #expect(zone.instant(of: zone.localDateTime(at: .latest)) <= .latest)
            #expect(zone.instant(of: zone.localDateTime(at: .earliest)) >= .earliest)
        }
    }
}
