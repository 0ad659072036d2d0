import Foundation
import Testing

@testable import TCCSimulator

@Suite("Built-in homes")
struct BuiltInHomeTests {
    private func bench(_ name: String) throws -> CloudBench {
        CloudBench(try #require(BuiltInHome.all.first { $0.name == name }).documents())
    }

    @Test("Every document of every home can be read", arguments: BuiltInHome.all.map(\.name))
    func complete(_ name: String) throws {
        var bench = try bench(name)
        let user = bench.cloud.installation.userID
        let locations = bench.get("location/installationInfo?userId=\(user)&includeTemperatureControlSystems=true")
        #expect(locations.array?.isEmpty == false)
        for id in bench.cloud.installation.locationIDs {
            #expect(
                bench.get("location/\(id)/status?includeTemperatureControlSystems=true")["locationId"]?.string == id
            )
        }
        for id in bench.cloud.installation.zones.keys {
            #expect(bench.call("GET", "temperatureZone/\(id)/status").status == 200)
        }
    }

    @Test("All of them fit into one account", arguments: [1, 3])
    func together(_ copies: Int) {
        let homes = BuiltInHome.all.map { $0.documents() }
        let installation = Installation(homes: homes, copies: copies, now: CloudBench.start)
        let single = homes.map { Installation(homes: [$0], copies: 1, now: CloudBench.start) }
        #expect(installation.locationIDs.count == copies * single.map(\.locationIDs.count).reduce(0, +))
        #expect(installation.zones.count == copies * single.map(\.zones.count).reduce(0, +))
        #expect(installation.gateways.count == copies * single.map(\.gateways.count).reduce(0, +))
        #expect(Set(BuiltInHome.all.map(\.name)).count == BuiltInHome.all.count)
    }

    @Test(
        "A ghost zone has no type, no name and a setpoint of 62 °C; a zone that only the status has is not configured"
    )
    func ghost() throws {
        var bench = try bench("ghost")
        let zones = bench.system()?["zones"]?.array ?? []
        #expect(zones.count == 3)
        #expect(zones[1]["setpointStatus"]?["targetHeatTemperature"] == 62.0)
        #expect(bench.call("GET", "temperatureZone/2400005/schedule").text.contains("ScheduleNotFound"))
        let configured = bench.get("temperatureControlSystem/2400003/installationInfo")["zones"]?.array ?? []
        #expect(configured.count == 2 && configured[1]["modelType"] == "Unknown")
    }

    @Test("Active faults and overrides are shown, and the end of an override is in the future")
    func faulty() throws {
        var bench = try bench("faulty")
        let zones = bench.system()?["zones"]?.array ?? []
        #expect(zones[0]["setpointStatus"]?["until"] == "2026-11-23T21:00:00Z")
        #expect(zones[1]["temperatureStatus"] == ["isAvailable": false])
        #expect(zones[3]["activeFaults"]?.array?.first?["faultType"] == "TempZoneActuatorLowBattery")
        #expect(bench.hotWater()?["activeFaults"]?.array?.first?["faultType"] == "DHWSensorCommunicationLost")
        #expect(bench.system()?["activeFaults"]?.array?.first?["faultType"] == "BoilerCommunicationLost")
    }

    @Test("Thermostats have their peculiarities")
    func thermostats() throws {
        var vision = try bench("vision")
        #expect(vision.system()?["systemId"] == vision.zone()?["zoneId"])
        #expect(vision.zone()?["fanStatus"]?["fanMode"] == "Auto")
        var focus = try bench("focus")
        let zone = focus.get("temperatureZone/2930003/installationInfo")
        #expect(zone["scheduleCapabilities"] == nil && zone["setpointCapabilities"]?["canControlCool"] == true)
        var fiveTwo = try bench("five-two")
        #expect(fiveTwo.get("temperatureZone/2940003/schedule")["dailySchedules"]?.array?.count == 2)
        var round = try bench("round")
        #expect(round.call("GET", "temperatureZone/2910005/schedule").status == 400)
    }

    @Test("Unknown words are served as they are")
    func unknown() throws {
        var bench = try bench("unknown")
        #expect(bench.system()?["systemModeStatus"]?["mode"] == "Hibernate")
        #expect(bench.zone()?["setpointStatus"]?["setpointMode"] == "WeatherHold")
        #expect(bench.zone()?["activeFaults"]?.array?.first?["faultType"] == "SpringHasRunDry")
    }

    @Test("A location can have no gateway, and a gateway no control system")
    func empty() throws {
        var bench = try bench("empty")
        #expect(bench.get("location/2800001/status?includeTemperatureControlSystems=true")["gateways"] == [])
        let locations = bench.get("location/installationInfo?userId=1100001&includeTemperatureControlSystems=true")
        #expect(locations.array?[1]["gateways"]?.array?.first?["temperatureControlSystems"] == nil)
    }
}
