import Basics
import HTTPTypes
import HeatingModel
import InMemoryLogging
import Logging
import Observability
import TestSupport
import Testing

@testable import TCCClient

@Suite("What was not understood", .timeLimit(.minutes(1)))
struct SurpriseTests {
    private static let installation = #"""
        [{"locationInfo":{"locationId":"1","name":"Home","isNew":true,"timeZone":{"timeZoneId":"GMTStandardTime"}},
          "gateways":[{"gatewayInfo":{"gatewayId":"2"},"temperatureControlSystems":[
            {"systemId":"3","modelType":"Saratoga","allowedSystemModes":[{"systemMode":"Auto"},{"systemMode":"Siesta"}],
             "zones":[
               {"zoneId":"4","name":"Hall","modelType":"HeatingZone","zoneType":"RadiatorZone",
                "setpointCapabilities":{"minHeatSetpoint":"low","timingResolution":"ten minutes"}},
               {"zoneId":"5","name":7,"modelType":"Saratoga"},
               {"name":"no id"}, "no zone"]}]}]}]
        """#
    private static let status = #"""
        {"locationId":"1","gateways":[{"gatewayId":"2","activeFaults":[],"temperatureControlSystems":[{"systemId":"3",
          "systemModeStatus":{"mode":"Siesta","isPermanent":"yes","timeUntil":"tomorrow"},
          "zones":[{"zoneId":"4","temperatureStatus":{"temperature":"warm","isAvailable":true},
            "setpointStatus":{"targetHeatTemperature":21,"setpointMode":"FollowSchedule","until":null},
            "activeFaults":[{"faultType":"TempZoneHauntedByGhost","since":"2026-11-24T18:00:00"}]}]}]}]}
        """#

    @Test("An unknown model, mode and fault, dropped elements and fields of the wrong type are told by their path")
    func home() async throws {
        let calls = Calls([.answer(200, Self.installation), .answer(200, Self.status), .answer(200, Self.status)])
        let home = try await calls.client.installation(of: "77")
        #expect(home.locations.first?.systems.first?.model == "saratoga")
        let status = try await calls.client.status(of: Calls.location)
        #expect(status.systems.first?.mode == SystemMode(rawValue: "siesta"))
        _ = try await calls.client.status(of: Calls.location)
        let (system, live) = (
            "installation_info[].gateways[].temperatureControlSystems[]",
            "status.gateways[].temperatureControlSystems[]"
        )
        #expect(
            calls.client.notUnderstood.counts == [
                "\(system).modelType=Saratoga": 1, "\(system).allowedSystemModes[].systemMode=Siesta": 1,
                "\(system).zones[].setpointCapabilities.minHeatSetpoint": 1,
                "\(system).zones[].setpointCapabilities.timingResolution=ten minutes": 1,
                "\(system).zones[].name": 1, "\(system).zones[].modelType=Saratoga": 1,
                "\(system).zones[].zoneId": 1, "\(system).zones[]": 1,
                "\(live).systemModeStatus.mode=Siesta": 2, "\(live).systemModeStatus.isPermanent": 2,
                "\(live).systemModeStatus.timeUntil": 2, "\(live).zones[].temperatureStatus.temperature": 2,
                "\(live).zones[].activeFaults[].faultType=TempZoneHauntedByGhost": 2,
            ]
        )
    }

    @Test("A schedule tells of days and times that make no sense")
    func schedule() async throws {
        let body = #"""
            {"dailySchedules":[{"dayOfWeek":"Funday","switchpoints":"none"},
              {"dayOfWeek":"Monday","switchpoints":[{"heatSetpoint":20,"timeOfDay":"25:00:00"}]}]}
            """#
        let calls = Calls([.answer(200, body)])
        _ = try await calls.client.schedule(of: ZoneID("4"))
        #expect(
            calls.client.notUnderstood.counts == [
                "schedule.dailySchedules[].dayOfWeek=Funday": 1, "schedule.dailySchedules[].switchpoints": 1,
                "schedule.dailySchedules[].switchpoints[].timeOfDay=25:00:00": 1,
            ]
        )
    }

    @Test("Each path is logged once, and there are not more than a hundred")
    func bounded() {
        let logs = InMemoryLogHandler()
        let surprises = Surprises(logger: Logger(label: "test") { _ in logs })
        for number in 0..<1000 { surprises.add(["status.a\(number)"]) }
        for _ in 0..<10 { surprises.add(["status.a0"]) }
        #expect(surprises.counts.count == Surprises.most)
        #expect(surprises.counts["status.a0"] == 11)
        #expect(surprises.counts[Surprises.others] == 1000 - (Surprises.most - 1))
        #expect(logs.entries.count == Surprises.most)
        #expect(PrometheusText.of(surprises.metrics).contains(#"evohome_cloud_surprises_total{path="status.a0"} 11"#))
    }

    @Test("An answer as it should be holds no surprise, and unknown members are none")
    func none() async throws {
        let body = #"""
            {"locationId":"1","weather":7,"gateways":[{"gatewayId":"2","activeFaults":[],"temperatureControlSystems":[
              {"systemId":"3","systemModeStatus":{"mode":"Auto","isPermanent":true},"activeFaults":[],
               "zones":[{"zoneId":"4","temperatureStatus":{"isAvailable":false},"activeFaults":[],
                 "setpointStatus":{"targetHeatTemperature":21,"setpointMode":"FollowSchedule","until":null}}]}]}]}
            """#
        let calls = Calls([.answer(200, body)])
        _ = try await calls.client.status(of: Calls.location)
        #expect(calls.client.notUnderstood.counts.isEmpty)
    }
}
