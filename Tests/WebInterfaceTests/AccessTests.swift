import Basics
import HTTPServing
import HTTPTypes
import Testing

@testable import WebInterface

@Suite("Who may use the page, by the rules alone")
struct AccessTests {
    private static let proxy = NetworkAddress("172.30.32.2")
    private static let loopback = NetworkAddress("127.0.0.1")
    private static let elsewhere = NetworkAddress("192.0.2.7")

    private let access = Access(
        AccessSettings(
            password: Secret("open sesame"),
            hosts: ["Heating.example.com", "bare."],
            trustedProxies: [Self.proxy, NetworkAddress("2001:db8::1")].compactMap(\.self)
        )
    )

    @Test(
        "It answers to addresses, localhost, names of the own network and those that are set",
        arguments: [
            ("127.0.0.1:8080", true), ("192.168.1.20", true), ("[::1]:8080", true), ("[fe80::1]", true),
            ("localhost", true), ("LOCALHOST:8080", true), ("localhost.", true), ("heating.local:8080", true),
            ("heating.example.com", true), ("heating.example.com:443", true), ("bare", true),
            ("example.com", false), ("evil.heating.example.com", false), ("localhost.example.com", false),
            ("127.0.0.1.example.com", false), ("local", false), (".local", false), ("notlocal", false),
            ("1.2.3.4.5", false), ("0x7f000001", false), ("[::1", false), ("", false), ("a:b", false),
            ("user@localhost", false), ("localhost:0", false), ("localhost:99999", false),
        ]
    )
    func hosts(host: String, isAnswered: Bool) {
        let request = AccessRequest(peer: Self.loopback, host: host)
        let status = refusal { () throws(HTTPFailure) in try access.checkHost(of: request) }
        #expect(status == (isAnswered ? nil : .misdirectedRequest))
        #expect(throws: Never.self) { try access.checkHost(of: AccessRequest(peer: Self.proxy, host: host)) }
    }

    @Test("A request without a Host, or with two, is not answered")
    func oddHosts() {
        #expect(throws: HTTPFailure.self) { try access.checkHost(of: AccessRequest(peer: Self.loopback, host: nil)) }
        let two = AccessRequest(peer: Self.loopback, host: "localhost", headers: [.furtherHost: "example.com"])
        #expect(throws: HTTPFailure.self) { try access.checkHost(of: two) }
    }

    @Test("Only this machine itself and trusted proxies need no proof")
    func places() {
        #expect(access.proof(in: AccessRequest(peer: Self.loopback)) == .place)
        #expect(access.proof(in: AccessRequest(peer: NetworkAddress("::1"))) == .place)
        #expect(access.proof(in: AccessRequest(peer: NetworkAddress("::ffff:127.0.0.1"))) == .place)
        #expect(access.proof(in: AccessRequest(peer: Self.proxy)) == .place)
        #expect(access.proof(in: AccessRequest(peer: NetworkAddress("::ffff:172.30.32.2"))) == .place)
        #expect(access.proof(in: AccessRequest(peer: Self.elsewhere)) == .nothing)
        #expect(access.proof(in: AccessRequest(peer: nil)) == .nothing)
    }

    @Test(
        "A proxy on this machine that passes on requests proves nothing, unless it is trusted",
        arguments: [HTTPField.Name.xForwardedFor, .forwarded, .xRealIP]
    )
    func forwarded(name: HTTPField.Name) throws {
        let request = AccessRequest(peer: Self.loopback, headers: [name: "127.0.0.1"])
        #expect(access.proof(in: request) == .nothing)
        let trusting = Access(AccessSettings(trustedProxies: [try #require(Self.loopback)]))
        #expect(trusting.proof(in: request) == .place)
    }

    @Test("A header that claims another address changes nothing for somebody from elsewhere")
    func liar() {
        let request = AccessRequest(
            peer: Self.elsewhere,
            headers: [.xForwardedFor: "127.0.0.1", .xIngressPath: "/api/hassio_ingress/x", .xForwardedProto: "https"]
        )
        #expect(access.proof(in: request) == .nothing)
        #expect(access.ingressPath(of: request) == nil)
        #expect(!access.isEncrypted(request))
    }

    @Test("A password is given as a bearer token, a session as a cookie")
    func credentials() {
        func proof(_ headers: HTTPFields) -> Access.Proof {
            access.proof(in: AccessRequest(peer: Self.elsewhere, headers: headers))
        }
        #expect(proof([.authorization: "Bearer open sesame"]) == .bearer(Secret("open sesame")))
        #expect(proof([.authorization: "bearer x"]) == .bearer(Secret("x")))
        #expect(proof([.authorization: "Basic dTpw"]) == .nothing)
        #expect(proof([.authorization: "Bearer"]) == .nothing)
        #expect(proof([.cookie: "a=b; evohome_session=t1; c=d"]) == .session(["t1"]))
        #expect(proof([.cookie: "xevohome_session=t1"]) == .nothing)
        #expect(proof([.cookie: "evohome_session=t1", .authorization: "Bearer x"]) == .bearer(Secret("x")))
    }

    @Test(
        "What changes something comes from a page of ours or from none",
        arguments: [
            ("http://localhost:8080", "localhost:8080", true), ("http://LOCALHOST:8080", "localhost:8080", true),
            ("http://heating.local", "heating.local", true), ("http://heating.local", "heating.local:80", true),
            ("https://heating.local", "heating.local:443", true), ("https://heating.local:443", "heating.local", true),
            ("http://[::1]:8080", "[::1]:8080", true),
            ("http://localhost:3000", "localhost:8080", false), ("http://example.com", "localhost:8080", false),
            ("null", "localhost:8080", false), ("", "localhost:8080", false),
            ("file://", "localhost:8080", false), ("http://localhost", "localhost:8080", false),
        ]
    )
    func origins(origin: String, host: String, isAnswered: Bool) {
        for method in [HTTPRequest.Method.post, .delete] {
            let request = AccessRequest(
                peer: Self.loopback,
                method: method,
                host: host,
                headers: [.origin: origin, .contentType: "application/json"]
            )
            let status = refusal { () throws(HTTPFailure) in try access.checkOrigin(of: request) }
            #expect(status == (isAnswered ? nil : .forbidden))
        }
        let reading = AccessRequest(peer: Self.loopback, method: .get, host: host, headers: [.origin: origin])
        #expect(throws: Never.self) { try access.checkOrigin(of: reading) }
    }

    @Test("A trusted proxy may say by which name it was asked, and nobody else")
    func forwardedHost() {
        func request(from peer: NetworkAddress?) -> AccessRequest {
            AccessRequest(
                peer: peer,
                method: .post,
                host: "172.30.32.1:8099",
                headers: [
                    .origin: "https://ha.example.com", .xForwardedHost: "ha.example.com",
                    .contentType: "application/json",
                ]
            )
        }
        #expect(throws: Never.self) { try access.checkOrigin(of: request(from: Self.proxy)) }
        #expect(throws: HTTPFailure.self) { try access.checkOrigin(of: request(from: Self.elsewhere)) }
    }

    @Test(
        "What changes something is JSON, which no form can send",
        arguments: [
            ("application/json", true), ("application/json; charset=utf-8", true), ("Application/JSON", true),
            ("text/plain", false), ("application/x-www-form-urlencoded", false), ("multipart/form-data", false),
            ("application/jsonp", false), ("text/plain, application/json", false),
        ]
    )
    func contentTypes(type: String, isAnswered: Bool) {
        let request = AccessRequest(
            peer: Self.loopback,
            method: .post,
            host: "localhost",
            headers: [.contentType: type]
        )
        let status = refusal { () throws(HTTPFailure) in try access.checkOrigin(of: request) }
        #expect(status == (isAnswered ? nil : .unsupportedMediaType))
    }

    @Test("Without a type nothing is changed, except by DELETE, which no foreign page may send")
    func noContentType() {
        #expect(throws: HTTPFailure.self) {
            try access.checkOrigin(of: AccessRequest(peer: Self.loopback, method: .post, host: "localhost"))
        }
        #expect(throws: Never.self) {
            try access.checkOrigin(of: AccessRequest(peer: Self.loopback, method: .delete, host: "localhost"))
        }
    }

    @Test("The path of an ingress is that of a trusted proxy, and cannot break out of a header")
    func ingress() {
        func path(_ value: String) -> String? {
            access.ingressPath(of: AccessRequest(peer: Self.proxy, headers: [.xIngressPath: value]))
        }
        #expect(path("/api/hassio_ingress/aB3-_x") == "/api/hassio_ingress/aB3-_x")
        #expect(path("/x/") == "/x")
        #expect(path("/") == "")
        #expect(path("x") == nil)
        #expect(path("/x; Domain=example.com") == nil)
        #expect(path("/é") == nil)
    }

    @Test("Who has no proof learns which setting is missing")
    func refusals() {
        #expect(access.refusal.status == .unauthorized)
        for settings in [AccessSettings(), AccessSettings(password: Secret(""))] {
            let refusal = Access(settings).refusal
            #expect(refusal.status == .forbidden)
            #expect(refusal.sentence.contains("http.password"))
        }
    }
}
