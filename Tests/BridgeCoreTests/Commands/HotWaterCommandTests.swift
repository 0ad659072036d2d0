import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("Commands for hot water")
struct HotWaterCommandTests {
    private let now: Instant
    private static let topic = "evohome/mill_house/hot_water"

    init() throws {
        now = try moment("2026-11-24T17:30:00Z")
    }

    private func parse(_ payload: String, at suffix: String) throws -> Command {
        let parser = CommandParser(layout: try MillHouse.layout())
        return try parser.parse(payload, on: "\(Self.topic)/\(suffix)")
    }

    private func code(_ payload: String, at suffix: String) -> Refusal.Code? {
        do {
            _ = try parse(payload, at: suffix)
            return nil
        } catch {
            return (error as? CommandParser.Rejection)?.refusal.code
        }
    }

    private static let words: [(suffix: String, payload: String, command: HotWaterCommand)] = [
        ("set/state", "on", .hold(.on, .asRunning)), ("set/state", " OFF ", .hold(.off, .asRunning)),
        ("set/state", "Auto", .followSchedule), ("set/mode", "FollowSchedule", .followSchedule),
        ("set/mode", "permanent_override", .hold(nil, .never)),
        ("set", #"{"state":"on","duration":"1h"}"#, .hold(.on, .after(.seconds(3600)))),
        ("set", #"{"state":"On","until":"next"}"#, .hold(.on, .nextSwitchpoint)),
        ("set", #"{"state":"off","until":"forever","id":1}"#, .hold(.off, .never)),
        ("set", #"{"state":"auto"}"#, .followSchedule), ("set", #"{"mode":"follow_schedule"}"#, .followSchedule),
        ("set", #"{"state":"on","mode":"permanent_override"}"#, .hold(.on, .never)),
    ]

    @Test("Words and objects are understood", arguments: words)
    func understood(suffix: String, payload: String, command: HotWaterCommand) throws {
        let parsed = try parse(payload, at: suffix)
        #expect(parsed.action == .hotWater(command))
        #expect(parsed.target == .hotWater(MillHouse.hotWaterID, in: MillHouse.systemID))
    }

    @Test(
        "What makes no sense is refused",
        arguments: [
            ("set/state", "warm", .malformed), ("set/state", "1", .malformed), ("set/setpoint", "50", .unknownKey),
            ("set", #"{"state":true}"#, .malformed), ("set", #"{"setpoint":50}"#, .unknownKey),
            ("set", #"{"state":"auto","duration":"1h"}"#, .incomplete), ("set", "{}", .incomplete),
            ("set", #"{"duration":"1h"}"#, .incomplete),
        ] as [(String, String, Refusal.Code)]
    )
    func refused(suffix: String, payload: String, code: Refusal.Code) {
        #expect(self.code(payload, at: suffix) == code)
    }

    private func decision(_ command: HotWaterCommand, mode: SystemMode = .auto, scheduled: Bool = true) throws
        -> Decision
    {
        var site = try MillHouse.site(mode: mode)
        site.status?.hotWater?.mode = .followSchedule
        site.status?.hotWater?.until = nil
        if scheduled { site.schedules.keep(try MillHouse.hotWaterSchedule(), of: MillHouse.hotWaterID, at: now) }
        return try CommandAction.hotWater(command).decision(
            for: .hotWater(MillHouse.hotWaterID, in: MillHouse.systemID),
            in: site,
            received: now,
            now: now
        )
    }

    private func hold(_ state: HotWaterState, _ until: String?, _ notes: PlannedCall.Note...) throws -> Decision {
        let override = HotWaterOverride.hold(state, until: try until.map(moment))
        return .send(PlannedCall(.hotWater(MillHouse.hotWaterID, override), notes: notes))
    }

    @Test("A state alone lasts until the next switchpoint of its own schedule")
    func untilNext() throws {
        #expect(try decision(.hold(.on, .asRunning)) == hold(.on, "2026-11-24T18:00:00Z"))
        #expect(try decision(.hold(.on, .asRunning), scheduled: false) == .needsSchedule)
    }

    @Test("A boost is on for as long as was asked")
    func boost() throws {
        #expect(try decision(.hold(.on, .after(.seconds(3600)))) == hold(.on, "2026-11-24T18:30:00Z"))
    }

    @Test("Away keeps it off whatever the command, which the outcome says")
    func masked() throws {
        #expect(try decision(.hold(.on, .never), mode: .away) == hold(.on, nil, .masked(by: .away)))
        #expect(try decision(.hold(.on, .never), mode: .heatingOff) == hold(.on, nil))
    }

    @Test("What follows its schedule already needs no call")
    func alreadySo() throws {
        let call = PlannedCall(.hotWater(MillHouse.hotWaterID, .followSchedule), notes: [.alreadySo])
        #expect(try decision(.followSchedule) == .nothingToDo(call))
    }
}
