import Basics
import HTTPServing
import HTTPTypes
import Logging
import TestSupport
import Testing

@testable import WebInterface

@Suite("Passwords and sessions")
struct GatekeeperTests {
    private let clock = ManualClock()
    private let gatekeeper: Gatekeeper

    init() {
        gatekeeper = Gatekeeper(
            AccessSettings(
                password: Secret("open sesame"),
                trustedProxies: [NetworkAddress("10.0.0.1")].compactMap(\.self)
            ),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func status(_ guess: String, from peer: String = "192.0.2.7") -> HTTPResponse.Status? {
        let request = AccessRequest(peer: NetworkAddress(peer), headers: [.authorization: "Bearer \(guess)"])
        do throws(HTTPFailure) {
            try gatekeeper.admit(request)
            return nil
        } catch {
            return error.status
        }
    }

    private func open(from peer: String = "192.0.2.7") throws -> AccessRequest {
        let cookie = try gatekeeper.open(AccessRequest(peer: NetworkAddress(peer)), with: Secret("open sesame"))
        let value = String(cookie.prefix { $0 != ";" })
        return AccessRequest(peer: NetworkAddress(peer), headers: [.cookie: value])
    }

    @Test("Five wrong passwords within a minute, then nobody from there gets in, not even with the right one")
    func guessing() throws {
        for _ in 1...5 { #expect(status("wrong") == .unauthorized) }
        #expect(status("wrong") == .tooManyRequests)
        #expect(status("open sesame") == .tooManyRequests)
        #expect(status("open sesame", from: "192.0.2.8") == nil)
        clock.advance(by: .seconds(59))
        #expect(status("open sesame") == .tooManyRequests)
        clock.advance(by: .seconds(1))
        #expect(status("open sesame") == nil)
    }

    @Test("The answer says how long to wait")
    func retryAfter() {
        for _ in 1...5 { _ = status("wrong") }
        clock.advance(by: .milliseconds(20_500))
        let failure = #expect(throws: HTTPFailure.self) {
            try gatekeeper.open(AccessRequest(peer: NetworkAddress("192.0.2.7")), with: Secret("open sesame"))
        }
        #expect(failure?.headers[.retryAfter] == "40")
    }

    @Test("Addresses of one IPv6 network are one guesser")
    func networks() {
        for number in 1...5 { #expect(status("wrong", from: "2001:db8:0:1::\(number)") == .unauthorized) }
        #expect(status("wrong", from: "2001:db8:0:1:ffff::9") == .tooManyRequests)
        #expect(status("wrong", from: "2001:db8:0:2::1") == .unauthorized)
    }

    @Test("A session lets in until it is closed")
    func session() throws {
        let request = try open()
        #expect(throws: Never.self) { try gatekeeper.admit(request) }
        #expect(gatekeeper.close(request).contains("Max-Age=0"))
        let failure = #expect(throws: HTTPFailure.self) { try gatekeeper.admit(request) }
        #expect(failure?.status == .unauthorized)
        #expect(!gatekeeper.isStillAdmitted(request))
    }

    @Test("A session ends a week after its last use, and a month after its beginning")
    func expiry() throws {
        let idle = try open()
        clock.advance(by: .seconds(7 * 86_400))
        #expect(throws: HTTPFailure.self) { try gatekeeper.admit(idle) }
        let busy = try open()
        for _ in 1...5 {
            clock.advance(by: .seconds(5 * 86_400))
            #expect(throws: Never.self) { try gatekeeper.admit(busy) }
        }
        clock.advance(by: .seconds(5 * 86_400))
        #expect(throws: HTTPFailure.self) { try gatekeeper.admit(busy) }
    }

    @Test("Of too many sessions the one that was unused for longest ends")
    func manySessions() {
        var table = SessionTable()
        for number in 0..<1_000 {
            clock.advance(by: .seconds(1))
            table.open("\(number)", at: clock.uptime)
            let isOpen = table.use("0", at: clock.uptime)
            #expect(isOpen)
        }
        #expect(table.count == SessionTable.maximumCount)
        let (first, last) = (table.use("1", at: clock.uptime), table.use("999", at: clock.uptime))
        #expect(!first && last)
    }

    @Test("The cookie is for browsers alone, for this page alone, and over TLS where there is TLS")
    func cookie() throws {
        let plain = try gatekeeper.open(AccessRequest(peer: NetworkAddress("192.0.2.7")), with: Secret("open sesame"))
        #expect(plain.contains("; HttpOnly; SameSite=Strict"))
        #expect(plain.contains("; Path=/;"))
        #expect(!plain.contains("Secure"))
        let proxied = try gatekeeper.open(
            AccessRequest(
                peer: NetworkAddress("10.0.0.1"),
                headers: [.xForwardedProto: "https", .xIngressPath: "/api/hassio_ingress/abc"]
            ),
            with: Secret("open sesame")
        )
        #expect(proxied.contains("; Path=/api/hassio_ingress/abc/;"))
        #expect(proxied.hasSuffix("; Secure"))
    }

    @Test("Without a password there are no sessions")
    func noPassword() {
        let open = Gatekeeper(
            AccessSettings(),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let failure = #expect(throws: HTTPFailure.self) {
            try open.open(AccessRequest(peer: NetworkAddress("127.0.0.1")), with: Secret(""))
        }
        #expect(failure?.status == .forbidden)
    }

    @Test(
        "Passwords are compared whole",
        arguments: [
            ("a", "a", true), ("a", "b", false), ("ab", "a", false), ("a", "aa", false), ("a", "", false),
            ("", "a", false), ("é", "e\u{301}", false),
        ]
    )
    func comparison(own: String, guess: String, isSame: Bool) {
        #expect(Secret(own).isSame(as: Secret(guess)) == isSame)
    }
}
