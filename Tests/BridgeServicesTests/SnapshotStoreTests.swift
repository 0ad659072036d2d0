import Basics
import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import BridgeServices

@Suite("The snapshot that all loops share", .timeLimit(.minutes(1)))
struct SnapshotStoreTests {
    private let clock = ManualClock()

    @Test("Each observer hears of a change, once for several in a row")
    func changes() async {
        let store = SnapshotStore(clock)
        var (first, second) = (store.changes().makeAsyncIterator(), store.changes().makeAsyncIterator())
        store.apply(Cottage.installation())
        store.apply(Cottage.status(), clock)
        let heard = (await first.next(), await second.next())
        #expect(heard.0 != nil && heard.1 != nil)
        store.take { $0.publishAgain(Cottage.system) }
        store.wakeUp()
        let again: Void? = await first.next()
        #expect(again != nil)
    }

    @Test("A site becomes unavailable with elapsed time, and not because the clock is set")
    func availability() {
        let store = SnapshotStore(clock)
        store.apply(Cottage.installation())
        store.apply(Cottage.status(), clock)
        clock.set(to: clock.now + .seconds(3 * 86_400))
        #expect(store.site(of: Cottage.system)?.isAvailable == true)
        clock.set(to: clock.now - .seconds(9 * 86_400))
        clock.advance(by: .seconds(1801))
        #expect(store.site(of: Cottage.system)?.isAvailable == false)
        #expect(store.sites.map(\.isAvailable) == [false])
    }
}
