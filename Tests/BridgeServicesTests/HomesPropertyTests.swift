import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import TestBasics
import TestSupport
import Testing

@Suite("Whatever polls and commands do to the snapshot")
struct HomesPropertyTests {
    private let clock = ManualClock()
    private static let target = Target.zone(Cottage.kitchen, in: Cottage.systemID)

    /// Statuses that overtake each other, changes that are expected, confirmed, contradicted or forgotten.
    private enum Step: CaseIterable {
        case ask, answer, expect, drop, fail, change
    }

    @Test("What is shown ends as what the cloud said last, once no command is on its way", arguments: 0..<2000)
    func ends(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        let homes = Cottage.homes(clock)
        homes.apply(Cottage.installation())
        homes.apply(status(16), of: homes.beginReading())
        var cloud = 16.0
        var asked: [(reading: Int, setpoint: Double)] = []
        var isExpecting = false
        for _ in 0..<Int.random(in: 1...40, using: &randomness) {
            switch Step.allCases.randomElement(using: &randomness) {
            // The answer holds what was so when it was asked for, though it may come much later.
            case .ask: asked.append((homes.beginReading(), cloud))
            case .answer:
                guard let index = asked.indices.randomElement(using: &randomness) else { continue }
                let answer = asked.remove(at: index)
                homes.apply(status(answer.setpoint), of: answer.reading)
            case .expect:
                let setpoint = Double(Int.random(in: 10...60, using: &randomness)) / 2
                homes.expect(.zone(Cottage.kitchen, .hold(setpoint, until: nil)), of: Self.target)
                isExpecting = true
                #expect(shown(homes) == setpoint)
            case .drop:
                homes.dropExpectation(of: Self.target)
                isExpecting = false
            case .fail: homes.apply(CloudFailure(.unreachable, "Away."), of: "1", retryAt: nil)
            case .change, nil: cloud = Double(Int.random(in: 10...60, using: &randomness)) / 2
            }
        }
        if isExpecting { homes.dropExpectation(of: Self.target) }
        homes.apply(status(cloud), of: homes.beginReading())
        for answer in asked.shuffled(using: &randomness) { homes.apply(status(answer.setpoint), of: answer.reading) }
        #expect(shown(homes) == cloud)
        #expect(homes.isWell)
    }

    private func shown(_ homes: SnapshotStore) -> Double? {
        homes.site(of: Cottage.systemID)?.shown(at: clock.now)?.zones.first?.setpoint
    }

    private func status(_ setpoint: Double) -> LocationStatus {
        ScriptedHome.status(of: Cottage.location(), zones: Cottage.zones(kitchen: setpoint))
    }
}
