import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Everything that is known of an account")
struct SnapshotTests {
    private let now: Instant = "2026-11-24T12:00:00Z"
    private let start = Uptime(sinceStart: .seconds(5))

    @Test("What a command expects is shown over what polls say, until it is dropped")
    func expectation() {
        var snapshot = known()
        apply(Cottage.status(kitchen: 18), to: &snapshot)
        let target = Cottage.target(Cottage.kitchen)
        let call = CloudCall.zone(Cottage.kitchen, .hold(21, until: nil))
        snapshot.expect(call, of: target)
        apply(Cottage.status(kitchen: 18), to: &snapshot)
        #expect(shown(snapshot) == 21)
        snapshot.ended(call, of: target, as: Outcome(.failed))
        #expect(shown(snapshot) == 18)
    }

    @Test("A control system that is gone takes along what was known and expected of it")
    func gone() {
        var snapshot = known()
        apply(Cottage.status(kitchen: 18), to: &snapshot)
        snapshot.expect(.zone(Cottage.kitchen, .hold(21, until: nil)), of: Cottage.target(Cottage.kitchen))
        snapshot.apply(ServedLocations([], of: Installation(accountID: "100", locations: [])), read: now)
        snapshot.apply(ServedLocations([], of: Cottage.installation()), read: now)
        #expect(snapshot.site(of: Cottage.system, at: start)?.status == nil)
        apply(Cottage.status(kitchen: 18), to: &snapshot)
        #expect(shown(snapshot) == 18)
    }

    @Test("An answer that repeats the last one changes nothing")
    func unchanged() {
        var snapshot = known()
        apply(Cottage.status(kitchen: 18), to: &snapshot)
        _ = snapshot.takeChanges()
        apply(Cottage.status(kitchen: 18), to: &snapshot)
        #expect(snapshot.takeChanges().systems.isEmpty)
        apply(Cottage.status(kitchen: 19), to: &snapshot)
        #expect(snapshot.takeChanges().systems == [Cottage.system])
    }

    @Test("Values stand while the cloud is away, and the site is available until they are too old")
    func outage() {
        var snapshot = known()
        apply(Cottage.status(), to: &snapshot)
        snapshot.apply(CloudFailure(.unreachable, "Away."), of: "1", retryAt: nil, at: now + .seconds(1800))
        #expect(isAvailable(snapshot, after: .seconds(1800)))
        #expect(!isAvailable(snapshot, after: .seconds(1801)))
        #expect(shown(snapshot) == 18)
        #expect(snapshot.health.state == .unreachable)
    }

    @Test("A clock that is set makes no value too old, and keeps none fresh", arguments: [40, 3600, 3 * 86_400])
    func clockIsSet(step: Int) {
        for step in [step, -step] {
            var snapshot = known()
            snapshot.apply(Cottage.status(), at: now + .seconds(step), uptime: start)
            #expect(isAvailable(snapshot, after: .seconds(1800)))
            #expect(!isAvailable(snapshot, after: .seconds(1801)))
        }
    }

    @Test("The same answer after too long a silence is news, since the site is available again")
    func recovered() {
        var snapshot = known()
        apply(Cottage.status(), to: &snapshot)
        _ = snapshot.takeChanges()
        apply(Cottage.status(), to: &snapshot, after: .seconds(4000))
        #expect(snapshot.takeChanges().systems == [Cottage.system])
        #expect(isAvailable(snapshot, after: .seconds(4000)))
    }

    @Test("A location that cannot be read leaves the cloud stale until it can be")
    func oneBadLocation() {
        var snapshot = known(Cottage.installation(locations: 2))
        apply(Cottage.status(), to: &snapshot)
        snapshot.apply(CloudFailure(.refused, "No."), of: "2", retryAt: nil, at: now)
        apply(Cottage.status(), to: &snapshot)
        #expect(snapshot.health.state == .stale && snapshot.health.error == "No.")
        apply(Cottage.status(number: 2), to: &snapshot)
        #expect(snapshot.health.state == .ok && snapshot.health.error == nil)
    }

    @Test("Why nothing is served is said, though the cloud is well")
    func nothingToServe() {
        var snapshot = Self.empty(at: now, start)
        snapshot.apply(ServedLocations(["castle"], of: Cottage.installation()), read: nil)
        #expect(snapshot.problem?.contains("\"castle\"") == true)
        #expect(snapshot.problem?.contains("Cottage 1 (1)") == true)
        #expect(snapshot.health.state == .stale)
        snapshot.apply(ServedLocations(["castle"], of: Cottage.installation()), read: now)
        #expect(snapshot.health.state == .ok)
        let cloud = CloudReport(snapshot.health, problem: snapshot.problem).json.text
        #expect(cloud.contains(#""state":"ok""#) && cloud.contains("castle"))
        snapshot.apply(ServedLocations([], of: Cottage.installation()), read: now)
        #expect(snapshot.problem == nil)
    }

    @Test("A fault that begins or ends is an event, once")
    func faults() {
        var snapshot = known()
        apply(Cottage.status(), to: &snapshot)
        var status = Cottage.status()
        status.systems[0].zones[0].faults = [Fault(kind: .init(rawValue: "temp_zone_low_battery"), since: nil)]
        apply(status, to: &snapshot)
        apply(status, to: &snapshot)
        apply(Cottage.status(), to: &snapshot)
        let events = snapshot.takeChanges().events.map(\.kind)
        let fault = Fault(kind: .init(rawValue: "temp_zone_low_battery"), since: nil)
        let target = Cottage.target(Cottage.kitchen)
        #expect(
            events == [
                .fault(FaultChange(target: target, fault: fault, hasBegun: true)),
                .fault(FaultChange(target: target, fault: fault, hasBegun: false)),
            ]
        )
        #expect(snapshot.takeChanges().events.isEmpty)
    }

    @Test("A change that nothing explains is told once, but not of a ghost")
    func changes() {
        var snapshot = known()
        apply(Cottage.status(kitchen: 18), to: &snapshot)
        _ = snapshot.takeChanges()
        var status = Cottage.status(kitchen: 18)
        status.systems[0].zones[0].mode = .permanentOverride
        status.systems[0].zones[1].setpoint = 62
        status.systems[0].zones[1].temperature = nil
        status.systems[0].zones[1].mode = .permanentOverride
        apply(status, to: &snapshot)
        let target = Cottage.target(Cottage.kitchen)
        #expect(
            snapshot.takeChanges().events.map(\.kind) == [
                .change(
                    UnexplainedChange(
                        target: target,
                        before: Setting(.setpoint(18), mode: "follow_schedule"),
                        after: Setting(.setpoint(18), mode: "permanent_override"),
                        flags: []
                    )
                )
            ]
        )
        #expect(snapshot.site(of: Cottage.system, at: start)?.changes[target] == Change(by: .elsewhere, at: now))
        apply(status, to: &snapshot)
        #expect(snapshot.takeChanges().events.isEmpty)
    }

    @Test("Who changed what is given out to be kept once, and forgotten with its zone; of very many the last are kept")
    func unsavedChanges() throws {
        var snapshot = known()
        #expect(snapshot.takeUnsavedChanges() == nil)
        apply(Cottage.status(kitchen: 18), to: &snapshot)
        #expect(snapshot.takeUnsavedChanges() != nil)
        #expect(snapshot.takeUnsavedChanges() == nil)
        apply(Cottage.status(kitchen: 20), to: &snapshot)
        let target = Cottage.target(Cottage.kitchen)
        let unsaved = snapshot.takeUnsavedChanges()
        let kept = try #require(unsaved)
        #expect(kept[target]?.by == .schedule)
        var next = Self.empty(at: now, start)
        next.restore(kept, at: now, uptime: start)
        next.apply(ServedLocations([], of: Cottage.installation()))
        #expect(next.site(of: Cottage.system, at: start)?.changes[target]?.by == .schedule)
        next.apply(ServedLocations([], of: Installation(accountID: "100", locations: [])), read: now)
        next.apply(ServedLocations([], of: Cottage.installation()), read: now)
        #expect(next.site(of: Cottage.system, at: start)?.changes[target] == nil)

        var large = known(Cottage.installation(locations: 300))
        for number in 1...300 {
            large.apply(Cottage.status(number: number), at: now + .seconds(number), uptime: start)
        }
        let count = large.takeUnsavedChanges()?.count ?? 0
        #expect(count >= 500 && count <= 503)
    }

    @Test("The last hundred events are kept for a broker that is away")
    func events() {
        var snapshot = known()
        for minutes in 1...150 { snapshot.report(.outageEnded(after: .seconds(60 * minutes)), at: now) }
        let kept = snapshot.takeChanges().events
        #expect(kept.count == 100)
        #expect(kept.last?.kind == .outageEnded(after: .seconds(9000)))
    }

    @Test("Schedules are given out to be kept once, and none of an account with very many")
    func unsavedSchedules() {
        var snapshot = known()
        #expect(snapshot.takeUnsavedSchedules() == nil)
        snapshot.apply(nil, of: Cottage.target(Cottage.kitchen), at: now)
        #expect(snapshot.takeUnsavedSchedules()?.count == 1)
        #expect(snapshot.takeUnsavedSchedules() == nil)
        for number in 0..<501 { snapshot.apply(nil, of: .zone(ZoneID("\(number)"), in: Cottage.system), at: now) }
        #expect(snapshot.takeUnsavedSchedules() == nil)
    }

    private enum Step: CaseIterable {
        case answer, expect, drop, fail, change
    }

    @Test("Whatever polls and commands do, what is shown ends as what the cloud said last", arguments: 0..<2000)
    func interleavings(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        var snapshot = known()
        let target = Cottage.target(Cottage.kitchen)
        var cloud: Temperature = 16
        var call: CloudCall?
        apply(Cottage.status(kitchen: cloud), to: &snapshot)
        for _ in 0..<Int.random(in: 1...40, using: &randomness) {
            switch Step.allCases.randomElement(using: &randomness) {
            case .answer: apply(Cottage.status(kitchen: cloud), to: &snapshot)
            case .expect:
                let setpoint = setpoint(using: &randomness)
                let next = CloudCall.zone(Cottage.kitchen, .hold(setpoint, until: nil))
                snapshot.expect(next, of: target)
                call = next
                #expect(shown(snapshot) == setpoint)
            case .drop: if let call { snapshot.ended(call, of: target, as: Outcome(.succeeded)) }
            case .fail: snapshot.apply(CloudFailure(.unreachable, "Away."), of: "1", retryAt: nil, at: now)
            case .change, nil: cloud = setpoint(using: &randomness)
            }
        }
        if let call { snapshot.ended(call, of: target, as: Outcome(.failed)) }
        apply(Cottage.status(kitchen: cloud), to: &snapshot)
        #expect(shown(snapshot) == cloud)
    }

    private func setpoint(using randomness: inout SeededGenerator) -> Temperature {
        Temperature(celsius: Double(Int.random(in: 10...60, using: &randomness)) / 2)
    }

    private static func empty(at now: Instant, _ start: Uptime) -> Snapshot {
        let settings = Snapshot.Settings(baseTopic: "evohome", naming: .name, unavailableAfter: .seconds(1800))
        return Snapshot(settings: settings, at: now, uptime: start)
    }

    private func known(_ installation: Installation = Cottage.installation()) -> Snapshot {
        var snapshot = Self.empty(at: now, start)
        snapshot.apply(ServedLocations([], of: installation), read: now)
        return snapshot
    }

    private func apply(_ status: LocationStatus, to snapshot: inout Snapshot, after elapsed: Duration = .zero) {
        snapshot.apply(status, at: now + elapsed, uptime: start + elapsed)
    }

    private func isAvailable(_ snapshot: Snapshot, after elapsed: Duration) -> Bool {
        snapshot.site(of: Cottage.system, at: start + elapsed)?.isAvailable ?? false
    }

    private func shown(_ snapshot: Snapshot) -> Temperature? {
        snapshot.site(of: Cottage.system, at: start)?.shown(at: now)?.zones.first?.setpoint
    }
}
