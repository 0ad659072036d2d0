import Basics
import BridgeCore
import HeatingModel
import Observability
import TestSupport
import Testing

@testable import BridgeServices

@Suite("The metrics of sites")
struct HomesMetricsTests {
    private let clock = ManualClock()

    @Test("Labels of sites and zones are the words of their topics; zones have their names, too")
    func zones() {
        let store = known()
        store.apply(status(Cottage.zones()), clock)
        #expect(
            lines(of: store, "evohome_zone_") == [
                #"evohome_zone_temperature_celsius{site="cottage",zone="kitchen",name="Kitchen"} 19.5"#,
                #"evohome_zone_temperature_celsius{site="cottage",zone="hall",name="Hall"} 19.5"#,
                #"evohome_zone_setpoint_celsius{site="cottage",zone="kitchen",name="Kitchen"} 18"#,
                #"evohome_zone_setpoint_celsius{site="cottage",zone="hall",name="Hall"} 16"#,
            ]
        )
        #expect(
            lines(of: store, "evohome_site_") == [
                #"evohome_site_available{site="cottage"} 1"#,
                #"evohome_site_mode{site="cottage",mode="auto"} 1"#, #"evohome_site_faults{site="cottage"} 0"#,
            ]
        )
    }

    @Test("What was changed is told with who changed it, and what was not is left out")
    func changes() {
        let store = known()
        store.apply(status(Cottage.zones()), clock)
        #expect(lines(of: store, "evohome_changed").isEmpty)
        clock.advance(by: .seconds(600))
        var zones = Cottage.zones(kitchen: 21)
        zones[0].mode = .permanentOverride
        store.apply(status(zones), clock)
        let time = Int(clock.now.secondsSince1970)
        let labels = #"site="cottage",topic="zone/kitchen",by="elsewhere""#
        #expect(lines(of: store, "evohome_changed") == ["evohome_changed_timestamp_seconds{\(labels)} \(time)"])
    }

    @Test("What is not known has no sample: a lost sensor, a ghost, a site before its first answer")
    func unknown() {
        let store = known()
        #expect(lines(of: store, "evohome_zone_").isEmpty)
        #expect(lines(of: store, "evohome_site_available") == [#"evohome_site_available{site="cottage"} 0"#])
        var zones = Cottage.zones()
        zones[0].temperature = nil
        zones[0].faults = [Fault(kind: Fault.Kind(rawValue: "sensor_lost"), since: nil)]
        zones[1].temperature = nil
        zones[1].setpoint = 62
        store.apply(status(zones), clock)
        #expect(
            lines(of: store, "evohome_zone_") == [
                #"evohome_zone_setpoint_celsius{site="cottage",zone="kitchen",name="Kitchen"} 18"#
            ]
        )
        #expect(lines(of: store, "evohome_site_faults") == [#"evohome_site_faults{site="cottage"} 1"#])
    }

    @Test("A hostile name makes one sample, and nothing that looks like another")
    func hostile() {
        let name = "\"} 1\nevil_total 666 /+#\\"
        let store = SnapshotStore(clock)
        store.apply(Cottage.installation(Cottage.location(name: name, hall: name)))
        store.apply(status(Cottage.zones()), clock)
        let lines = lines(of: store, "")
        #expect(lines.allSatisfy { $0.hasPrefix("evohome_") })
        #expect(lines.count { $0.hasSuffix(#"name="\"} 1\nevil_total 666 /+#\\"} 19.5"#) } == 1)
    }

    @Test("The cloud is in one state, with the time of the next attempt while it fails")
    func cloud() {
        let store = known()
        store.apply(status(Cottage.zones()), clock)
        #expect(
            lines(of: store, "evohome_cloud_state").filter { $0.hasSuffix(" 1") }
                == [#"evohome_cloud_state{state="ok"} 1"#]
        )
        #expect(lines(of: store, "evohome_cloud_retry").isEmpty)
        let now = clock.now
        store.update { $0.apply(CloudFailure(.rateLimited, "Too many."), retryAt: now + .seconds(60), at: $1) }
        #expect(
            lines(of: store, "evohome_cloud_state").filter { $0.hasSuffix(" 1") }
                == [#"evohome_cloud_state{state="rate_limited"} 1"#]
        )
        let retry = Int((now + .seconds(60)).secondsSince1970)
        #expect(lines(of: store, "evohome_cloud_retry") == ["evohome_cloud_retry_timestamp_seconds \(retry)"])
    }

    private func known() -> SnapshotStore {
        let store = SnapshotStore(clock)
        store.apply(Cottage.installation())
        return store
    }

    private func status(_ zones: [ZoneStatus]) -> LocationStatus {
        Cottage.status(zones: zones)
    }

    private func lines(of store: SnapshotStore, _ prefix: String) -> [String] {
        PrometheusText.of(store.metrics).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") && $0.hasPrefix(prefix) }
    }
}
