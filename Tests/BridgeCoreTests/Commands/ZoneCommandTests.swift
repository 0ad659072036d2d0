import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Commands for a zone")
struct ZoneCommandTests {
    /// Half past five in the evening, at the house and in UTC.
    private let now: Instant
    private let known: KnownSchedule<Temperature>

    init() throws {
        now = try moment("2026-11-24T17:30:00Z")
        known = .known(try MillHouse.schedule())
    }

    private static let following = MillHouse.kitchenStatus(setpoint: 21, mode: .followSchedule)

    private func decision(
        _ command: ZoneCommand,
        status: ZoneStatus = following,
        schedule: KnownSchedule<Temperature>? = nil,
        mode: SystemMode = .auto,
        receivedBefore: Duration = .zero,
        at moment: Instant? = nil,
        _ change: (inout SetpointCapabilities) -> Void = { _ in }
    ) throws -> Decision {
        var site = try MillHouse.site(mode: mode, kitchen: change)
        site.status?.zones[0] = status
        site.schedules = try KnownSchedules(schedule ?? known, of: MillHouse.kitchenID)
        return try CommandAction.zone(command).decision(
            for: MillHouse.kitchenTarget,
            in: site,
            received: (moment ?? now) - receivedBefore,
            now: moment ?? now
        )
    }

    private func refusal(_ decision: @autoclosure () throws -> Decision) -> Refusal.Code? {
        do {
            _ = try decision()
            return nil
        } catch {
            return (error as? Refusal)?.code
        }
    }

    private func hold(_ setpoint: Temperature, _ until: String?, _ notes: PlannedCall.Note...) throws -> Decision {
        .send(PlannedCall(.zone(MillHouse.kitchenID, .hold(setpoint, until: try until.map(moment))), notes: notes))
    }

    // MARK: - Ends

    @Test("A setpoint alone lasts until the next switchpoint")
    func untilNext() throws {
        #expect(try decision(.hold(22, .asRunning)) == hold(22, "2026-11-24T22:30:00Z"))
        #expect(try decision(.hold(22, .nextSwitchpoint)) == hold(22, "2026-11-24T22:30:00Z"))
    }

    @Test("A running override keeps its end, and a permanent one its permanence")
    func asRunning() throws {
        let temporary = MillHouse.kitchenStatus(
            setpoint: 19,
            mode: .temporaryOverride,
            until: try moment("2026-11-24T19:10:00Z")
        )
        #expect(try decision(.hold(22, .asRunning), status: temporary) == hold(22, "2026-11-24T19:10:00Z"))
        #expect(
            try decision(.hold(22, .asRunning), status: temporary, schedule: .unread)
                == hold(22, "2026-11-24T19:10:00Z")
        )
        let permanent = MillHouse.kitchenStatus(setpoint: 19, mode: .permanentOverride)
        #expect(try decision(.hold(22, .asRunning), status: permanent, schedule: .unread) == hold(22, nil))
    }

    @Test("An override whose end has passed, or is not known, is no longer running")
    func ended() throws {
        for until in [try moment("2026-11-24T17:30:00Z"), nil] {
            let status = MillHouse.kitchenStatus(setpoint: 19, mode: .temporaryOverride, until: until)
            #expect(try decision(.hold(22, .asRunning), status: status) == hold(22, "2026-11-24T22:30:00Z"))
        }
    }

    private static let endTable: [(end: RequestedEnd, until: String, isRounded: Bool)] = [
        (.after(.seconds(5400)), "2026-11-24T19:00:00Z", false),
        (.after(.seconds(5401)), "2026-11-24T19:10:00Z", true),
        (.after(.seconds(5400 + 300)), "2026-11-24T19:10:00Z", true),
        (.after(.seconds(1)), "2026-11-24T17:40:00Z", true),
        (.after(.seconds(86400)), "2026-11-25T17:30:00Z", false),
        (.at("2026-11-24T18:00:01Z"), "2026-11-24T18:10:00Z", true),
        (.atLocal("2026-11-24T18:00:00"), "2026-11-24T18:00:00Z", false),
        (.atLocalTime("18:00"), "2026-11-24T18:00:00Z", false),
        (.atLocalTime("17:30"), "2026-11-25T17:30:00Z", false),
        (.atLocalTime("06:01"), "2026-11-25T06:10:00Z", true),
        (.atLocalTime(.midnight), "2026-11-25T00:00:00Z", false),
    ]

    @Test(
        "An override is never shorter than asked: its end is at the zone's next step, which the outcome says",
        arguments: endTable
    )
    func end(end: RequestedEnd, until: String, isRounded: Bool) throws {
        let notes: [PlannedCall.Note] = isRounded ? [.endRounded(to: try moment(until))] : []
        let call = CloudCall.zone(MillHouse.kitchenID, .hold(22, until: try moment(until)))
        #expect(try decision(.hold(22, end)) == .send(PlannedCall(call, notes: notes)))
        #expect(Outcome.succeeded(PlannedCall(call, notes: notes)).code == (isRounded ? "rounded" : nil))
    }

    @Test("Five minutes asked for at 09:49:25 end at 10:00")
    func neverShorter() throws {
        let asked = try moment("2026-11-24T09:49:25Z")
        let end = try moment("2026-11-24T10:00:00Z")
        #expect(
            try decision(.hold(21.5, .after(.seconds(300))), at: asked)
                == hold(21.5, "2026-11-24T10:00:00Z", .endRounded(to: end))
        )
    }

    @Test("The end of the override that is running is possible whatever the step")
    func runningEnd() throws {
        let end = try moment("2026-11-24T19:07:13Z")
        let running = MillHouse.kitchenStatus(setpoint: 19, mode: .temporaryOverride, until: end)
        #expect(try decision(.hold(22, .at(end)), status: running) == hold(22, "2026-11-24T19:07:13Z"))
    }

    @Test("An end on a summer evening is in the house's time")
    func summer() throws {
        let summer = try moment("2026-07-01T15:00:00Z")
        let command = ZoneCommand.hold(22, .atLocalTime(TimeOfDay(hour: 18, minute: 0) ?? .midnight))
        #expect(try decision(command, at: summer) == hold(22, "2026-07-01T17:00:00Z"))
    }

    @Test("A duration counts from when it was asked for")
    func waited() throws {
        let command = ZoneCommand.hold(22, .after(.seconds(3600)))
        #expect(try decision(command, receivedBefore: .seconds(600)) == hold(22, "2026-11-24T18:20:00Z"))
        #expect(
            try refusal(decision(.hold(22, .after(.seconds(300))), receivedBefore: .seconds(300))) == .inThePast
        )
    }

    @Test(
        "An end in the past is refused",
        arguments: ["2026-11-24T17:30:00Z", "2026-11-24T17:29:59Z", "0001-01-01T00:00:00Z"]
    )
    func past(end: String) throws {
        let end = try moment(end)
        #expect(refusal(try decision(.hold(22, .at(end)))) == .inThePast)
    }

    @Test("An end farther away than the zone takes is refused, up to the step that rounding adds")
    func tooFar() throws {
        #expect(refusal(try decision(.hold(22, .at(now + .seconds(86401))))) == .outOfRange)
        #expect(refusal(try decision(.hold(22, .at(.latest)))) == .outOfRange)
        let oddly = try moment("2026-11-24T17:36:00Z")
        #expect(
            try decision(.hold(22, .after(.seconds(86400))), at: oddly)
                == hold(22, "2026-11-25T17:40:00Z", .endRounded(to: try moment("2026-11-25T17:40:00Z")))
        )
    }

    @Test("A zone with a grid of its own has ends on it, and one without has ten minutes")
    func grid() throws {
        let command = ZoneCommand.hold(22, .after(.seconds(420)))
        for (resolution, until) in [(900.0, "2026-11-24T17:45:00Z"), (nil, "2026-11-24T17:40:00Z")] {
            let expected = try hold(22, until, .endRounded(to: moment(until)))
            #expect(try decision(command) { $0.timingResolution = resolution } == expected)
        }
        #expect(try decision(command) { $0.timingResolution = 0 } == hold(22, "2026-11-24T17:37:00Z"))
        #expect(try decision(command) { $0.timingResolution = .nan } == hold(22, "2026-11-24T17:37:00Z"))
    }

    // MARK: - Schedules

    @Test("The schedule is asked for where the next switchpoint is needed, and only there")
    func needsSchedule() throws {
        #expect(try decision(.hold(22, .asRunning), schedule: .unread) == .needsSchedule)
        #expect(try decision(.hold(nil, .nextSwitchpoint), schedule: .unread) == .needsSchedule)
        for end in [RequestedEnd.never, .after(.seconds(3600)), .at(now + .seconds(600))] {
            #expect(try decision(.hold(22, end), schedule: .unread) != .needsSchedule)
        }
        #expect(
            try decision(
                .followSchedule,
                status: MillHouse.kitchenStatus(setpoint: 21, mode: .permanentOverride),
                schedule: .unread
            ) != .needsSchedule
        )
    }

    @Test("A zone without a switchpoint gets a permanent override, which the outcome says")
    func noSchedule() throws {
        for schedule in [KnownSchedule<Temperature>.absent, .known(Schedule(days: [:]))] {
            #expect(try decision(.hold(22, .asRunning), schedule: schedule) == hold(22, nil, .noSchedule))
        }
        #expect(
            refusal(
                try decision(.hold(22, .asRunning), schedule: KnownSchedule.absent) {
                    $0.allowedModes = [.followSchedule, .temporaryOverride]
                }
            ) == .notAllowed
        )
        #expect(
            refusal(
                try decision(.hold(22, .asRunning)) {
                    $0.allowedModes = [.followSchedule, .permanentOverride]
                }
            ) == .notAllowed
        )
    }

    @Test("On a day off the next switchpoint is Saturday's")
    func dayOff() throws {
        let known = KnownSchedule.known(try MillHouse.scheduleWithSaturday())
        for end in [RequestedEnd.nextSwitchpoint, .asRunning] {
            #expect(try decision(.hold(22, end), schedule: known, mode: .auto) == hold(22, "2026-11-24T22:30:00Z"))
            #expect(try decision(.hold(22, end), schedule: known, mode: .dayOff) == hold(22, "2026-11-24T23:30:00Z"))
        }
        #expect(try decision(.hold(22, .nextSwitchpoint), schedule: .unread, mode: .dayOff) == .needsSchedule)
    }

    @Test(
        "In a mode that follows no schedule an override is permanent, which the outcome says, and no schedule is read"
    )
    func modeWithoutSwitchpoints() throws {
        for schedule in [known, .unread] {
            for end in [RequestedEnd.nextSwitchpoint, .asRunning] {
                #expect(
                    try decision(.hold(22, end), schedule: schedule, mode: .custom) == hold(22, nil, .noSchedule)
                )
                #expect(
                    try decision(.hold(22, end), schedule: schedule, mode: .away)
                        == hold(22, nil, .noSchedule, .masked(by: .away))
                )
            }
        }
        let running = MillHouse.kitchenStatus(
            setpoint: 19,
            mode: .temporaryOverride,
            until: try moment("2026-11-24T19:10:00Z")
        )
        #expect(
            try decision(.hold(22, .asRunning), status: running, mode: .custom) == hold(22, "2026-11-24T19:10:00Z")
        )
    }

    // MARK: - Setpoints

    private static let steps: [(asked: Temperature, step: Double?, sent: Temperature)] = [
        (21.5, 0.5, 21.5), (21.3, 0.5, 21.5), (21.2, 0.5, 21), (21.25, 0.5, 21.5), (21.3, 0.1, 21.3),
        (21.34, 0.1, 21.3),
        (18.1, 0.1, 18.1), (21.37, nil, 21.37), (21.37, 0, 21.37), (21.4, 1, 21), (29.9, 0.5, 30), (5.1, 0.5, 5),
    ]

    @Test("A setpoint is rounded to the zone's step, which the outcome says", arguments: steps)
    func rounding(asked: Temperature, step: Double?, sent: Temperature) throws {
        let decision = try decision(.hold(asked, .never)) { $0.step = step }
        let notes: [PlannedCall.Note] = asked == sent ? [] : [.rounded(from: asked, to: sent)]
        #expect(decision == .send(PlannedCall(.zone(MillHouse.kitchenID, .hold(sent, until: nil)), notes: notes)))
    }

    @Test("Rounding does not leave the range")
    func roundingAtTheEdge() throws {
        #expect(try decision(.hold(24.8, .never)) { $0.maximum = 24.8 } == hold(24.8, nil))
        #expect(try decision(.hold(5.2, .never)) { $0.minimum = 5.2 } == hold(5.2, nil))
    }

    @Test("Every multiple of a step is sent as people write it", arguments: 50...300)
    func tenths(tenths: Int) throws {
        let setpoint = Temperature(celsius: Double(tenths) / 10)
        #expect(try decision(.hold(setpoint, .never)) { $0.step = 0.1 } == hold(setpoint, nil))
    }

    @Test("A mode alone keeps the present setpoint")
    func presentSetpoint() throws {
        #expect(try decision(.hold(nil, .never)) == hold(21, nil))
        #expect(try decision(.hold(nil, .nextSwitchpoint)) == hold(21, "2026-11-24T22:30:00Z"))
        let unknown = MillHouse.kitchenStatus(setpoint: nil, mode: .followSchedule)
        #expect(refusal(try decision(.hold(nil, .never), status: unknown)) == .incomplete)
        let masked = MillHouse.kitchenStatus(setpoint: 4, mode: .followSchedule)
        #expect(refusal(try decision(.hold(nil, .never), status: masked, mode: .heatingOff)) == .outOfRange)
    }

    // MARK: - Nothing to do, and masks

    @Test("What is set already needs no call")
    func alreadySo() throws {
        #expect(
            try decision(.followSchedule)
                == .nothingToDo(PlannedCall(.zone(MillHouse.kitchenID, .followSchedule), notes: [.alreadySo]))
        )
        let end = try moment("2026-11-24T19:00:00Z")
        let temporary = MillHouse.kitchenStatus(setpoint: 22, mode: .temporaryOverride, until: end)
        #expect(
            try decision(.hold(22.1, .after(.seconds(5400))), status: temporary)
                == .nothingToDo(
                    PlannedCall(
                        .zone(MillHouse.kitchenID, .hold(22, until: end)),
                        notes: [.rounded(from: 22.1, to: 22), .alreadySo]
                    )
                )
        )
        #expect(try decision(.hold(22, .never), status: temporary) == hold(22, nil))
        #expect(try decision(.hold(22.5, .asRunning), status: temporary) == hold(22.5, "2026-11-24T19:00:00Z"))
        #expect(
            try decision(.hold(22, .after(.seconds(6000))), status: temporary) == hold(22, "2026-11-24T19:10:00Z")
        )
    }

    @Test(
        "A mode that overrides zones is noted, and the call is sent all the same",
        arguments: [SystemMode.away, .heatingOff]
    )
    func masked(mode: SystemMode) throws {
        let status = MillHouse.kitchenStatus(setpoint: 12, mode: .permanentOverride)
        let decision = try decision(.hold(12, .never), status: status, mode: mode)
        #expect(decision == hold12(maskedBy: mode))
        guard case .send(let call) = decision else { return }
        #expect(call.isMasked)
        let fifteen = MillHouse.kitchenStatus(setpoint: 15, mode: .permanentOverride)
        #expect(call.isShown(by: try MillHouse.status(kitchen: fifteen)))
        let following = MillHouse.kitchenStatus(setpoint: 12, mode: .followSchedule)
        #expect(!call.isShown(by: try MillHouse.status(kitchen: following)))
    }

    private func hold12(maskedBy mode: SystemMode) -> Decision {
        .send(PlannedCall(.zone(MillHouse.kitchenID, .hold(12, until: nil)), notes: [.masked(by: mode)]))
    }

    @Test("A masked zone that follows its schedule already needs no call")
    func maskedSchedule() throws {
        let expected = PlannedCall(
            .zone(MillHouse.kitchenID, .followSchedule),
            notes: [.masked(by: .away), .alreadySo]
        )
        #expect(try decision(.followSchedule, mode: .away) == .nothingToDo(expected))
    }

    @Test(
        "Modes that only shift the schedule mask nothing",
        arguments: [SystemMode.autoWithEco, .dayOff, .custom, .auto]
    )
    func unmasked(mode: SystemMode) throws {
        #expect(try decision(.hold(22, .never), mode: mode) == hold(22, nil))
    }
}
