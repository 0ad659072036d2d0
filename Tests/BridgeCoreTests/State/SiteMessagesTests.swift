import Basics
import BridgeCore
import Foundation
import HeatingModel
import Testing

@Suite("What a site says")
struct SiteMessagesTests {
    private let now: Instant

    init() throws {
        now = try moment("2026-11-24T17:30:00Z")
    }

    private func messages(_ site: Site, output: StateOutput = .both) throws -> [Publication] {
        site.messages(in: try MillHouse.layout(), output: output, at: now)
    }

    private func json(_ site: Site, _ topic: String) throws -> JSONValue {
        let message = try messages(site, output: .json).first { $0.topic == "evohome/mill_house/\(topic)" }
        return try JSONValue(parsing: try #require(message).payload.utf8)
    }

    /// Set `UPDATE_GOLDEN` to write the files anew; look at the difference before committing it.
    @Test("Every form of output is as its golden file", arguments: StateOutput.allCases)
    func golden(output: StateOutput) throws {
        let messages = try messages(try MillHouse.site(), output: output)
        let text = messages.map { "\($0.topic) \($0.payload.isEmpty ? "(removed)" : $0.payload)\n" }.joined()
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Golden/mill_house.\(output.rawValue).txt")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test(
        "A step between switchpoints that makes no sense breaks nothing",
        arguments: [1e300, -1e300, .infinity, .nan]
    )
    func senselessStep(seconds: Double) throws {
        var site = try MillHouse.site()
        site.system.zones[0].schedule?.timingResolution = seconds
        #expect(site.limits(in: try MillHouse.layout())?.limits["zones"]?["kitchen"] != nil)
    }

    @Test("Keys keep their order")
    func keys() throws {
        let site = try MillHouse.site()
        let expected = [
            "system": ["id", "name", "model", "mode", "permanent", "until", "faults", "available", "changed"],
            "zone/kitchen": [
                "id", "name", "type", "model", "temperature", "available", "setpoint", "mode", "until", "min_setpoint",
                "max_setpoint", "setpoint_step", "faults", "schedule", "changed",
            ],
            "hot_water": ["id", "temperature", "available", "state", "mode", "until", "faults", "schedule", "changed"],
        ]
        for (topic, keys) in expected {
            guard case .object(let members) = try json(site, topic) else {
                Issue.record("\(topic) is no object")
                continue
            }
            #expect(members.map(\.key) == keys)
        }
    }

    @Test("What is unknown is null, and never left out")
    func unknown() throws {
        var site = try MillHouse.site()
        (site.schedules, site.changes) = (KnownSchedules(), KnownChanges())
        site.status = ControlSystemStatus(
            id: MillHouse.systemID,
            mode: nil,
            isPermanent: nil,
            until: nil,
            faults: [],
            zones: [],
            hotWater: nil
        )
        #expect(
            try json(site, "zone/kitchen").text
                == #"{"id":"7011","name":"Kitchen","type":"radiator_zone","model":"heating_zone","temperature":null,"#
                + #""available":false,"setpoint":null,"mode":null,"until":null,"min_setpoint":5.0,"max_setpoint":30.0,"#
                + #""setpoint_step":0.5,"faults":[],"schedule":{"current":null,"next":null},"changed":null}"#
        )
        #expect(
            try json(site, "hot_water").text
                == #"{"id":"7020","temperature":null,"available":false,"state":null,"mode":null,"until":null,"#
                + #""faults":[],"schedule":{"current":null,"next":null},"changed":null}"#
        )
        #expect(
            try json(site, "system").text
                == #"{"id":"7003","name":"Mill House","model":"evo_touch","mode":null,"permanent":null,"until":null,"#
                + #""faults":[],"available":true,"changed":null}"#
        )
    }

    @Test("Attributes are those with a plain value, and null removes one")
    func attributes() throws {
        let messages = try messages(try MillHouse.site(), output: .attributes)
        let topics = messages.map(\.topic)
        #expect(
            messages.contains(
                Publication(topic: "evohome/mill_house/zone/kitchen/mode", payload: "temporary_override")
            )
        )
        #expect(messages.contains(Publication(topic: "evohome/mill_house/system/until", payload: "")))
        #expect(!topics.contains { $0.hasSuffix("/faults") || $0.hasSuffix("/schedule") })
        #expect(!topics.contains("evohome/mill_house/zone/kitchen"))
    }

    @Test("Both is JSON and attributes together")
    func both() throws {
        let site = try MillHouse.site()
        let both = try Set(messages(site, output: .both))
        #expect(both == Set(try messages(site, output: .json)).union(try messages(site, output: .attributes)))
    }

    @Test("Ghosts say nothing, also those that only their status gives away")
    func ghosts() throws {
        var site = try MillHouse.site()
        site.status?.zones[1].setpoint = 62
        let topics = try messages(site).map(\.topic)
        #expect(!topics.contains { $0.contains("attic") || $0.contains("7013") })
    }

    @Test("Before the first status nothing is published, until what an earlier run published is too old")
    func beforeFirstStatus() throws {
        var site = try MillHouse.site()
        site.status = nil
        #expect(try messages(site).isEmpty)
        site.isFresh = false
        #expect(
            try messages(site) == [Publication(topic: "evohome/mill_house/availability", payload: "offline")]
        )
    }

    @Test("A site that no topic is for says nothing")
    func elsewhere() throws {
        let layout = TopicLayout(
            base: "evohome",
            naming: .name,
            installation: Installation(accountID: "", locations: [])
        )
        #expect(try MillHouse.site().messages(in: layout, output: .both, at: now).isEmpty)
    }

    @Test("A site is online while its answers are fresh and its gateway is in contact")
    func availability() throws {
        func payload(_ site: Site) throws -> String? { try messages(site).first?.payload }
        #expect(try payload(try MillHouse.site()) == "online")
        #expect(try payload(try MillHouse.site(isFresh: false)) == "offline")
        var lost = try MillHouse.site()
        lost.status?.faults.append(Fault(kind: .gatewayCommunicationLost, since: nil))
        #expect(try payload(lost) == "offline")
        #expect(try json(lost, "system")["available"] == .bool(false))
        // Its values stand all the same.
        #expect(try json(lost, "zone/kitchen")["temperature"] == .number(19.47))
    }

    // MARK: - Schedules

    private func site(in mode: SystemMode) throws -> Site {
        var site = try MillHouse.site(mode: mode)
        site.schedules = try KnownSchedules(.known(MillHouse.scheduleWithSaturday()), of: MillHouse.kitchenID)
        site.schedules.keep(try MillHouse.hotWaterSchedule(), of: MillHouse.hotWaterID, at: now)
        return site
    }

    @Test(
        "The schedule that is shown is the one that the system follows",
        arguments: [
            (
                SystemMode.auto, #"{"setpoint":21.0,"since":"2026-11-24T07:00:00Z"}"#,
                #"{"setpoint":16.0,"at":"2026-11-24T22:30:00Z"}"#
            ),
            (
                .dayOff, #"{"setpoint":20.0,"since":"2026-11-24T09:00:00Z"}"#,
                #"{"setpoint":15.0,"at":"2026-11-24T23:30:00Z"}"#
            ), (.away, "null", "null"), (.custom, "null", "null"), (.heatingOff, "null", "null"),
        ]
    )
    func followedSchedule(mode: SystemMode, current: String, next: String) throws {
        let site = try site(in: mode)
        #expect(try json(site, "zone/kitchen")["schedule"]?.text == #"{"current":\#(current),"next":\#(next)}"#)
        let hotWater = try json(site, "hot_water")["schedule"]
        #expect((hotWater?["current"] == .null) == (current == "null"))
        #expect((hotWater?["next"] == .null) == (current == "null"))
    }

    @Test("A mode that was commanded is followed before the cloud shows it")
    func expectedMode() throws {
        var site = try site(in: .auto)
        site.expectations[.system(MillHouse.systemID)] = .system(MillHouse.systemID, mode: .away, until: nil)
        #expect(try json(site, "zone/kitchen")["schedule"]?.text == #"{"current":null,"next":null}"#)
        #expect(site.nextSwitchpoint(after: now) == nil)
    }

    @Test("What is shown changes next with the first switchpoint that is followed")
    func nextSwitchpoint() throws {
        let late = try moment("2026-11-24T21:30:00Z")
        #expect(try site(in: .auto).nextSwitchpoint(after: now) == moment("2026-11-24T18:00:00Z"))
        #expect(try site(in: .auto).nextSwitchpoint(after: late) == moment("2026-11-24T22:30:00Z"))
        #expect(try site(in: .dayOff).nextSwitchpoint(after: late) == moment("2026-11-24T23:30:00Z"))
        for mode in [SystemMode.away, .custom, .heatingOff] {
            #expect(try site(in: mode).nextSwitchpoint(after: now) == nil)
        }
    }

    @Test("A zone that should follow its schedule shows Saturday's on a day off, and keeps its setpoint in custom")
    func expectedScheduleInModes() throws {
        for (mode, setpoint) in [(SystemMode.dayOff, 20 as Temperature), (.custom, 21.5)] {
            var site = try site(in: mode)
            site.expectations[MillHouse.kitchenTarget] = .zone(MillHouse.kitchenID, .followSchedule)
            #expect(site.shown(at: now)?.zones.first?.setpoint == setpoint)
        }
    }

    // MARK: - Document

    @Test("The document of a site holds what the topics show")
    func document() throws {
        let site = try MillHouse.site()
        let document = site.document(at: now)
        let topics = Dictionary(
            uniqueKeysWithValues: site.messages(in: try MillHouse.layout(), output: .json, at: now).map {
                ($0.topic, $0.payload)
            }
        )
        #expect(document["system"]?.text == topics["evohome/mill_house/system"])
        #expect(document["hot_water"]?.text == topics["evohome/mill_house/hot_water"])
        let zones = try #require(document["zones"])
        let expected = ["kitchen", "günther_s_room___attic"].map { topics["evohome/mill_house/zone/\($0)"] ?? "-" }
        #expect(zones.text == "[\(expected.joined(separator: ","))]")
        #expect(document["available"] == true)
        #expect(document["location"] == ["id": "7001", "name": "Mill House"])
    }

    @Test("Before the first answer the document makes nothing up")
    func documentBeforeFirstStatus() throws {
        var site = try MillHouse.site()
        site.status = nil
        let document = site.document(at: now)
        #expect(document["system"] == .null)
        #expect(document["hot_water"] == .null)
        #expect(document["zones"] == [])
        #expect(document["available"] == false)
    }

    // MARK: - Expectations

    private func shown(_ expected: ZoneOverride, mode: SystemMode = .auto) throws -> ZoneStatus {
        var site = try MillHouse.site(mode: mode)
        site.expectations[MillHouse.kitchenTarget] = .zone(MillHouse.kitchenID, expected)
        return try #require(site.shown(at: now)?.zones.first)
    }

    @Test("The effect of a call shows before the cloud reports it")
    func expectation() throws {
        let until = try moment("2026-11-24T22:00:00Z")
        let overridden = try shown(.hold(23, until: until))
        #expect((overridden.setpoint, overridden.mode, overridden.until) == (23, .temporaryOverride, until))
        let permanent = try shown(.hold(23, until: nil))
        #expect((permanent.setpoint, permanent.mode, permanent.until) == (23, .permanentOverride, nil))
        #expect(overridden.temperature == 19.47)
    }

    @Test("A zone that should follow its schedule shows the scheduled setpoint")
    func expectedSchedule() throws {
        let status = try shown(.followSchedule)
        #expect((status.setpoint, status.mode, status.until) == (21, .followSchedule, nil))
        var unread = try MillHouse.site()
        unread.schedules = KnownSchedules()
        unread.expectations[MillHouse.kitchenTarget] = .zone(MillHouse.kitchenID, .followSchedule)
        #expect(unread.shown(at: now)?.zones.first?.setpoint == 21.5)
    }

    @Test("A masked zone goes on showing the mask's setpoint")
    func maskedExpectation() throws {
        let status = try shown(.hold(23, until: nil), mode: .away)
        #expect((status.setpoint, status.mode) == (21.5, .permanentOverride))
    }

    @Test("Nothing is expected of a zone that the cloud does not report")
    func expectationOfNothing() throws {
        var site = try MillHouse.site()
        site.status?.zones = []
        site.expectations[MillHouse.kitchenTarget] = .zone(MillHouse.kitchenID, .hold(23, until: nil))
        #expect(site.shown(at: now)?.zones.first == nil)
    }
}
