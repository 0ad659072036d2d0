import Foundation
import Testing

@testable import TCCSimulator

@Suite("Daylight saving time")
struct DaylightSavingTests {
    /// The first room of the default home changes to 21 °C at 08:00 at the weekend and at 06:30 on weekdays.
    @Test(
        "Switchpoints follow local time before and after a clock change",
        arguments: [
            ("house", "2026-03-28T08:00:00Z"),  // the Saturday before summer time, 08:00 GMT
            ("house", "2026-03-29T07:00:00Z"),  // the day of the change, 08:00 BST
            ("house", "2026-03-30T05:30:00Z"),  // the Monday after, 06:30 BST
            ("house", "2026-10-24T07:00:00Z"),  // the Saturday before winter time, 08:00 BST
            ("house", "2026-10-25T08:00:00Z"),  // the day of the change, 08:00 GMT
            ("house", "2026-10-26T06:30:00Z"),  // the Monday after, 06:30 GMT
            ("flat", "2026-03-29T06:00:00Z"),  // 08:00 in Amsterdam
            ("flat", "2026-10-25T07:00:00Z"),  // 08:00 in Amsterdam
        ]
    )
    func switchpoint(_ name: String, _ instant: String) throws {
        let home = try #require(BuiltInHome.all.first { $0.name == name })
        let time = try #require(Timestamp.date(instant))
        var bench = CloudBench(home.documents(), at: time.addingTimeInterval(-1))
        let before = bench.zone()?["setpointStatus"]?["targetHeatTemperature"]?.double ?? 0
        bench.pass(1)
        let after = bench.zone()?["setpointStatus"]?["targetHeatTemperature"]?.double ?? 0
        #expect(after > before)
    }

    @Test("The setpoint stays in force through repeated and skipped hours")
    func oddHours() throws {
        for day in ["2026-03-29", "2026-10-25"] {
            var bench = CloudBench(at: try #require(Timestamp.date("\(day)T00:00:00Z")))
            for _ in 0..<24 {
                #expect(bench.zone()?["setpointStatus"]?["targetHeatTemperature"] == 16.5)
                bench.pass(600)
            }
        }
    }

    @Test("An override ends at its instant even if the clocks change before")
    func override() throws {
        var bench = CloudBench(at: try #require(Timestamp.date("2026-10-24T23:30:00Z")))
        let body = #"{"setpointMode":"TemporaryOverride","heatSetpointValue":23,"timeUntil":"2026-10-25T03:00:00Z"}"#
        #expect(bench.put("temperatureZone/2100004/heatSetpoint", body) != nil)
        bench.pass(3.5 * 3_600 - 1)
        #expect(bench.zone()?["setpointStatus"]?["setpointMode"] == "TemporaryOverride")
        bench.pass(1)
        #expect(bench.zone()?["setpointStatus"]?["setpointMode"] == "FollowSchedule")
    }

    @Test("A wall-clock time is converted with the offset in force at that time")
    func wallClock() {
        let london = LocalClock(timeZone: HomeBuilder.london)
        for (text, instant) in [
            ("2026-03-28T12:00:00", "2026-03-28T12:00:00Z"), ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
            ("2026-07-01T12:00:00", "2026-07-01T11:00:00Z"), ("2026-10-25T12:00:00", "2026-10-25T12:00:00Z"),
        ] {
            #expect(london.date(wallClock: text) == Timestamp.date(instant))
        }
    }
}
