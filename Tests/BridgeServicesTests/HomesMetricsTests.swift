import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Observability
import TestSupport
import Testing

@Suite("The figures of homes")
struct HomesMetricsTests {
    private let clock = ManualClock()

    @Test("Sites and zones have the words of their topics, and zones their names too")
    func zones() {
        let homes = known()
        homes.apply(status(Cottage.zones()), of: homes.beginReading())
        #expect(
            lines(of: homes, "evohome_zone_") == [
                #"evohome_zone_temperature_celsius{site="cottage",zone="kitchen",name="Kitchen"} 19.5"#,
                #"evohome_zone_temperature_celsius{site="cottage",zone="hall",name="Hall"} 19.5"#,
                #"evohome_zone_setpoint_celsius{site="cottage",zone="kitchen",name="Kitchen"} 18"#,
                #"evohome_zone_setpoint_celsius{site="cottage",zone="hall",name="Hall"} 16"#,
            ]
        )
        #expect(
            lines(of: homes, "evohome_site_") == [
                #"evohome_site_available{site="cottage"} 1"#,
                #"evohome_site_mode{site="cottage",mode="auto"} 1"#, #"evohome_site_faults{site="cottage"} 0"#,
            ]
        )
    }

    @Test("What is not known has no figure: a lost sensor, a ghost, a home before its first answer")
    func unknown() {
        let homes = known()
        #expect(lines(of: homes, "evohome_zone_").isEmpty)
        #expect(lines(of: homes, "evohome_site_available") == [#"evohome_site_available{site="cottage"} 0"#])
        var zones = Cottage.zones()
        zones[0].temperature = nil
        zones[0].faults = [Fault(kind: Fault.Kind(rawValue: "sensor_lost"), since: nil)]
        zones[1].temperature = nil
        zones[1].setpoint = 62
        homes.apply(status(zones), of: homes.beginReading())
        #expect(
            lines(of: homes, "evohome_zone_") == [
                #"evohome_zone_setpoint_celsius{site="cottage",zone="kitchen",name="Kitchen"} 18"#
            ]
        )
        #expect(lines(of: homes, "evohome_site_faults") == [#"evohome_site_faults{site="cottage"} 1"#])
    }

    @Test("A hostile name makes one figure, and nothing that looks like another")
    func hostile() {
        let name = "\"} 1\nevil_total 666 /+#\\"
        let homes = Cottage.homes(clock)
        homes.apply(Cottage.installation(Cottage.location(name: name, hall: name)))
        homes.apply(status(Cottage.zones()), of: homes.beginReading())
        let lines = lines(of: homes, "")
        #expect(lines.allSatisfy { $0.hasPrefix("evohome_") })
        #expect(lines.count { $0.hasSuffix(#"name="\"} 1\nevil_total 666 /+#\\"} 19.5"#) } == 1)
    }

    @Test("The cloud is in one state, and says when it is asked again while it fails")
    func cloud() {
        let homes = known()
        homes.apply(status(Cottage.zones()), of: homes.beginReading())
        #expect(
            lines(of: homes, "evohome_cloud_state").filter { $0.hasSuffix(" 1") }
                == [#"evohome_cloud_state{state="ok"} 1"#]
        )
        #expect(lines(of: homes, "evohome_cloud_retry").isEmpty)
        let now = clock.now
        homes.apply(CloudFailure(.rateLimited, "Too many."), retryAt: now + .seconds(60))
        #expect(
            lines(of: homes, "evohome_cloud_state").filter { $0.hasSuffix(" 1") }
                == [#"evohome_cloud_state{state="rate_limited"} 1"#]
        )
        let retry = Int((now + .seconds(60)).secondsSince1970)
        #expect(lines(of: homes, "evohome_cloud_retry") == ["evohome_cloud_retry_timestamp_seconds \(retry)"])
    }

    private func known() -> SnapshotStore {
        let homes = Cottage.homes(clock)
        homes.apply(Cottage.installation())
        return homes
    }

    private func status(_ zones: [ZoneStatus]) -> LocationStatus {
        ScriptedHome.status(of: Cottage.location(), zones: zones)
    }

    private func lines(of homes: SnapshotStore, _ prefix: String) -> [String] {
        PrometheusText.of(homes.metrics).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") && $0.hasPrefix(prefix) }
    }
}
