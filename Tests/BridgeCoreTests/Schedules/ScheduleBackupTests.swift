import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("A backup of schedules")
struct ScheduleBackupTests {
    /// One Monday of the kitchen and of the hot water, as each program writes it.
    private static let forms: [(program: String, text: String)] = [
        (
            "ours",
            #"""
            {"version":1,"schedules":[
             {"zone_id":"7011","name":"Kitchen","schedule":{"monday":[{"time":"07:00","setpoint":21}]}},
             {"hot_water_id":"7020","name":"Tank","schedule":{"monday":[{"time":"06:30","state":"on"}]}}]}
            """#
        ),
        (
            "evohome-async",
            #"""
            [{"zone_id":"7011","name":"Kitchen","daily_schedules":[{"day_of_week":"Monday","switchpoints":[
             {"heat_setpoint":21.0,"time_of_day":"07:00:00"}]}]},
             {"dhw_id":"7020","name":"Tank","daily_schedules":[{"day_of_week":"Monday","switchpoints":[
             {"dhw_state":"On","time_of_day":"06:30:00"}]}]},
             {"zone_id":"7012","name":"Attic","daily_schedules":[]}]
            """#
        ),
        (
            "evohome-async, which calls hot water a zone",
            #"""
            [{"zone_id":7011,"name":"Kitchen","daily_schedules":[{"dayOfWeek":"Monday","switchpoints":[
             {"heatSetpoint":21.0,"timeOfDay":"07:00:00"}]}]},
             {"zone_id":"7020","name":"Tank","daily_schedules":[{"dayOfWeek":"Monday","switchpoints":[
             {"dhwState":"On","timeOfDay":"06:30:00"}]}]}]
            """#
        ),
        (
            "evohomeclient2",
            #"""
            {"7011":{"name":"Kitchen","schedule":{"DailySchedules":[{"DayOfWeek":0,"Switchpoints":[
             {"TargetTemperature":21,"TimeOfDay":"07:00:00"}]}]}},
             "7020":{"name":"Tank","schedule":{"DailySchedules":[{"DayOfWeek":0,"Switchpoints":[
             {"DhwState":"On","TimeOfDay":"06:30:00"}]}]}},
             "7012":{"name":"Attic","schedule":{"DailySchedules":[]}}}
            """#
        ),
        (
            "evohomeclient2, in between",
            #"""
            {"7011":{"name":"Kitchen","schedule":{"DailySchedules":[{"DayOfWeek":0,"Switchpoints":[
             {"heatSetpoint":21.0,"TimeOfDay":"07:00:00"}]}]}},
             "7020":{"name":"Tank","schedule":{"DailySchedules":[{"DayOfWeek":0,"Switchpoints":[
             {"dhwState":"On","TimeOfDay":"06:30:00"}]}]}}}
            """#
        ),
        (
            "evohomeclient2, as the cloud has it",
            #"""
            {"7011":{"name":"Kitchen","schedule":{"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[
             {"heatSetpoint":21.0,"timeOfDay":"07:00:00"}]}]}},
             "7020":{"name":"Tank","schedule":{"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[
             {"dhwState":"On","timeOfDay":"06:30:00"}]}]}}}
            """#
        ),
    ]

    @Test("The files of every program are read alike", arguments: forms)
    func reading(program: String, text: String) throws {
        let backup = try ScheduleBackup(parsing: text.utf8)
        let kitchen = Schedule<Temperature>(days: [.monday: [Switchpoint(time: "07:00", value: 21)]])
        let on = Switchpoint(time: "06:30", value: HotWaterState.on)
        #expect(
            backup.entries == [
                .init(id: "7011", name: "Kitchen", location: nil, schedule: .zone(kitchen)),
                .init(id: "7020", name: "Tank", location: nil, schedule: .hotWater(Schedule(days: [.monday: [on]]))),
            ]
        )
    }

    @Test("What is written is read back, and holds what was read of the installation")
    func roundTrip() throws {
        var schedules = KnownSchedules()
        let read = try moment("2026-11-24T03:00:00Z")
        schedules.keep(try MillHouse.schedule(), of: MillHouse.kitchenID, at: read)
        schedules.keep(nil, of: MillHouse.atticID, at: read)
        schedules.keep(try MillHouse.hotWaterSchedule(), of: MillHouse.hotWaterID, at: read)
        let backup = ScheduleBackup(schedules, of: try MillHouse.installation().zonesAndHotWater)
        #expect(backup.entries.map(\.name) == ["Kitchen", "Hot water"])
        #expect(try ScheduleBackup(parsing: backup.json.text.utf8) == backup)
    }

    private static func client(_ days: String) -> String {
        #"{"7":{"name":"Hall","schedule":{"dailySchedules":\#(days)}}}"#
    }
    private static func ours(_ schedule: String) -> String {
        #"{"version":1,"schedules":[{"zone_id":"7","name":"Hall","schedule":\#(schedule)}]}"#
    }

    private static let bad: [(text: String, words: String)] = [
        ("", "not valid JSON"), ("{\"version\":", "not valid JSON"), ("7", "not of the form"), ("{}", "no schedules"),
        ("[]", "no schedules"),
        (#"{"version":2,"schedules":[]}"#, "not of the form"), (#"{"version":1,"schedules":{}}"#, "not of the form"),
        (#"{"version":1,"schedules":[{"name":"Hall"}]}"#, "Entry 1"),
        (#"{"version":1,"schedules":[{"zone_id":"7","hot_water_id":"8","schedule":{}}]}"#, "Entry 1"),
        (#"{"version":1,"schedules":[{"zone_id":"7","name":"Hall"}]}"#, #""Hall" (7): It has no schedule"#),
        (ours(#"{"moonday":[]}"#), #""Hall" (7): The key "moonday""#),
        (ours(#"{"monday":[{"time":"7","setpoint":21}]}"#), #""Hall" (7): Monday, switchpoint 1"#),
        ("[7]", "Entry 1"), (#"[{"zone_id":"7","name":"Hall"}]"#, #""Hall" (7): It has no list"#),
        (#"{"7":3}"#, #""" (7): It has no list"#), (client("7"), "It has no list"), (client("[7]"), "no switchpoint"),
        (client(#"[{"dayOfWeek":"Monday","switchpoints":[]}]"#), "no switchpoint"),
        (client(#"[{"dayOfWeek":7,"switchpoints":[{"heatSetpoint":21,"timeOfDay":"07:00:00"}]}]"#), "Day 1"),
        (
            client(
                #"[{"dayOfWeek":"Monday","switchpoints":[{"heatSetpoint":21,"timeOfDay":"07:00:00"}]},"#
                    + #"{"dayOfWeek":0,"switchpoints":[]}]"#
            ), "Monday is given twice"
        ),
        (
            client(#"[{"dayOfWeek":"Friday","switchpoints":[{"heatSetpoint":21,"timeOfDay":"07:00:00"},{"x":1}]}]"#),
            #""Hall" (7): Friday, switchpoint 2"#
        ),
        (
            client(#"[{"dayOfWeek":"Friday","switchpoints":[{"heatSetpoint":"warm","timeOfDay":"07:00:00"}]}]"#),
            #""Hall" (7): Friday, switchpoint 1"#
        ),
        (
            client(
                #"[{"dayOfWeek":"Friday","switchpoints":[{"heatSetpoint":21,"timeOfDay":"07:00:00"},"#
                    + #"{"dhwState":"On","timeOfDay":"08:00:00"}]}]"#
            ), #""Hall" (7): Friday, switchpoint 1: It has no state"#
        ),
    ]

    @Test("What cannot be read is named by entry, day and switchpoint", arguments: bad)
    func refused(text: String, words: String) {
        let problems = #expect(throws: BackupProblems.self) { try ScheduleBackup(parsing: text.utf8) }
        #expect(problems?.description.contains(words) == true, "\(problems?.description ?? "-")")
    }

    @Test("Every bad entry is reported at once")
    func several() {
        let text = #"[{"name":"Hall"},{"zone_id":"7","name":"Attic"}]"#
        let problems = #expect(throws: BackupProblems.self) { try ScheduleBackup(parsing: text.utf8) }
        #expect(problems?.sentences.count == 2)
    }

    // MARK: - Placements

    /// The mill house, and a cottage that has a kitchen too.
    private func installation() throws -> Installation {
        var installation = try MillHouse.installation()
        var cottage = try MillHouse.location()
        cottage.id = "8001"
        cottage.name = "Cottage"
        cottage.systems[0].id = "8003"
        cottage.systems[0].zones = [MillHouse.zone("8011", name: "Kitchen")]
        cottage.systems[0].hotWater?.id = "8020"
        installation.locations.append(cottage)
        return installation
    }

    private func entry(_ id: String, _ name: String, in location: String? = nil) throws -> ScheduleBackup.Entry {
        .init(id: id, name: name, location: location, schedule: .zone(try MillHouse.schedule()))
    }

    private func hotWater(_ id: String, in location: String? = nil) throws -> ScheduleBackup.Entry {
        .init(id: id, name: "Tank", location: location, schedule: .hotWater(try MillHouse.hotWaterSchedule()))
    }

    private func places(_ entries: ScheduleBackup.Entry..., in installation: Installation) throws -> [String] {
        try ScheduleBackup(entries: entries).placements(in: installation).map(\.named.id)
    }

    @Test("A schedule is placed by its id, whatever the name is now")
    func byID() throws {
        let entries = (try entry("7011", "Old kitchen"), try hotWater("8020"))
        #expect(try places(entries.0, entries.1, in: try installation()) == ["7011", "8020"])
    }

    @Test("By its name if the id is gone, in its location if that is given")
    func byName() throws {
        let attic = try entry("1", MillHouse.attic.name)
        #expect(try places(attic, in: try installation()) == ["7012"])
        #expect(try places(try entry("1", "Kitchen", in: "Cottage"), in: try installation()) == ["8011"])
        #expect(try places(try hotWater("1", in: "Cottage"), in: try installation()) == ["8020"])
        #expect(try places(try hotWater("1"), in: try MillHouse.installation()) == ["7020"])
    }

    @Test("An unclear, missing or repeated target is refused")
    func refused() throws {
        let installation = try installation()
        let cases: [([ScheduleBackup.Entry], String)] = [
            ([try entry("1", "Kitchen")], #""Kitchen" (1): more than one has"#),
            ([try hotWater("1")], #""Tank" (1): more than one has"#),
            ([try entry("1", "Cellar")], "known names: Kitchen, Günther's room / attic and Kitchen."),
            // A zone's schedule is not the hot water's, though the id is.
            ([try entry("7020", "Tank")], "nothing has this id"),
            ([try entry("7013", "")], "nothing has this id"),
            ([try entry("7011", "Kitchen"), try entry("1", "Kitchen", in: "Mill House")], "more than one schedule"),
        ]
        for (entries, words) in cases {
            let problems = #expect(throws: BackupProblems.self) {
                try ScheduleBackup(entries: entries).placements(in: installation)
            }
            #expect(problems?.description.contains(words) == true, "\(problems?.description ?? "-")")
        }
    }
}
