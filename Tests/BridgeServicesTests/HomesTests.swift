import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import TestSupport
import Testing

@Suite("The one snapshot of every home")
struct HomesTests {
    private let clock = ManualClock()

    @Test("An answer that was asked for earlier than the one that is here is dropped")
    func overtaken() {
        let homes = known()
        let (slow, quick) = (homes.beginReading(), homes.beginReading())
        homes.apply(status(kitchen: 22), of: quick)
        homes.apply(status(kitchen: 18), of: slow)
        #expect(homes.site(of: Cottage.systemID)?.reported(Cottage.kitchen)?.setpoint == 22)
    }

    @Test("What a command expects is shown over what polls say, until it is dropped")
    func expectation() {
        let homes = known()
        homes.apply(status(kitchen: 18), of: homes.beginReading())
        homes.expect(.zone(Cottage.kitchen, .hold(21, until: nil)), of: .zone(Cottage.kitchen, in: Cottage.systemID))
        homes.apply(status(kitchen: 18), of: homes.beginReading())
        #expect(shownSetpoint(homes) == 21)
        homes.dropExpectation(of: .zone(Cottage.kitchen, in: Cottage.systemID))
        #expect(shownSetpoint(homes) == 18)
    }

    @Test("An answer that is what the last one was changes nothing")
    func unchanged() {
        let homes = known()
        homes.apply(status(kitchen: 18), of: homes.beginReading())
        _ = homes.takeChanges()
        homes.apply(status(kitchen: 18), of: homes.beginReading())
        #expect(homes.takeChanges().systems.isEmpty)
        homes.apply(status(kitchen: 19), of: homes.beginReading())
        #expect(homes.takeChanges().systems == [Cottage.systemID])
    }

    @Test("Values stand while the cloud is away, and the site is available until they are too old")
    func outage() {
        let homes = known()
        homes.apply(status(kitchen: 18), of: homes.beginReading())
        clock.advance(by: .seconds(1800))
        homes.apply(CloudFailure(.unreachable, "Away."), retryAt: nil)
        #expect(homes.site(of: Cottage.systemID)?.isAvailable == true)
        clock.advance(by: .seconds(1))
        #expect(homes.site(of: Cottage.systemID)?.isAvailable == false)
        #expect(shownSetpoint(homes) == 18)
        #expect(homes.health.state == .unreachable)
    }

    @Test("The same answer after too long a silence is news, since the site is available again")
    func recovered() {
        let homes = known()
        homes.apply(status(kitchen: 18), of: homes.beginReading())
        clock.advance(by: .seconds(4000))
        _ = homes.takeChanges()
        homes.apply(status(kitchen: 18), of: homes.beginReading())
        #expect(homes.takeChanges().systems == [Cottage.systemID])
        #expect(homes.site(of: Cottage.systemID)?.isAvailable == true)
    }

    private func known() -> SnapshotStore {
        let homes = Cottage.homes(clock)
        homes.apply(Cottage.installation())
        return homes
    }

    private func status(kitchen setpoint: Double) -> LocationStatus {
        ScriptedHome.status(of: Cottage.location(), zones: Cottage.zones(kitchen: setpoint))
    }

    private func shownSetpoint(_ homes: SnapshotStore) -> Double? {
        homes.site(of: Cottage.systemID)?.shown(at: clock.now)?.zones.first?.setpoint
    }
}
