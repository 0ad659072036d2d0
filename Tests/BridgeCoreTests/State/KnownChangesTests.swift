import Basics
import BridgeCore
import Foundation
import HeatingModel
import TestBasics
import Testing

/// A kitchen, hot water and a control system, whose settings statuses report one after another.
private struct House {
    static let kitchen = Target.zone("4", in: "3")
    static let hotWater = Target.hotWater("6", in: "3")
    static let system = Target.system("3")

    var changes = KnownChanges()
    /// 18 °C at night, 21 °C by day; hot water the same with off and on.
    var schedules = KnownSchedules()
    /// What the clock of this machine is ahead.
    var clockError = Duration.zero
    private(set) var elapsed = Duration.zero

    var zone = Setting(.setpoint(18), mode: "follow_schedule")
    var water = Setting(.state(.off), mode: "follow_schedule")
    var mode = Setting(nil, mode: "auto")

    init() {
        let start = Self.start
        let days = Weekday.allCases
        let zone = Schedule<Temperature>(
            days: Dictionary(
                uniqueKeysWithValues: days.map {
                    ($0, [.init(time: "07:00", value: 21), .init(time: "22:00", value: 18)])
                }
            )
        )
        let water = Schedule<HotWaterState>(
            days: Dictionary(
                uniqueKeysWithValues: days.map {
                    ($0, [.init(time: "07:00", value: .on), .init(time: "22:00", value: .off)])
                }
            )
        )
        schedules.keep(zone, of: "4", at: start)
        schedules.keep(water, of: "6" as HotWaterID, at: start)
    }

    private static let start: Instant = "2026-11-24T06:00:00Z"

    /// The true time.
    var now: Instant { Self.start + elapsed }
    var uptime: Uptime { Uptime(sinceStart: .seconds(60)) + elapsed }
    private var wall: Instant { now + clockError }

    mutating func wait(_ duration: Duration) { elapsed += duration }

    /// Reads a status.
    @discardableResult
    mutating func read() -> [UnexplainedChange] {
        changes.apply(status, schedules: schedules, at: wall, uptime: uptime)
    }

    private var status: ControlSystemStatus {
        var setpoint: Temperature?
        if case .setpoint(let temperature)? = zone.value { setpoint = temperature }
        var state: HotWaterState?
        if case .state(let word)? = water.value { state = word }
        return ControlSystemStatus(
            id: "3",
            mode: SystemMode(rawValue: mode.mode),
            isPermanent: mode.until == nil,
            until: mode.until,
            faults: [],
            zones: [
                ZoneStatus(
                    id: "4",
                    name: nil,
                    temperature: 19,
                    setpoint: setpoint,
                    mode: SetpointMode(rawValue: zone.mode),
                    until: zone.until,
                    faults: []
                )
            ],
            hotWater: HotWaterStatus(
                id: "6",
                temperature: 50,
                state: state,
                mode: SetpointMode(rawValue: water.mode),
                until: water.until,
                faults: []
            )
        )
    }

    func by(_ target: Target = kitchen) -> Change.Cause? { changes[target]?.by }

    /// The bridge calls the cloud, which accepts it.
    mutating func call(_ call: CloudCall, of target: Target = kitchen) {
        changes.willMake(call, of: target, at: wall, uptime: uptime)
        changes.accepted(call, of: target)
    }

    mutating func end(_ call: CloudCall, of target: Target = kitchen, as outcome: Outcome) {
        changes.ended(call, of: target, as: outcome)
    }

    /// The bridge stops and starts again.
    mutating func restart() throws {
        let file = try JSONEncoder().encode(changes)
        changes = try JSONDecoder().decode(KnownChanges.self, from: file).restored(at: wall, uptime: uptime)
    }
}

private func held(_ setpoint: Temperature, until: Instant? = nil) -> Setting {
    Setting(.setpoint(setpoint), mode: until == nil ? "permanent_override" : "temporary_override", until: until)
}

private func followed(_ setpoint: Temperature) -> Setting { Setting(.setpoint(setpoint), mode: "follow_schedule") }

private func hold(_ setpoint: Temperature, until: Instant? = nil) -> CloudCall {
    .zone("4", .hold(setpoint, until: until))
}

private let done = Outcome(.succeeded)
private let taskFailed = Outcome(.failed, code: "task_failed", message: "The gateway did not carry it out.")

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
            before: followed(18),
            after: followed(21),
            elapsed: .seconds(3660),
            by: .schedule
        ),
        Row(name: "A controller begins to heat early", before: followed(18), after: followed(21), by: .schedule),
        Row(
            name: "A switchpoint fell due while the bridge was away",
            before: followed(21),
            after: followed(18),
            elapsed: .seconds(3 * 86_400),
            by: .schedule
        ),
        Row(name: "No switchpoint sets this", before: followed(18), after: followed(19.5), by: .elsewhere),
        Row(
            name: "35 °C out of nowhere",
            before: followed(18),
            after: followed(35),
            by: .elsewhere,
            flags: [.thirtyFiveDegrees]
        ),
        Row(
            name: "An override of 5 °C out of nowhere",
            before: followed(18),
            after: held(5, until: "2026-11-24T22:00:00Z"),
            by: .elsewhere,
            flags: [.fiveDegrees]
        ),
        Row(
            name: "An override at the wall",
            before: followed(18),
            after: held(23, until: "2026-11-24T07:00:00Z"),
            by: .elsewhere
        ),
        Row(name: "A permanent override in the app", before: followed(18), after: held(23), by: .elsewhere),
        Row(
            name: "A permanent override is cancelled in the app",
            before: held(23),
            after: followed(18),
            by: .elsewhere
        ),
        Row(
            name: "An override runs out",
            before: held(23, until: "2026-11-24T07:00:00Z"),
            after: followed(21),
            elapsed: .seconds(3660),
            by: .schedule
        ),
        Row(
            name: "The gateway's clock is a minute ahead",
            before: held(23, until: "2026-11-24T07:00:00Z"),
            after: followed(21),
            elapsed: .seconds(3540),
            by: .schedule
        ),
        Row(
            name: "An override runs out to something that no switchpoint sets",
            before: held(23, until: "2026-11-24T07:00:00Z"),
            after: followed(20),
            elapsed: .seconds(3660),
            by: .schedule
        ),
        Row(
            name: "An override ends before its end",
            before: held(23, until: "2026-11-24T07:00:00Z"),
            after: followed(18),
            elapsed: .seconds(1800),
            by: .elsewhere,
            flags: [.endedEarly]
        ),
        Row(
            name: "An override ends early, at 5 °C",
            before: held(23, until: "2026-11-24T07:00:00Z"),
            after: followed(5),
            by: .elsewhere,
            flags: [.endedEarly, .fiveDegrees]
        ),
        Row(
            name: "An override is replaced by another one after its end",
            before: held(23, until: "2026-11-24T07:00:00Z"),
            after: held(24, until: "2026-11-24T09:00:00Z"),
            elapsed: .seconds(4000),
            by: .elsewhere
        ),
        Row(
            name: "The end alone is moved",
            before: held(23, until: "2026-11-24T07:00:00Z"),
            after: held(23, until: "2026-11-24T08:00:00Z"),
            by: .elsewhere
        ),
        Row(name: "Everybody leaves", before: followed(18), after: followed(12), mode: ("auto", "away"), by: .system),
        Row(name: "The mode is over", before: followed(12), after: followed(18), mode: ("away", "auto"), by: .system),
        Row(
            name: "Auto ends temporary overrides",
            before: held(23, until: "2026-11-24T07:00:00Z"),
            after: followed(18),
            mode: ("auto_with_eco", "auto"),
            by: .system
        ),
        Row(
            name: "An override at the wall at the same time as a mode",
            before: followed(18),
            after: held(23),
            mode: ("auto", "auto_with_eco"),
            by: .elsewhere
        ),
        Row(
            name: "A switchpoint in eco",
            before: followed(15),
            after: followed(18),
            mode: ("auto_with_eco", "auto_with_eco"),
            by: .schedule
        ),
        Row(
            name: "A switchpoint of custom",
            before: followed(15),
            after: followed(19),
            mode: ("custom", "custom"),
            by: .schedule
        ),
        Row(
            name: "Another temperature for away",
            before: followed(12),
            after: followed(18),
            mode: ("away", "away"),
            by: .elsewhere
        ),
        Row(
            name: "An override runs out while everybody is away",
            before: Setting(.setpoint(12), mode: "temporary_override", until: "2026-11-24T07:00:00Z"),
            after: followed(12),
            mode: ("away", "away"),
            elapsed: .seconds(3660),
            by: .schedule
        ),
    ]

    @Test("One change, and what explains it", arguments: rows)
    func table(row: Row) {
        var house = House()
        (house.zone, house.mode.mode) = (row.before, row.mode.0)
        #expect(house.read().isEmpty)
        #expect(house.by() == nil)
        house.wait(row.elapsed)
        (house.zone, house.mode.mode) = (row.after, row.mode.1)
        let unexplained = house.read().filter { $0.target == House.kitchen }
        #expect(house.by() == row.by)
        #expect(house.changes[House.kitchen]?.at == house.now)
        let expected = UnexplainedChange(target: House.kitchen, before: row.before, after: row.after, flags: row.flags)
        #expect(unexplained == (row.by == .elsewhere ? [expected] : []))
        house.wait(.seconds(180))
        #expect(house.read().isEmpty)
        #expect(house.by() == row.by)
    }

    @Test("A restart in between changes nothing", arguments: rows)
    func restart(row: Row) throws {
        var house = House()
        (house.zone, house.mode.mode) = (row.before, row.mode.0)
        house.read()
        try house.restart()
        house.wait(row.elapsed)
        (house.zone, house.mode.mode) = (row.after, row.mode.1)
        #expect(house.read().contains { $0.target == House.kitchen } == (row.by == .elsewhere))
        #expect(house.by() == row.by)
        try house.restart()
        #expect(house.read().isEmpty)
        #expect(house.by() == row.by)
    }

    @Test("A schedule that was not read may say anything, and none says nothing")
    func unreadSchedule() {
        for (schedules, by) in [(KnownSchedules(), Change.Cause.schedule), (withoutSchedule, .elsewhere)] {
            var house = House()
            house.schedules = schedules
            house.read()
            house.zone = followed(19.5)
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
        var house = House()
        house.read()
        house.water = Setting(.state(.on), mode: "follow_schedule")
        #expect(house.read().isEmpty)
        #expect(house.by(House.hotWater) == .schedule)
        house.water = Setting(.state(.on), mode: "temporary_override", until: house.now + .seconds(3600))
        #expect(house.read().map(\.target) == [House.hotWater])
        house.wait(.seconds(3600))
        house.water = Setting(.state(.off), mode: "follow_schedule")
        #expect(house.read().isEmpty)
        #expect(house.by(House.hotWater) == .schedule)
        // Away turns it off, and the schedule does not.
        house.water = Setting(.state(.on), mode: "permanent_override")
        house.read()
        (house.water.value, house.mode.mode) = (.state(.off), "away")
        #expect(house.read().map(\.target) == [House.system])
        #expect(house.by(House.hotWater) == .system)
    }

    @Test("The mode of a control system is changed by the bridge, by its end, or elsewhere")
    func system() {
        var house = House()
        house.read()
        let away = CloudCall.system("3", mode: .away, until: house.now + .seconds(86_400))
        house.call(away, of: House.system)
        #expect(house.by(House.system) == .bridge)
        (house.mode, house.zone) = (Setting(nil, mode: "away", until: house.now + .seconds(86_400)), followed(12))
        house.wait(.seconds(4))
        #expect(house.read().isEmpty)
        house.end(away, of: House.system, as: done)
        #expect(house.by(House.system) == .bridge)
        #expect(house.by() == .system)
        house.wait(.seconds(86_400))
        (house.mode, house.zone) = (Setting(nil, mode: "auto"), followed(18))
        #expect(house.read().isEmpty)
        #expect(house.by(House.system) == .schedule)
        #expect(house.by() == .system)
        house.mode.mode = "heating_off"
        #expect(house.read().map(\.target) == [House.system])
        #expect(house.by(House.system) == .elsewhere)
        house.wait(.seconds(180))
        house.zone = followed(5)
        #expect(house.read().isEmpty, "Values can follow in the next status.")
        #expect(house.by() == .system)
    }

    @Test("A reset of ours ends overrides, and leaves the mode as it is")
    func reset() {
        var house = House()
        house.zone = held(23)
        house.read()
        let reset = CloudCall.system("3", mode: .autoWithReset, until: nil)
        house.call(reset, of: House.system)
        house.zone = followed(18)
        house.wait(.seconds(5))
        #expect(house.read().isEmpty)
        #expect(house.by() == .system)
    }

    @Test("What the vendor rounds, or does not say, is no change")
    func noChange() {
        var house = House()
        house.zone = held(21.3, until: "2026-11-24T07:05:00Z")
        house.read()
        for rounded in [held(21.5, until: "2026-11-24T07:00:00Z"), Setting(nil, mode: "temporary_override")] {
            house.zone = rounded
            #expect(house.read().isEmpty)
            #expect(house.by() == nil)
        }
    }
}

@Suite("Who changed it: the bridge")
struct OwnChangesTests {
    private let call = hold(23)

    private func house() -> House {
        var house = House()
        house.read()
        house.wait(.seconds(60))
        return house
    }

    @Test("A call counts as soon as the cloud has accepted it, and its moment stays")
    func accepted() {
        var house = house()
        let asked = house.now
        house.changes.willMake(call, of: House.kitchen, at: asked, uptime: house.uptime)
        #expect(house.by() == nil)
        house.changes.accepted(call, of: House.kitchen)
        #expect(house.changes[House.kitchen] == Change(by: .bridge, at: asked))
        // A status that is older than its effect.
        house.wait(.seconds(2))
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
        house.wait(.seconds(2))
        house.zone = held(23)
        #expect(house.read().isEmpty)
        house.end(call, as: done)
        #expect(house.changes[House.kitchen] == Change(by: .bridge, at: asked))
    }

    @Test("Its effect may show before its answer")
    func early() {
        var house = house()
        house.changes.willMake(call, of: House.kitchen, at: house.now, uptime: house.uptime)
        house.zone = held(23)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A refused call explains nothing, one without an answer does")
    func refused() {
        var house = house()
        house.changes.willMake(call, of: House.kitchen, at: house.now, uptime: house.uptime)
        house.changes.refused(call, of: House.kitchen)
        house.zone = held(23)
        #expect(house.read().count == 1)
        #expect(house.by() == .elsewhere)
    }

    @Test(
        "A task that fails leaves what was there before, whether its effect was shown or not",
        arguments: [false, true]
    )
    func failed(isShown: Bool) {
        var house = house()
        house.zone = held(20)
        house.read()
        let before = house.changes[House.kitchen]
        house.call(call)
        if isShown {
            house.zone = held(23)
            #expect(house.read().isEmpty)
        }
        house.end(call, as: taskFailed)
        house.zone = held(20)
        #expect(house.read().isEmpty)
        #expect(house.changes[House.kitchen] == before)
        // The same by somebody else, later.
        house.wait(.seconds(300))
        house.zone = held(25)
        #expect(house.read().count == 1)
        #expect(house.by() == .elsewhere)
    }

    @Test("Going back after a success is somebody's doing")
    func goingBack() {
        var house = house()
        house.call(call)
        house.zone = held(23)
        house.read()
        house.end(call, as: done)
        house.zone = followed(18)
        #expect(house.read().count == 1)
        #expect(house.by() == .elsewhere)
        house.zone = held(23)
        #expect(house.read().count == 1, "A command explains one change.")
    }

    @Test("A gateway that was away carries it out later, within the hour")
    func late() {
        for (delay, by) in [(Duration.seconds(3000), Change.Cause.bridge), (.seconds(4000), .elsewhere)] {
            var house = house()
            house.call(call)
            house.wait(.seconds(600))
            house.end(call, as: Outcome(.expired, code: "expired", message: "…"))
            #expect(house.by() == nil)
            house.wait(delay - .seconds(600))
            house.zone = held(23)
            house.read()
            #expect(house.by() == by)
            #expect(house.changes[House.kitchen]?.at == house.now)
        }
    }

    @Test("The vendor may round what was asked")
    func rounded() {
        var house = house()
        house.call(hold(21.3, until: "2026-11-24T07:05:00Z"))
        house.zone = held(21.5, until: "2026-11-24T07:00:00Z")
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("What a mode masks shows the mode's value")
    func masked() {
        var house = house()
        (house.mode.mode, house.zone) = ("away", followed(12))
        house.read()
        house.call(call)
        house.zone = held(12)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A later command overtakes an earlier one, in the order in which they show")
    func overtaken() {
        var house = house()
        house.call(call)
        house.end(call, as: Outcome(.expired, code: "expired", message: "…"))
        house.call(hold(24))
        house.zone = held(23)
        #expect(house.read().isEmpty)
        house.zone = held(24)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A restart between a call and its effect")
    func restart() throws {
        var house = house()
        house.call(call)
        try house.restart()
        #expect(house.by() == .bridge)
        house.zone = held(23)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A schedule that we wrote takes effect at once")
    func schedule() {
        var house = house()
        let schedule = Schedule<Temperature>(days: [.monday: [.init(time: "00:00", value: 19.5)]])
        house.call(.zoneSchedule("4", schedule))
        house.schedules.keep(schedule, of: "4", at: house.now)
        house.wait(.seconds(5))
        house.zone = followed(19.5)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A call of another program, through the bridge")
    func share() {
        var house = house()
        house.changes.willMake(call, of: House.kitchen, by: .share, at: house.now, uptime: house.uptime)
        house.changes.accepted(call, of: House.kitchen)
        #expect(house.by() == .share)
        house.zone = held(23)
        house.read()
        #expect(house.by() == .share)
    }

    @Test("A clock that is set makes no override end early", arguments: [-3 * 86_400, -3600, -40, 40, 3600])
    func clockIsSet(step: Int) {
        var house = house()
        house.zone = held(23, until: house.now + .seconds(600))
        house.read()
        house.clockError = .seconds(step)
        house.wait(.seconds(60))
        house.read()
        house.wait(.seconds(600))
        house.zone = followed(18)
        #expect(house.read().isEmpty)
        #expect(house.by() == .schedule)
    }

    private enum Step: CaseIterable {
        case schedule, elsewhere, succeed, fail, expire, mode, restart, wait, setClock
    }

    @Test(
        "Whatever happens in turn, each change has its cause, and only what happens elsewhere is told",
        arguments: 0..<1000
    )
    func interleavings(seed: Int) throws {
        var randomness = SeededGenerator(seed: seed)
        var house = House()
        house.read()
        var expected: Change.Cause?
        var last: Temperature = 18
        for _ in 0..<Int.random(in: 1...30, using: &randomness) {
            var told = 0
            // Never what a schedule sets, nor what was set before.
            last = Temperature(celsius: last.celsius >= 60 ? 25 : max(last.celsius, 24) + 1)
            let call = hold(last)
            house.wait(.seconds(5))
            let step = try #require(Step.allCases.randomElement(using: &randomness))
            // Away masks what is set, so that nobody can tell who did it.
            guard house.mode.mode == "auto" || [.mode, .restart, .wait, .setClock].contains(step) else { continue }
            switch step {
            case .schedule:
                guard house.zone.followsASchedule else { continue }
                house.wait(.seconds(300))
                house.zone = house.zone == followed(18) ? followed(21) : followed(18)
                expected = .schedule
            case .elsewhere: (house.zone, expected, told) = (held(last), .elsewhere, 1)
            case .succeed:
                house.call(call)
                if Bool.random(using: &randomness) { #expect(house.read().isEmpty) }
                house.zone = held(last)
                #expect(house.read().isEmpty)
                if Bool.random(using: &randomness) { try house.restart() }
                house.end(call, as: done)
                expected = .bridge
            case .fail:
                let before = house.zone
                house.call(call)
                if Bool.random(using: &randomness) {
                    house.zone = held(last)
                    #expect(house.read().isEmpty)
                }
                house.end(call, as: taskFailed)
                house.zone = before
            case .expire:
                house.call(call)
                #expect(house.read().isEmpty)
                house.end(call, as: Outcome(.expired, code: "expired", message: "…"))
                house.wait(.seconds(1200))
            case .mode:
                house.zone = followed(house.mode.mode == "auto" ? 12 : 18)
                house.mode.mode = house.mode.mode == "auto" ? "away" : "auto"
                (expected, told) = (.system, 1)
            case .restart: try house.restart()
            case .wait: house.wait(.seconds(Int.random(in: 0...100_000, using: &randomness)))
            case .setClock: house.clockError = .seconds(Int.random(in: -100_000...100_000, using: &randomness))
            }
            #expect(house.read().count == told)
            #expect(house.by() == expected)
        }
    }
}

extension Setting {
    fileprivate var followsASchedule: Bool { mode == "follow_schedule" }
}
