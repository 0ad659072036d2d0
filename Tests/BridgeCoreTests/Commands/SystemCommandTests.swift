import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("Commands for a control system")
struct SystemCommandTests {
    /// Half past five in the evening at the house.
    private let now: Instant

    init() throws {
        now = try moment("2026-11-24T17:30:00Z")
    }

    private func decision(
        _ payload: String,
        at suffix: String = "set",
        moment: Instant? = nil,
        present: SystemMode = .auto
    ) throws -> Decision {
        var site = try MillHouse.site(mode: present)
        site.system.allowedModes = MillHouse.modes
        let moment = moment ?? now
        let parser = CommandParser(layout: try MillHouse.layout())
        return try parser.parse(payload, on: "evohome/mill_house/system/\(suffix)").action.decision(
            for: .system(MillHouse.systemID),
            in: site,
            received: moment,
            now: moment
        )
    }

    private func code(_ payload: String, at suffix: String = "set") -> Refusal.Code? {
        do {
            _ = try decision(payload, at: suffix)
            return nil
        } catch {
            return (error as? CommandParser.Rejection)?.refusal.code ?? (error as? Refusal)?.code
        }
    }

    private func sent(_ mode: SystemMode, _ until: String?, _ notes: PlannedCall.Note...) throws -> Decision {
        let call = CloudCall.system(MillHouse.systemID, mode: mode, until: try until.map(BridgeCoreTests.moment))
        return .send(PlannedCall(call, notes: notes))
    }

    @Test(
        "A mode alone is for good, in any way of writing it",
        arguments: [
            ("away", SystemMode.away), ("AutoWithEco", .autoWithEco), ("DAY OFF", .dayOff), ("custom", .custom),
        ]
    )
    func permanent(text: String, mode: SystemMode) throws {
        #expect(try decision(text, at: "set/mode") == sent(mode, nil))
        #expect(try decision(#"{"mode":"\#(text)","until":"forever"}"#) == sent(mode, nil))
    }

    @Test(
        "A mode with a period ends at a local midnight, today being day 1",
        arguments: [
            ("1d", "2026-11-25T00:00:00Z"), ("3d", "2026-11-27T00:00:00Z"), ("P3D", "2026-11-27T00:00:00Z"),
            ("99d", "2027-03-03T00:00:00Z"),
        ]
    )
    func period(duration: String, until: String) throws {
        #expect(try decision(#"{"mode":"away","duration":"\#(duration)"}"#) == sent(.away, until))
    }

    @Test(
        "Hours of such a mode are never fewer than asked, and the outcome says that its end was moved",
        arguments: [
            ("6h", "2026-11-25T00:00:00Z"), ("7h", "2026-11-26T00:00:00Z"), ("25h", "2026-11-26T00:00:00Z"),
            ("31h", "2026-11-27T00:00:00Z"),
        ]
    )
    func hoursOfAPeriod(duration: String, until: String) throws {
        let rounded = try moment(until)
        #expect(
            try decision(#"{"mode":"away","duration":"\#(duration)"}"#)
                == sent(.away, until, .endRounded(to: rounded))
        )
    }

    @Test("Midnights are the location's on both sides of a change of the clocks")
    func clocks() throws {
        let march = try moment("2026-03-27T12:00:00Z")
        #expect(try decision(#"{"mode":"away","duration":"3d"}"#, moment: march) == sent(.away, "2026-03-29T23:00:00Z"))
        let october = try moment("2026-10-23T12:00:00Z")
        #expect(
            try decision(#"{"mode":"day_off","duration":"3d"}"#, moment: october)
                == sent(.dayOff, "2026-10-26T00:00:00Z")
        )
    }

    @Test("An instant is moved to the next midnight, which the outcome says")
    func instant() throws {
        let midnight = try moment("2026-11-27T00:00:00Z")
        #expect(
            try decision(#"{"mode":"away","until":"2026-11-26T08:00:00Z"}"#)
                == sent(.away, "2026-11-27T00:00:00Z", .endRounded(to: midnight))
        )
        #expect(try decision(#"{"mode":"away","until":"2026-11-27T00:00:00Z"}"#) == sent(.away, "2026-11-27T00:00:00Z"))
    }

    @Test("The economy mode takes whole hours")
    func hours() throws {
        #expect(
            try decision(#"{"mode":"auto_with_eco","duration":"3h"}"#) == sent(.autoWithEco, "2026-11-24T20:30:00Z")
        )
        let rounded = try moment("2026-11-24T19:30:00Z")
        for end in [#""duration":"90m""#, #""until":"19:10""#, #""until":"2026-11-24T18:45:00Z""#] {
            #expect(
                try decision(#"{"mode":"auto_with_eco",\#(end)}"#)
                    == sent(.autoWithEco, "2026-11-24T19:30:00Z", .endRounded(to: rounded))
            )
        }
    }

    @Test(
        "The gateway counts no seconds: a mode ends at the next minute, but not later than it may",
        arguments: [("3h", "2026-11-24T20:31:00Z"), ("23h", "2026-11-25T16:31:00Z"), ("24h", "2026-11-25T17:30:00Z")]
    )
    func seconds(duration: String, until: String) throws {
        let (moment, end) = (try moment("2026-11-24T17:30:42.5Z"), try moment(until))
        #expect(
            try decision(#"{"mode":"auto_with_eco","duration":"\#(duration)"}"#, moment: moment)
                == sent(.autoWithEco, until, .endRounded(to: end))
        )
    }

    @Test(
        "What the system does not take is refused",
        arguments: [
            (#"{"mode":"heating_off","duration":"3d"}"#, .notAllowed), (#"{"mode":"cool"}"#, .notAllowed),
            (#"{"mode":"party"}"#, .notAllowed), (#"{"mode":"away","duration":"100d"}"#, .outOfRange),
            (#"{"mode":"auto_with_eco","duration":"25h"}"#, .outOfRange), (#"{"duration":"3d"}"#, .incomplete),
            (#"{"mode":"away","until":"2026-11-23T00:00:00Z"}"#, .inThePast), (#"{"mode":""}"#, .malformed),
            (#"{"mode":"away","until":"next"}"#, .malformed), (#"{"mode":5}"#, .incomplete),
            (#"{"mode":"away","days":3}"#, .unknownKey),
            (#"{"mode":"away","duration":"1h","until":"18:00"}"#, .incomplete),
        ] as [(String, Refusal.Code)]
    )
    func refused(payload: String, code: Refusal.Code) {
        #expect(self.code(payload) == code)
    }

    @Test("A mode that is active already needs no call, but a reset always does")
    func alreadySo() throws {
        let call = PlannedCall(.system(MillHouse.systemID, mode: .auto, until: nil), notes: [.alreadySo])
        #expect(try decision("auto", at: "set/mode") == .nothingToDo(call))
        #expect(try decision("auto_with_reset", at: "set/mode") == sent(.autoWithReset, nil))
    }

    @Test("A reset leaves the automatic mode behind, which shows that it was done")
    func reset() throws {
        let call = PlannedCall(.system(MillHouse.systemID, mode: .autoWithReset, until: nil))
        #expect(call.isShown(by: try #require(MillHouse.site(mode: .auto).status)))
        #expect(!call.isShown(by: try #require(MillHouse.site(mode: .away).status)))
    }

    @Test("The mode of a call shows before the cloud reports it")
    func expected() throws {
        var site = try MillHouse.site()
        let until = try moment("2026-11-27T00:00:00Z")
        site.expectations[.system(MillHouse.systemID)] = .system(MillHouse.systemID, mode: .away, until: until)
        let shown = try #require(site.shown(at: now))
        #expect((shown.mode, shown.until, shown.isPermanent) == (.away, until, false))
    }
}
