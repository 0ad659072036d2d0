import Basics
import HeatingModel
import TCCClient
import Testing

@Suite("Reading the vendor's documents", .timeLimit(.minutes(1)))
struct WireTests {
    @Test("An installation is read; missing and odd fields do not spoil the rest")
    func installation() async throws {
        let body = #"""
            [{"locationInfo":{"locationId":"1","name":"Home","timeZone":{"timeZoneId":"WEuropeStandardTime"}},
              "gateways":[{"gatewayInfo":{"gatewayId":"2","mac":"00D02DEE0000"},"temperatureControlSystems":[
                {"systemId":"3","modelType":"EvoTouch","allowedSystemModes":[
                    {"systemMode":"AutoWithEco","canBeTemporary":true,"maxDuration":"1.00:00:00","timingMode":"Duration"}],
                 "zones":[
                    {"zoneId":"4","name":"Hall","zoneType":"RadiatorZone","modelType":"HeatingZone",
                     "setpointCapabilities":{"minHeatSetpoint":5.0,"maxHeatSetpoint":35,"valueResolution":0.5,
                        "allowedSetpointModes":["FollowSchedule","VacationHold"],
                        "maxDuration":"1.00:00:00","timingResolution":"00:10:00"}},
                    {"name":"no id"}, "no zone", null,
                    {"zoneId":5,"name":7,"setpointCapabilities":"none","zoneType":"HoverHeat"}]}]},
                {"gatewayInfo":{}}]},
             {"locationInfo":{"name":"no id"}},
             {"locationInfo":{"locationId":"9","timeZone":{"timeZoneId":"MoonTime","offsetMinutes":90}}}]
            """#
        let installation = try await Calls([.answer(200, body)]).client.installation(of: "77")
        #expect(installation.accountID == "77")
        #expect(installation.locations.map(\.id) == ["1", "9"])
        let home = try #require(installation.locations.first)
        #expect(home.timeZone.identifier == "Europe/Berlin")
        #expect(installation.locations.last?.timeZone.isExact == false)
        let system = try #require(home.systems.first)
        #expect((system.id, system.gatewayID, system.model) == ("3", "2", "evo_touch"))
        #expect(system.gatewayAddress == "00D02DEE0000")
        let mode = try #require(system.allowedModes.first)
        #expect((mode.mode, mode.maximumDuration, mode.timing) == (.autoWithEco, 86_400, .duration))
        #expect(system.zones.map(\.id) == ["4", "5"])
        let hall = try #require(system.zones.first)
        #expect((hall.type, hall.model) == ("radiator_zone", "heating_zone"))
        #expect((hall.setpoint.minimum, hall.setpoint.maximum, hall.setpoint.step) == (5, 35, 0.5))
        #expect(hall.setpoint.allowedModes.map(\.rawValue) == ["follow_schedule", "vacation_hold"])
        #expect((hall.setpoint.maximumDuration, hall.setpoint.timingResolution) == (86_400, 600))
        let odd = try #require(system.zones.last)
        #expect((odd.name, odd.type, odd.setpoint.minimum) == ("", "hover_heat", nil))
    }

    @Test("A status is read with its faults in the location's time; a bad zone does not hide the others")
    func status() async throws {
        let body = #"""
            {"locationId":"1","gateways":[{"gatewayId":"2",
              "activeFaults":[{"faultType":"GatewayCommunicationLost","since":"2023-07-04T18:47:36.7727046"}],
              "temperatureControlSystems":[{"systemId":"3",
                "systemModeStatus":{"mode":"Away","isPermanent":false,"timeUntil":"2026-12-01T00:00:00Z"},
                "zones":[
                  {"zoneId":"4","name":"Hall","temperatureStatus":{"temperature":19.5,"isAvailable":true},
                   "setpointStatus":{"targetHeatTemperature":21.0,"setpointMode":"TemporaryOverride",
                     "until":"2026-11-24T18:00:00Z"}},
                  {"zoneId":"5","temperatureStatus":{"isAvailable":false,"temperature":128},
                   "setpointStatus":{"targetHeatTemperature":"warm","setpointMode":null},
                   "activeFaults":[{"since":"?"},{"faultType":"TempZoneActuatorLowBattery","since":"?"}]},
                  {"temperatureStatus":{}}],
                "dhw":{"dhwId":"6","stateStatus":{"state":"On","mode":"FollowSchedule"}}}]}]}
            """#
        let status = try await Calls([.answer(200, body)]).client.status(of: Calls.location)
        let system = try #require(status.systems.first)
        #expect(system.hasLostContact)
        // 18:47 of a summer's day in London.
        #expect(system.faults.first?.since == Instant("2023-07-04T17:47:36.772Z"))
        #expect((system.mode, system.isPermanent, system.until) == (.away, false, Instant("2026-12-01T00:00:00Z")))
        #expect(system.zones.map(\.id) == ["4", "5"])
        let hall = try #require(system.zones.first)
        #expect((hall.temperature, hall.setpoint, hall.mode) == (19.5, 21, .temporaryOverride))
        #expect(hall.until == Instant("2026-11-24T18:00:00Z"))
        let lost = try #require(system.zones.last)
        #expect((lost.temperature, lost.setpoint, lost.mode) == (nil, nil, nil))
        #expect(lost.faults == [Fault(kind: Fault.Kind(rawValue: "temp_zone_actuator_low_battery"), since: nil)])
        #expect((system.hotWater?.state, system.hotWater?.temperature) == (.on, nil))
    }

    @Test("A schedule may have two days, and what is no switchpoint is left out")
    func schedule() async throws {
        let body = #"""
            {"dailySchedules":[
              {"dayOfWeek":"Monday","switchpoints":[{"heatSetpoint":18.1,"timeOfDay":"07:00:00"},
                {"heatSetpoint":16,"timeOfDay":"25:00:00"},{"timeOfDay":"08:00:00"}]},
              {"dayOfWeek":"Saturday","switchpoints":[]},{"dayOfWeek":"Funday","switchpoints":[]}]}
            """#
        let schedule = try #require(try await Calls([.answer(200, body)]).client.schedule(of: ZoneID("4")))
        #expect(Set(schedule.days.keys) == [.monday, .saturday])
        #expect(schedule.days[.monday]?.map(\.value) == [18.1])
    }
}
