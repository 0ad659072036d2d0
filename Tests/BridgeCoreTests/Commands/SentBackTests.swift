import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

/// Scenes and flows keep what a state or an outcome said, and send it back.
@Suite("States and outcomes that are sent back")
struct SentBackTests {
    private let now: Instant = "2026-11-24T17:30:42Z"

    private static let zoneStates: [(mode: SetpointMode, setpoint: Temperature, until: Instant?)] = [
        (.followSchedule, 21, nil), (.permanentOverride, 19.5, nil), (.temporaryOverride, 22, "2026-11-24T19:00:00Z"),
        // Set by a program that keeps to no step.
        (.temporaryOverride, 22, "2026-11-24T19:07:13Z"),
    ]

    @Test(
        "A zone's own members are what it does already, and bring it back when it does something else",
        arguments: zoneStates
    )
    func zone(mode: SetpointMode, setpoint: Temperature, until: Instant?) throws {
        var site = try MillHouse.site()
        site.status?.zones[0] = MillHouse.kitchenStatus(setpoint: setpoint, mode: mode, until: until)
        let payload = try members("setpoint", "mode", "until", of: "evohome/mill_house/zone/kitchen", in: site)
        let override: ZoneOverride = mode == .followSchedule ? .followSchedule : .hold(setpoint, until: until)
        let call = CloudCall.zone(MillHouse.kitchenID, override)
        #expect(try decision(payload, on: "zone/kitchen", in: site) == alreadySo(call))
        site.status?.zones[0] = MillHouse.kitchenStatus(
            setpoint: 5,
            mode: mode == .permanentOverride ? .followSchedule : .permanentOverride
        )
        guard case .send(let sent) = try decision(payload, on: "zone/kitchen", in: site) else {
            Issue.record("Nothing is sent.")
            return
        }
        #expect(sent.call == call || sent.notes == [.endRounded(to: "2026-11-24T19:10:00Z")])
        #expect(try decision(applied(sent), on: "zone/kitchen", in: site) == .send(PlannedCall(sent.call)))
    }

    private static let hotWaterStates: [(mode: SetpointMode, state: HotWaterState, until: Instant?)] = [
        (.followSchedule, .off, nil), (.permanentOverride, .on, nil),
        (.temporaryOverride, .off, "2026-11-24T19:00:00Z"),
    ]

    @Test("So are those of hot water", arguments: hotWaterStates)
    func hotWater(mode: SetpointMode, state: HotWaterState, until: Instant?) throws {
        var site = try MillHouse.site()
        site.status?.hotWater?.mode = mode
        site.status?.hotWater?.state = state
        site.status?.hotWater?.until = until
        let payload = try members("state", "mode", "until", of: "evohome/mill_house/hot_water", in: site)
        let override: HotWaterOverride = mode == .followSchedule ? .followSchedule : .hold(state, until: until)
        let call = CloudCall.hotWater(MillHouse.hotWaterID, override)
        #expect(try decision(payload, on: "hot_water", in: site) == alreadySo(call))
        #expect(try decision(applied(PlannedCall(call)), on: "hot_water", in: site) == alreadySo(call))
    }

    private static let systemStates: [(mode: SystemMode, until: Instant?)] = [
        (.auto, nil), (.away, nil), (.away, "2026-11-27T00:00:00Z"), (.custom, "2026-11-25T00:00:00Z"),
        (.autoWithEco, "2026-11-24T19:07:00Z"), (.heatingOff, nil),
    ]

    @Test("And those of a system", arguments: systemStates)
    func system(mode: SystemMode, until: Instant?) throws {
        var site = try MillHouse.site(mode: mode)
        site.system.allowedModes = MillHouse.modes
        site.status?.until = until
        site.status?.isPermanent = until == nil
        let payload = try members("mode", "permanent", "until", of: "evohome/mill_house/system", in: site)
        let call = CloudCall.system(MillHouse.systemID, mode: mode, until: until)
        #expect(try decision(payload, on: "system", in: site) == alreadySo(call))
        #expect(try decision(applied(PlannedCall(call)), on: "system", in: site) == alreadySo(call))
    }

    private func alreadySo(_ call: CloudCall) -> Decision {
        .nothingToDo(PlannedCall(call, notes: [.alreadySo]))
    }

    /// What an outcome says was done.
    private func applied(_ call: PlannedCall) throws -> String {
        let json = Outcome.succeeded(call).json(for: Command.Sender(subject: "a"), at: now)
        return try #require(json["applied"]).text
    }

    private func decision(_ payload: String, on target: String, in site: Site) throws -> Decision {
        let command = try CommandParser(layout: try MillHouse.layout())
            .parse(payload, on: "evohome/mill_house/\(target)/set")
        return try command.action.decision(for: command.target, in: site, received: now, now: now)
    }

    /// An object of some members of a state, as it is published.
    private func members(_ keys: String..., of topic: String, in site: Site) throws -> String {
        let message = try #require(
            site.messages(in: try MillHouse.layout(), output: .json, at: now).first { $0.topic == topic }
        )
        let state = try JSONValue(parsing: message.payload)
        return JSONValue.object(try keys.map { .init($0, try #require(state[$0])) }).text
    }
}
