import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Who changed it")
struct KnownChangesTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var before: Setting
        var after: Setting
        var mode = ("auto", "auto")
        var elapsed = Duration.seconds(180)
        var by: Change.Cause
        var flags: [UnexplainedChange.Flag] = []

        var testDescription: String { name }
    }

    /// All begin at six.
    static let rows: [Row] = [
        Row(
            name: "A switchpoint falls due",
            before: .followed(18),
            after: .followed(21),
            elapsed: .seconds(3660),
            by: .schedule
        ),
        Row(name: "A controller begins to heat early", before: .followed(18), after: .followed(21), by: .schedule),
        Row(
            name: "A switchpoint fell due while the bridge was away",
            before: .followed(21),
            after: .followed(18),
            elapsed: .seconds(3 * 86_400),
            by: .schedule
        ),
        Row(name: "No switchpoint sets this", before: .followed(18), after: .followed(19.5), by: .elsewhere),
        Row(
            name: "35 °C out of nowhere",
            before: .followed(18),
            after: .followed(35),
            by: .elsewhere,
            flags: [.thirtyFiveDegrees]
        ),
        Row(
            name: "An override of 5 °C out of nowhere",
            before: .followed(18),
            after: .held(5, until: "2026-11-24T22:00:00Z"),
            by: .elsewhere,
            flags: [.fiveDegrees]
        ),
        Row(
            name: "An override at the wall",
            before: .followed(18),
            after: .held(23, until: "2026-11-24T07:00:00Z"),
            by: .elsewhere
        ),
        Row(name: "A permanent override in the app", before: .followed(18), after: .held(23), by: .elsewhere),
        Row(
            name: "A permanent override is cancelled in the app",
            before: .held(23),
            after: .followed(18),
            by: .elsewhere
        ),
        Row(
            name: "An override runs out",
            before: .held(23, until: "2026-11-24T07:00:00Z"),
            after: .followed(21),
            elapsed: .seconds(3660),
            by: .schedule
        ),
        Row(
            name: "The gateway's clock is a minute ahead",
            before: .held(23, until: "2026-11-24T07:00:00Z"),
            after: .followed(21),
            elapsed: .seconds(3540),
            by: .schedule
        ),
        Row(
            name: "An override runs out to something that no switchpoint sets",
            before: .held(23, until: "2026-11-24T07:00:00Z"),
            after: .followed(20),
            elapsed: .seconds(3660),
            by: .schedule
        ),
        Row(
            name: "An override ends before its end",
            before: .held(23, until: "2026-11-24T07:00:00Z"),
            after: .followed(18),
            elapsed: .seconds(1800),
            by: .elsewhere,
            flags: [.endedEarly]
        ),
        Row(
            name: "An override ends early, at 5 °C",
            before: .held(23, until: "2026-11-24T07:00:00Z"),
            after: .followed(5),
            by: .elsewhere,
            flags: [.endedEarly, .fiveDegrees]
        ),
        Row(
            name: "An override is replaced by another one after its end",
            before: .held(23, until: "2026-11-24T07:00:00Z"),
            after: .held(24, until: "2026-11-24T09:00:00Z"),
            elapsed: .seconds(4000),
            by: .elsewhere
        ),
        Row(
            name: "The end alone is moved",
            before: .held(23, until: "2026-11-24T07:00:00Z"),
            after: .held(23, until: "2026-11-24T08:00:00Z"),
            by: .elsewhere
        ),
        Row(name: "Everybody leaves", before: .followed(18), after: .followed(12), mode: ("auto", "away"), by: .system),
        Row(name: "The mode is over", before: .followed(12), after: .followed(18), mode: ("away", "auto"), by: .system),
        Row(
            name: "Auto ends temporary overrides",
            before: .held(23, until: "2026-11-24T07:00:00Z"),
            after: .followed(18),
            mode: ("auto_with_eco", "auto"),
            by: .system
        ),
        Row(
            name: "An override at the wall at the same time as a mode",
            before: .followed(18),
            after: .held(23),
            mode: ("auto", "auto_with_eco"),
            by: .elsewhere
        ),
        Row(
            name: "A switchpoint in eco",
            before: .followed(15),
            after: .followed(18),
            mode: ("auto_with_eco", "auto_with_eco"),
            by: .schedule
        ),
        Row(
            name: "A switchpoint of custom",
            before: .followed(15),
            after: .followed(19),
            mode: ("custom", "custom"),
            by: .schedule
        ),
        Row(
            name: "Another temperature for away",
            before: .followed(12),
            after: .followed(18),
            mode: ("away", "away"),
            by: .elsewhere
        ),
        Row(
            name: "An override runs out while everybody is away",
            before: Setting(.setpoint(12), mode: "temporary_override", until: "2026-11-24T07:00:00Z"),
            after: .followed(12),
            mode: ("away", "away"),
            elapsed: .seconds(3660),
            by: .schedule
        ),
    ]

    @Test("One change, and what explains it", arguments: rows)
    func table(row: Row) {
        var house = ChangingHouse()
        (house.zone, house.mode.mode) = (row.before, row.mode.0)
        #expect(house.read().isEmpty)
        #expect(house.by() == nil)
        house.wait(row.elapsed)
        (house.zone, house.mode.mode) = (row.after, row.mode.1)
        let unexplained = house.read().filter { $0.target == ChangingHouse.kitchen }
        #expect(house.by() == row.by)
        #expect(house.changes[ChangingHouse.kitchen]?.at == house.now)
        let expected = UnexplainedChange(
            target: ChangingHouse.kitchen,
            before: row.before,
            after: row.after,
            flags: row.flags
        )
        #expect(unexplained == (row.by == .elsewhere ? [expected] : []))
        house.wait(.seconds(180))
        #expect(house.read().isEmpty)
        #expect(house.by() == row.by)
    }

    @Test("A restart in between changes nothing", arguments: rows)
    func restart(row: Row) throws {
        var house = ChangingHouse()
        (house.zone, house.mode.mode) = (row.before, row.mode.0)
        house.read()
        try house.restart()
        house.wait(row.elapsed)
        (house.zone, house.mode.mode) = (row.after, row.mode.1)
        #expect(house.read().contains { $0.target == ChangingHouse.kitchen } == (row.by == .elsewhere))
        #expect(house.by() == row.by)
        try house.restart()
        #expect(house.read().isEmpty)
        #expect(house.by() == row.by)
    }

    @Test("A schedule that was not read may say anything, and none says nothing")
    func unreadSchedule() {
        for (schedules, by) in [(KnownSchedules(), Change.Cause.schedule), (withoutSchedule, .elsewhere)] {
            var house = ChangingHouse()
            house.schedules = schedules
            house.read()
            house.zone = .followed(19.5)
            house.read()
            #expect(house.by() == by)
        }
    }

    private var withoutSchedule: KnownSchedules {
        var schedules = KnownSchedules()
        schedules.keep(nil as Schedule<Temperature>?, of: "4", at: "2026-11-24T06:00:00Z")
        return schedules
    }

    @Test("Hot water has the same rules")
    func hotWater() {
        var house = ChangingHouse()
        house.read()
        house.water = Setting(.state(.on), mode: "follow_schedule")
        #expect(house.read().isEmpty)
        #expect(house.by(ChangingHouse.hotWater) == .schedule)
        house.water = Setting(.state(.on), mode: "temporary_override", until: house.now + .seconds(3600))
        #expect(house.read().map(\.target) == [ChangingHouse.hotWater])
        house.wait(.seconds(3600))
        house.water = Setting(.state(.off), mode: "follow_schedule")
        #expect(house.read().isEmpty)
        #expect(house.by(ChangingHouse.hotWater) == .schedule)
        // Away turns it off, and the schedule does not.
        house.water = Setting(.state(.on), mode: "permanent_override")
        house.read()
        (house.water.value, house.mode.mode) = (.state(.off), "away")
        #expect(house.read().map(\.target) == [ChangingHouse.system])
        #expect(house.by(ChangingHouse.hotWater) == .system)
    }

    @Test("The mode of a control system is changed by the bridge, by its end, or elsewhere")
    func system() {
        var house = ChangingHouse()
        house.read()
        let away = CloudCall.system("3", mode: .away, until: house.now + .seconds(86_400))
        house.call(away, of: ChangingHouse.system)
        #expect(house.by(ChangingHouse.system) == .bridge)
        (house.mode, house.zone) = (Setting(nil, mode: "away", until: house.now + .seconds(86_400)), .followed(12))
        house.wait(.seconds(4))
        #expect(house.read().isEmpty)
        house.end(away, of: ChangingHouse.system, as: .done)
        #expect(house.by(ChangingHouse.system) == .bridge)
        #expect(house.by() == .system)
        house.wait(.seconds(86_400))
        (house.mode, house.zone) = (Setting(nil, mode: "auto"), .followed(18))
        #expect(house.read().isEmpty)
        #expect(house.by(ChangingHouse.system) == .schedule)
        #expect(house.by() == .system)
        house.mode.mode = "heating_off"
        #expect(house.read().map(\.target) == [ChangingHouse.system])
        #expect(house.by(ChangingHouse.system) == .elsewhere)
        house.wait(.seconds(180))
        house.zone = .followed(5)
        #expect(house.read().isEmpty, "Values can follow in the next status.")
        #expect(house.by() == .system)
    }

    @Test("A reset of ours ends overrides, and leaves the mode as it is")
    func reset() {
        var house = ChangingHouse()
        house.zone = .held(23)
        house.read()
        let reset = CloudCall.system("3", mode: .autoWithReset, until: nil)
        house.call(reset, of: ChangingHouse.system)
        house.zone = .followed(18)
        house.wait(.seconds(5))
        #expect(house.read().isEmpty)
        #expect(house.by() == .system)
    }

    @Test("What the vendor rounds, or does not say, is no change")
    func noChange() {
        var house = ChangingHouse()
        house.zone = .held(21.3, until: "2026-11-24T07:05:00Z")
        house.read()
        for rounded in [.held(21.5, until: "2026-11-24T07:00:00Z"), Setting(nil, mode: "temporary_override")] {
            house.zone = rounded
            #expect(house.read().isEmpty)
            #expect(house.by() == nil)
        }
    }
}
