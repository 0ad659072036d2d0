import Basics
import BridgeCore
import Foundation
import HeatingModel
import TestBasics
import Testing

/// State files outlive the version that wrote them, so no key of them may be renamed with a property.
@Suite("The shape of what a state file holds")
struct StateFileShapeTests {
    private func check<Value: Codable & Equatable>(_ value: Value, is text: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(String(decoding: try encoder.encode(value), as: UTF8.self) == text)
        #expect(try JSONDecoder().decode(Value.self, from: Data(text.utf8)) == value)
    }

    @Test("The installation")
    func installation() throws {
        var installation = try MillHouse.installation()
        installation.locations[0].systems[0].gatewayAddress = "00D02DEE0001"
        installation.locations[0].systems[0].allowedModes = [MillHouse.modes[3]]
        installation.locations[0].systems[0].zones = [MillHouse.kitchen]
        try check(
            installation,
            is: #"{"accountID":"7000","locations":[{"id":"7001","name":"Mill House","systems":[{"#
                + #""allowedModes":[{"canBePermanent":true,"canBeTemporary":true,"maximumDuration":86400,"#
                + #""mode":"auto_with_eco","timing":"duration"}],"gatewayAddress":"00D02DEE0001","gatewayID":"7002","#
                + #""hotWater":{"allowedModes":["permanent_override","follow_schedule","temporary_override"],"#
                + #""allowedStates":["on","off"],"id":"7020","maximumDuration":86400,"timingResolution":600},"#
                + #""id":"7003","model":"evo_touch","zones":[{"id":"7011","model":"heating_zone","name":"Kitchen","#
                + #""schedule":{"maximumSwitchpointsPerDay":6,"minimumSwitchpointsPerDay":1,"setpointStep":0.5,"#
                + #""timingResolution":600},"setpoint":{"allowedModes":["permanent_override","follow_schedule","#
                + #""temporary_override"],"maximum":30,"maximumDuration":86400,"minimum":5,"step":0.5,"#
                + #""timingResolution":600},"type":"radiator_zone"}]}],"timeZone":"Europe/London"}]}"#
        )
    }

    @Test("Schedules that were read, and that are known to be absent")
    func schedules() throws {
        var schedules = KnownSchedules()
        let read = try moment("2026-11-24T03:00:00Z")
        let week = Schedule<Temperature>(days: [.monday: [.init(time: "07:00", value: 21.5)], .tuesday: []])
        schedules.keep(week, of: "7011", at: read)
        schedules.keep(nil as Schedule<Temperature>?, of: "7012", at: read)
        schedules.keep(
            Schedule(days: [.sunday: [.init(time: "06:30", value: .on)]]),
            of: MillHouse.hotWaterID,
            at: read
        )
        try check(
            schedules,
            is: #"{"hotWater":{"7020":{"read":"2026-11-24T03:00:00Z","week":{"sunday":["06:30 on"]}}},"#
                + #""zones":{"7011":{"read":"2026-11-24T03:00:00Z","week":{"monday":["07:00 21.5"],"tuesday":[]}},"#
                + #""7012":{"read":"2026-11-24T03:00:00Z"}}}"#
        )
    }

    @Test("Schedules as earlier versions wrote them are read, too")
    func earlierSchedules() throws {
        let text =
            #"{"hotWater":{"7020":{"read":"2026-11-24T03:00:00Z","#
            + #""week":{"sunday":[{"time":"06:30","value":"on"}]}}},"#
            + #""zones":{"7011":{"read":"2026-11-24T03:00:00Z","#
            + #""week":{"monday":[{"time":"07:00","value":21.5}]}},"7012":{"read":"2026-11-24T03:00:00Z"}}}"#
        let read = try JSONDecoder().decode(KnownSchedules.self, from: Data(text.utf8))
        #expect(read[MillHouse.hotWaterID] == .known(Schedule(days: [.sunday: [.init(time: "06:30", value: .on)]])))
        #expect(read["7011" as ZoneID] == .known(Schedule(days: [.monday: [.init(time: "07:00", value: 21.5)]])))
        #expect(read["7012" as ZoneID] == .absent)
    }

    @Test(
        "A day or a switchpoint that nobody can read is an error",
        arguments: [
            #"{"someday":["07:00 21.5"]}"#, #"{"monday":["07:00"]}"#, #"{"monday":["25:00 21.5"]}"#,
            #"{"monday":["07:00 warm"]}"#, #"{"monday":["07:00 nan"]}"#, #"{"monday":["07:00  21.5"]}"#,
            #"{"monday":[7]}"#, #"{"monday":"07:00 21.5"}"#, #"[]"#,
        ]
    )
    func damagedSchedules(week: String) {
        let text = #"{"hotWater":{},"zones":{"7011":{"read":"2026-11-24T03:00:00Z","week":\#(week)}}}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(KnownSchedules.self, from: Data(text.utf8)) }
    }

    @Test("High-precision temperatures")
    func temperatures() throws {
        let known: [SensorID: HighPrecisionTemperature] = ["7011": .init(value: 19.47, beside: 19.5)]
        try check(known, is: #"{"7011":{"beside":19.5,"value":19.47}}"#)
    }

    @Test("Who changed what, and a call whose effect is expected")
    func changes() throws {
        let noticed = try moment("2026-11-24T17:30:00Z")
        var status = try MillHouse.status(kitchen: MillHouse.kitchenStatus(setpoint: 20, mode: .followSchedule))
        (status.zones, status.hotWater, status.mode) = ([status.zones[0]], nil, nil)
        var small = KnownChanges()
        _ = small.apply(status, schedules: KnownSchedules(), at: noticed, uptime: .start)
        status.zones[0].setpoint = 21
        _ = small.apply(status, schedules: KnownSchedules(), at: noticed, uptime: .start)
        small.willMake(
            .zone(MillHouse.kitchenID, .hold(22.5, until: noticed)),
            of: MillHouse.kitchenTarget,
            at: noticed,
            uptime: .distantPast
        )
        let text = try JSONEncoder().encode(small)
        let read = try JSONDecoder().decode(KnownChanges.self, from: text)
        #expect(read[MillHouse.kitchenTarget] == Change(by: .schedule, at: noticed))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(read), as: UTF8.self)
                == #"{"hotWater":{},"systems":{},"zones":{"7011":{"calls":[{"asked":{"mode":"temporary_override","#
                + #""until":"2026-11-24T17:30:00Z","value":22.5},"by":"bridge","hasEnded":false,"isAccepted":false,"#
                + #""made":"2026-11-24T17:30:00Z"}],"change":{"at":"2026-11-24T17:30:00Z","by":"schedule"},"#
                + #""setting":{"mode":"follow_schedule","value":21},"since":"2026-11-24T17:30:00Z"}}}"#
        )
    }

    @Test("Topics that were published")
    func inventory() throws {
        var installation = try MillHouse.installation()
        installation.locations[0].systems[0].zones = [MillHouse.kitchen]
        let inventory = TopicInventory(
            installation,
            in: TopicLayout(base: "e", naming: .id, installation: installation),
            features: TopicInventory.Features(output: .both, schedules: true),
            discovery: nil
        )
        try check(
            inventory,
            is: #"{"features":{"attributes":true,"json":true,"schedules":true},"hotWater":["e/7001/hot_water"],"#
                + #""systems":["e/7001/system"],"topics":["e/bridge/state","e/bridge/cloud","e/bridge/info","#
                + #""e/bridge/stats","e/7001/availability"],"zones":["e/7001/zone/7011"]}"#
        )
    }
}
