import Foundation
import Testing

@testable import TCCSimulator

@Suite("API v2")
struct APIV2Tests {
    @Test("The account, its locations and everything in them can be read")
    func everything() {
        var bench = CloudBench()
        #expect(bench.get("userAccount")["userId"] == "1100001")
        let locations = bench.get("location/installationInfo?userId=1100001&includeTemperatureControlSystems=True")
        let system = locations.array?.first?["gateways"]?.array?.first?["temperatureControlSystems"]?.array?.first
        #expect(system?["zones"]?.array?.compactMap { $0["name"]?.string }.first == "Living Room")
        #expect(system?["zones"]?.array?.count == 6)
        #expect(system?["dhw"]?["dhwId"] == "2100010")
        #expect(
            bench.get("location/2100001/installationInfo?includeTemperatureControlSystems=True")
                == locations.array?.first
        )
        #expect(bench.get("temperatureControlSystem/2100003/installationInfo") == system)
        #expect(bench.get("temperatureZone/2100004/installationInfo") == system?["zones"]?.array?.first)
        #expect(bench.get("domesticHotWater/2100010/installationInfo") == system?["dhw"])
        #expect(bench.get("gateway").array?.count == 1)
    }

    @Test("Control systems are left out unless they are requested")
    func withoutSystems() {
        var bench = CloudBench()
        for path in ["location/installationInfo?userId=1100001", "location/2100001/status"] {
            let answer = bench.get(path)
            let gateway = (answer.array?.first ?? answer)["gateways"]?.array?.first
            #expect(gateway != nil)
            #expect(gateway?["temperatureControlSystems"] == nil)
        }
    }

    @Test("The status of a part equals that part of the status of the location")
    func statusParts() {
        var bench = CloudBench()
        let system = bench.system()
        #expect(bench.get("temperatureControlSystem/2100003/status") == system)
        #expect(bench.get("temperatureZone/2100004/status") == system?["zones"]?.array?.first)
        #expect(bench.get("domesticHotWater/2100010/status") == system?["dhw"])
        #expect(system?["systemModeStatus"] == ["mode": "Auto", "isPermanent": true])
    }

    @Test("The current offset follows the homes' clock")
    func currentOffset() {
        var bench = CloudBench(at: Timestamp.date("2026-07-01T12:00:00Z") ?? .distantPast)
        let zone = bench.get("location/2100001/installationInfo")["locationInfo"]?["timeZone"]
        #expect(zone?["currentOffsetMinutes"] == 60)
    }

    @Test("Paths are not case-sensitive")
    func anyCase() {
        var bench = CloudBench()
        #expect(bench.call("GET", "TEMPERATUREZONE/2100004/Status").status == 200)
        #expect(bench.call("GET", "commtasks?COMMTASKID=1").status == 404)
    }
}
