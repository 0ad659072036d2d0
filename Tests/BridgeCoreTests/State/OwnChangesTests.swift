import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Who changed it: the bridge")
struct OwnChangesTests {
    private let call = CloudCall.hold(23)

    private func house() -> ChangingHouse {
        var house = ChangingHouse()
        house.read()
        house.wait(.seconds(60))
        return house
    }

    @Test("A call counts as soon as the cloud has accepted it, and its moment stays")
    func accepted() {
        var house = house()
        let asked = house.now
        house.changes.willMake(call, of: ChangingHouse.kitchen, at: asked, uptime: house.uptime)
        #expect(house.by() == nil)
        house.changes.accepted(call, of: ChangingHouse.kitchen)
        #expect(house.changes[ChangingHouse.kitchen] == Change(by: .bridge, at: asked))
        // A status that is older than its effect.
        house.wait(.seconds(2))
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
        house.wait(.seconds(2))
        house.zone = .held(23)
        #expect(house.read().isEmpty)
        house.end(call, as: .done)
        #expect(house.changes[ChangingHouse.kitchen] == Change(by: .bridge, at: asked))
    }

    @Test("Its effect may show before its answer")
    func early() {
        var house = house()
        house.changes.willMake(call, of: ChangingHouse.kitchen, at: house.now, uptime: house.uptime)
        house.zone = .held(23)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A refused call explains nothing, one without an answer does")
    func refused() {
        var house = house()
        house.changes.willMake(call, of: ChangingHouse.kitchen, at: house.now, uptime: house.uptime)
        house.changes.refused(call, of: ChangingHouse.kitchen)
        house.zone = .held(23)
        #expect(house.read().count == 1)
        #expect(house.by() == .elsewhere)
    }

    @Test(
        "A task that fails leaves what was there before, whether its effect was shown or not",
        arguments: [false, true]
    )
    func failed(isShown: Bool) {
        var house = house()
        house.zone = .held(20)
        house.read()
        let before = house.changes[ChangingHouse.kitchen]
        house.call(call)
        if isShown {
            house.zone = .held(23)
            #expect(house.read().isEmpty)
        }
        house.end(call, as: .taskFailed)
        house.zone = .held(20)
        #expect(house.read().isEmpty)
        #expect(house.changes[ChangingHouse.kitchen] == before)
        // The same by somebody else, later.
        house.wait(.seconds(300))
        house.zone = .held(25)
        #expect(house.read().count == 1)
        #expect(house.by() == .elsewhere)
    }

    @Test("Going back after a success is somebody's doing")
    func goingBack() {
        var house = house()
        house.call(call)
        house.zone = .held(23)
        house.read()
        house.end(call, as: .done)
        house.zone = .followed(18)
        #expect(house.read().count == 1)
        #expect(house.by() == .elsewhere)
        house.zone = .held(23)
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
            house.zone = .held(23)
            house.read()
            #expect(house.by() == by)
            #expect(house.changes[ChangingHouse.kitchen]?.at == house.now)
        }
    }

    @Test("The vendor may round what was asked")
    func rounded() {
        var house = house()
        house.call(.hold(21.3, until: "2026-11-24T07:05:00Z"))
        house.zone = .held(21.5, until: "2026-11-24T07:00:00Z")
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("What a mode masks shows the mode's value")
    func masked() {
        var house = house()
        (house.mode.mode, house.zone) = ("away", .followed(12))
        house.read()
        house.call(call)
        house.zone = .held(12)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A later command overtakes an earlier one, in the order in which they show")
    func overtaken() {
        var house = house()
        house.call(call)
        house.end(call, as: Outcome(.expired, code: "expired", message: "…"))
        house.call(.hold(24))
        house.zone = .held(23)
        #expect(house.read().isEmpty)
        house.zone = .held(24)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A restart between a call and its effect")
    func restart() throws {
        var house = house()
        house.call(call)
        try house.restart()
        #expect(house.by() == .bridge)
        house.zone = .held(23)
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
        house.zone = .followed(19.5)
        #expect(house.read().isEmpty)
        #expect(house.by() == .bridge)
    }

    @Test("A call of another program, through the bridge")
    func share() {
        var house = house()
        house.changes.willMake(call, of: ChangingHouse.kitchen, by: .share, at: house.now, uptime: house.uptime)
        house.changes.accepted(call, of: ChangingHouse.kitchen)
        #expect(house.by() == .share)
        house.zone = .held(23)
        house.read()
        #expect(house.by() == .share)
    }

    @Test("A clock that is set makes no override end early", arguments: [-3 * 86_400, -3600, -40, 40, 3600])
    func clockIsSet(step: Int) {
        var house = house()
        house.zone = .held(23, until: house.now + .seconds(600))
        house.read()
        house.clockError = .seconds(step)
        house.wait(.seconds(60))
        house.read()
        house.wait(.seconds(600))
        house.zone = .followed(18)
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
        var house = ChangingHouse()
        house.read()
        var expected: Change.Cause?
        var last: Temperature = 18
        for _ in 0..<Int.random(in: 1...30, using: &randomness) {
            var told = 0
            // Never what a schedule sets, nor what was set before.
            last = Temperature(celsius: last.celsius >= 60 ? 25 : max(last.celsius, 24) + 1)
            let call = CloudCall.hold(last)
            house.wait(.seconds(5))
            let step = try #require(Step.allCases.randomElement(using: &randomness))
            // Away masks what is set, so that nobody can tell who did it.
            guard house.mode.mode == "auto" || [.mode, .restart, .wait, .setClock].contains(step) else { continue }
            switch step {
            case .schedule:
                guard house.zone.followsASchedule else { continue }
                house.wait(.seconds(300))
                house.zone = house.zone == .followed(18) ? .followed(21) : .followed(18)
                expected = .schedule
            case .elsewhere: (house.zone, expected, told) = (.held(last), .elsewhere, 1)
            case .succeed:
                house.call(call)
                if Bool.random(using: &randomness) { #expect(house.read().isEmpty) }
                house.zone = .held(last)
                #expect(house.read().isEmpty)
                if Bool.random(using: &randomness) { try house.restart() }
                house.end(call, as: .done)
                expected = .bridge
            case .fail:
                let before = house.zone
                house.call(call)
                if Bool.random(using: &randomness) {
                    house.zone = .held(last)
                    #expect(house.read().isEmpty)
                }
                house.end(call, as: .taskFailed)
                house.zone = before
            case .expire:
                house.call(call)
                #expect(house.read().isEmpty)
                house.end(call, as: Outcome(.expired, code: "expired", message: "…"))
                house.wait(.seconds(1200))
            case .mode:
                house.zone = .followed(house.mode.mode == "auto" ? 12 : 18)
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
