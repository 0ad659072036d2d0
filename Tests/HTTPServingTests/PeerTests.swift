import Basics
import HTTPServing
import TestSupport
import Testing

@Suite("Peers, and how they guess passwords")
struct PeerTests {
    private let clock = ManualClock()

    @Test(
        "Addresses are read in all their forms, and nothing else is",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::1", "0:0:0:0:0:0:0:1"),
            ("fe80::1%eth0", "fe80:0:0:0:0:0:0:1"), ("localhost", nil), ("1.2.3", nil), ("01.2.3.4", nil), ("", nil),
            ("1.2.3.4\u{0}", nil),
        ]
    )
    func addresses(text: String, read: String?) {
        #expect(NetworkAddress(text)?.description == read)
    }

    @Test(
        "Loopback is known in both families",
        arguments: [
            ("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.0.0.1", false),
            ("::2", false),
        ]
    )
    func loopback(text: String, isLoopback: Bool) {
        #expect(NetworkAddress(text)?.isLoopback == isLoopback)
    }

    @Test("A network that has given too many wrong passwords waits until the oldest is a minute old")
    func pace() {
        var table = WrongPasswords(limit: 2)
        let peer = NetworkAddress("2001:db8::1")
        for _ in 1...2 {
            #expect(table.wait(for: peer, at: clock.uptime) == nil)
            table.record(peer, at: clock.uptime)
            clock.advance(by: .seconds(10))
        }
        #expect(table.wait(for: NetworkAddress("2001:db8::ffff"), at: clock.uptime) == .seconds(40))
        #expect(table.wait(for: NetworkAddress("2001:db8:0:1::1"), at: clock.uptime) == nil)
        clock.advance(by: .seconds(40))
        #expect(table.wait(for: peer, at: clock.uptime) == nil)
    }

    @Test("Wrong passwords from very many addresses take bounded memory, and further guessers share one count")
    func manyPeers() {
        var table = WrongPasswords(limit: 5)
        let now = clock.uptime
        for number in 0..<5_000 {
            let peer = NetworkAddress("10.\(number >> 16).\(number >> 8 & 255).\(number & 255)")
            if table.wait(for: peer, at: now) == nil { table.record(peer, at: now) }
        }
        #expect(table.peerCount == WrongPasswords.maximumPeers + 1)
        let wait = table.wait(for: NetworkAddress("192.0.2.1"), at: now)
        #expect(wait == .seconds(60))
        clock.advance(by: .seconds(61))
        let later = table.wait(for: NetworkAddress("192.0.2.1"), at: clock.uptime)
        #expect(later == nil)
    }
}
