import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Adjusting what a zone is set to")
struct AdjustmentTests {
    /// Half past five in the evening at the mill: the schedule says 21 °C until half past ten.
    private let now: Instant = "2026-11-24T17:30:00Z"

    // MARK: - Reading

    private static let understood: [(payload: String, suffix: String, adjustment: SetpointAdjustment)] = [
        (#"{"adjust":-1.5}"#, "set", .init(by: -1.5)), (#"{"adjust":1}"#, "set", .init(by: 1)),
        (#"{"adjust":"+0.5","id":3}"#, "set", .init(by: 0.5)), (#"{"adjust":"-0.5"}"#, "set", .init(by: -0.5)),
        (#"{"adjust":0}"#, "set", .init(by: 0)), ("+0.5", "set/adjust", .init(by: 0.5)),
        (" -1 ", "set/adjust", .init(by: -1)), ("2", "set/adjust", .init(by: 2)),
        (#""+0.5""#, "set/adjust", .init(by: 0.5)),
        (#"{"adjust":1,"until":"next"}"#, "set", .init(by: 1, until: .nextSwitchpoint)),
        (#"{"adjust":1,"until":"forever"}"#, "set", .init(by: 1, until: .never)),
        (#"{"adjust":1,"duration":"01:30"}"#, "set", .init(by: 1, until: .after(.seconds(5400)))),
        (#"{"adjust":1,"mode":"permanent_override"}"#, "set", .init(by: 1, until: .never)),
        (#"{"adjust":1,"mode":"temporary_override"}"#, "set", .init(by: 1, until: .nextSwitchpoint)),
    ]

    @Test("It is read with the ends that a setpoint takes", arguments: understood)
    func read(payload: String, suffix: String, adjustment: SetpointAdjustment) throws {
        #expect(try parse(payload, "zone/kitchen/\(suffix)") == .zoneAdjustment(adjustment))
    }

    @Test(
        "What contradicts itself is refused, and so is what is no zone",
        arguments: [
            (#"{"adjust":1,"setpoint":21}"#, "zone/kitchen/set", "not both"),
            (#"{"adjust":"a lot"}"#, "zone/kitchen/set", #"The adjustment "a lot" is not a number such as -0.5."#),
            (#"{"adjust":null}"#, "zone/kitchen/set", "The adjustment is not a number such as -0.5."),
            (#"{"adjust":1,"mode":"follow_schedule"}"#, "zone/kitchen/set", "contradicts"),
            (#"{"adjust":1,"mode":"follow_schedule","until":null}"#, "zone/kitchen/set", "contradicts"),
            (#"{"adjust":1,"colour":"red"}"#, "zone/kitchen/set", "known keys: adjust, until, duration, mode"),
            (#"{"colour":"red"}"#, "zone/kitchen/set", "known keys: setpoint, adjust, until"),
            ("21", "zone/kitchen/set/temperature", #"only "setpoint", "adjust" and "mode" can."#),
            (#"{"adjust":1}"#, "hot_water/set", "known keys: state, until"),
            ("1", "hot_water/set/adjust", "cannot be set"),
            (#"{"adjust":1}"#, "system/set", "not known"), ("1", "system/set/adjust", #"only "mode" can."#),
        ]
    )
    func refused(payload: String, topic: String, words: String) throws {
        let rejection = try #require(throws: CommandParser.Rejection.self) { try parse(payload, topic) }
        #expect(rejection.refusal.message.contains(words), "\(rejection.refusal.message)")
    }

    private func parse(_ payload: String, _ topic: String) throws -> CommandAction {
        try CommandParser(layout: try MillHouse.layout()).parse(payload, on: "evohome/mill_house/\(topic)").action
    }

    // MARK: - What it comes to

    @Test(
        "It changes the setpoint in force, within the range, and the outcome says where it was limited",
        arguments: [
            (21, 0.5, 21.5, []), (21, -1.5, 19.5, []), (21, 0, 21, []), (21, 100, 30, [.limited(to: 30)]),
            (21, -1e300, 5, [.limited(to: 5)]), (29.5, 0.5, 30, []), (29.5, 1, 30, [.limited(to: 30)]),
            (21, 0.3, 21.5, [.rounded(from: 21.3, to: 21.5)]), (21, 0.1, 21, [.rounded(from: 21.1, to: 21)]),
            // What heating_off shows is below the range.
            (4, 0.5, 5, [.limited(to: 5)]),
        ] as [(Temperature, Double, Temperature, [PlannedCall.Note])]
    )
    func setpoint(present: Temperature, difference: Double, sent: Temperature, notes: [PlannedCall.Note]) throws {
        let status = MillHouse.kitchenStatus(setpoint: present, mode: .permanentOverride)
        let call = PlannedCall(.zone(MillHouse.kitchenID, .hold(sent, until: nil)), notes: notes)
        let decision = try decision(.zoneAdjustment(.init(by: difference)), status)
        let isThere = sent == present
        #expect(decision == (isThere ? .nothingToDo(PlannedCall(call.call, notes: notes + [.alreadySo])) : .send(call)))
        let outcome = Outcome.succeeded(call)
        #expect(outcome.code == (notes.contains(.limited(to: sent)) ? "limited" : notes.isEmpty ? nil : "rounded"))
    }

    @Test("It keeps the end of a running override, else lasts until the next switchpoint, as a setpoint does")
    func ends() throws {
        let running = MillHouse.kitchenStatus(setpoint: 19, mode: .temporaryOverride, until: "2026-11-24T19:10:00Z")
        #expect(try decision(.zoneAdjustment(.init(by: 1)), running) == hold(20, "2026-11-24T19:10:00Z"))
        let following = MillHouse.kitchenStatus(setpoint: 21, mode: .followSchedule)
        #expect(try decision(.zoneAdjustment(.init(by: 1)), following) == hold(22, "2026-11-24T22:30:00Z"))
        let hour = CommandAction.zoneAdjustment(.init(by: 1, until: .after(.seconds(3600))))
        #expect(try decision(hour, running) == hold(20, "2026-11-24T18:30:00Z"))
        #expect(throws: Refusal.self) {
            try decision(.zoneAdjustment(.init(by: 1, until: .after(.seconds(86401)))), following)
        }
    }

    @Test("A zone whose setpoint is not known cannot be adjusted")
    func unknown() throws {
        let status = MillHouse.kitchenStatus(setpoint: nil, mode: .followSchedule)
        let refusal = #expect(throws: Refusal.self) { try decision(.zoneAdjustment(.init(by: 1)), status) }
        #expect(refusal?.code == .incomplete)
        #expect(refusal?.message == "The zone's present setpoint is not known, so it cannot be adjusted.")
    }

    // MARK: - What it counts from

    private static let earlier: [(earlier: CommandAction?, setpoint: Temperature, end: RequestedEnd)] = [
        (nil, 21.5, .asRunning), (.zone(.hold(19, .never)), 19, .never),
        (.zone(.hold(nil, .after(.seconds(60)))), 21.5, .after(.seconds(60))),
        // The schedule says 21 °C.
        (.zone(.followSchedule), 21, .nextSwitchpoint), (.zoneAdjustment(.init(by: 0.5)), 22, .asRunning),
        (.zoneAdjustment(.init(by: 0.5, from: 24, until: .never)), 24.5, .never),
        (.zoneAdjustment(.init(by: 50, from: 24)), 30, .asRunning),
    ]

    @Test("It counts from the command before it, and takes its end when it takes its place", arguments: earlier)
    func counted(earlier: CommandAction?, setpoint: Temperature, end: RequestedEnd) throws {
        // The kitchen is at 21.5 °C.
        let site = try MillHouse.site()
        func counted(_ end: RequestedEnd = .asRunning, isSuperseded: Bool) -> CommandAction {
            CommandAction.zoneAdjustment(.init(by: 1, until: end))
                .counted(from: earlier, isSuperseded: isSuperseded, for: MillHouse.kitchenTarget, in: site, at: now)
        }
        #expect(counted(isSuperseded: true) == .zoneAdjustment(.init(by: 1, from: setpoint, until: end)))
        // One that is on its way is the running override when this one goes out.
        #expect(counted(isSuperseded: false) == .zoneAdjustment(.init(by: 1, from: setpoint)))
        #expect(
            counted(.nextSwitchpoint, isSuperseded: true)
                == .zoneAdjustment(.init(by: 1, from: setpoint, until: .nextSwitchpoint))
        )
    }

    @Test("Other commands count from nothing")
    func others() throws {
        let action = CommandAction.zone(.hold(20, .asRunning))
        #expect(
            action.counted(
                from: .zoneAdjustment(.init(by: 1)),
                isSuperseded: true,
                for: MillHouse.kitchenTarget,
                in: try MillHouse.site(),
                at: now
            ) == action
        )
    }

    private func decision(_ action: CommandAction, _ status: ZoneStatus) throws -> Decision {
        var site = try MillHouse.site()
        site.status?.zones[0] = status
        return try action.decision(for: MillHouse.kitchenTarget, in: site, received: now, now: now)
    }

    private func hold(_ setpoint: Temperature, _ until: Instant?) -> Decision {
        .send(PlannedCall(.zone(MillHouse.kitchenID, .hold(setpoint, until: until))))
    }
}
