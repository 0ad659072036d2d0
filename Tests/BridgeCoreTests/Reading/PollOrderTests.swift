import Basics
import HeatingModel
import TestBasics
import Testing

@testable import BridgeCore

@Suite("The order in which locations are read")
struct PollOrderTests {
    @Test(
        "Wherever locations are moved, the earliest comes first, and of several the one with the lowest id",
        arguments: 0..<50
    )
    func property(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        func moment() -> Uptime { .start + .seconds(Int.random(in: 0..<6, using: &randomness)) }
        let ids = (1...12).map { LocationID("\($0)") }
        var moments = Dictionary(uniqueKeysWithValues: ids.prefix(6).map { ($0, moment()) })
        var order = PollOrder(moments)
        for _ in 0..<100 {
            let id = ids[Int.random(in: 0..<ids.count, using: &randomness)]
            moments[id] = moment()
            order.set(id, to: moments[id] ?? .start)
            let passedOver = Set(ids.filter { _ in Int.random(in: 0..<3, using: &randomness) == 0 })
            let rest = moments.filter { !passedOver.contains($0.key) }
            #expect(
                order.first { !passedOver.contains($0) } == rest.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
            )
        }
    }
}
