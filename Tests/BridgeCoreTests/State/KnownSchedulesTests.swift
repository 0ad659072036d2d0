import BridgeCore
import HeatingModel
import Testing

@Suite("Schedules that are known")
struct KnownSchedulesTests {
    @Test("Of what two processes have read the later counts, whichever writes last")
    func merging() throws {
        let (early, late) = (try moment("2026-11-24T03:00:00Z"), try moment("2026-11-24T04:00:00Z"))
        var (mine, theirs) = (KnownSchedules(), KnownSchedules())
        mine.keep(try MillHouse.schedule(), of: MillHouse.kitchenID, at: late)
        mine.keep(try MillHouse.hotWaterSchedule(), of: MillHouse.hotWaterID, at: early)
        theirs.keep(nil, of: MillHouse.kitchenID, at: early)
        theirs.keep(nil, of: MillHouse.hotWaterID, at: late)
        theirs.keep(nil, of: MillHouse.atticID, at: early)
        for merged in [mine.merging(theirs), theirs.merging(mine)] {
            #expect(merged[MillHouse.kitchenID] == .known(try MillHouse.schedule()))
            #expect(merged[MillHouse.hotWaterID] == .absent)
            #expect(merged[MillHouse.atticID] == .absent)
        }
    }
}
