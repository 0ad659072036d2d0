import AsyncHTTPClient
import Basics
import TCCClient
import Testing

@Suite("The proxy that the environment names")
struct CloudProxyTests {
    private func proxy(_ environment: [String: String], _ address: CloudAddress = .vendor) throws -> CloudProxy? {
        try CloudProxy(environment: environment, for: address)
    }

    @Test(
        "An address becomes host and port",
        arguments: [
            ("http://proxy.example:3128", "proxy.example", 3128, .http),
            ("proxy.example:3128", "proxy.example", 3128, .http),
            ("http://proxy.example", "proxy.example", 80, .http), ("http://proxy.example/", "proxy.example", 80, .http),
            ("http://[fd00::1]:8080", "fd00::1", 8080, .http), (" http://10.0.0.1:8080 ", "10.0.0.1", 8080, .http),
            ("socks5://proxy.example", "proxy.example", 1080, .socks),
        ] as [(String, String, Int, CloudProxy.Kind)]
    )
    func addresses(value: String, host: String, port: Int, kind: CloudProxy.Kind) throws {
        let proxy = try #require(try proxy(["HTTPS_PROXY": value]))
        #expect((proxy.host, proxy.port, proxy.kind) == (host, port, kind))
        #expect(proxy.username == nil && proxy.password == nil)
    }

    @Test("User name and password are decoded, and do not print")
    func credentials() throws {
        let proxy = try #require(try proxy(["https_proxy": "http://some%40one:p%3Ass@proxy.example:3128"]))
        #expect((proxy.username, proxy.password) == (Secret("some@one"), Secret("p:ss")))
        #expect(!"\(proxy)".contains("p:ss") && !"\(proxy)".contains("some@one"))
        #expect(proxy.clientSetting.authorization != nil)
    }

    @Test("Without a value, and for plain http on loopback, there is no proxy")
    func none() throws {
        #expect(try proxy([:]) == nil)
        #expect(try proxy(["HTTPS_PROXY": " "]) == nil)
        let simulator = CloudAddress(scheme: "http", authority: "127.0.0.1:8480")
        #expect(try proxy(["HTTPS_PROXY": "http://proxy.example:3128"], simulator) == nil)
        // The small letters go first, as with curl.
        #expect(try proxy(["HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:2"])?.host == "b")
    }

    @Test(
        "A value that cannot be used is refused without being quoted",
        arguments: [
            ("http://", .notAnAddress), ("http://proxy:99999", .notAnAddress), ("ftp://proxy", .unsupportedScheme),
            ("https://secret@proxy", .unsupportedScheme), ("socks5://a:secret@proxy", .loginForSOCKS),
        ] as [(String, CloudProxy.Problem)]
    )
    func refused(value: String, problem: CloudProxy.Problem) {
        #expect(throws: problem) { try proxy(["HTTPS_PROXY": value]) }
        #expect(!problem.description.contains("secret"))
    }

    @Test(
        "NO_PROXY names hosts, domains and ports",
        arguments: [
            ("*", true), ("tccna.resideo.com", true), ("TCCNA.Resideo.com", true), ("resideo.com", true),
            (".resideo.com", true), ("*.resideo.com", true), ("localhost, resideo.com ,x", true),
            ("resideo.com:443", true), ("resideo.com:8443", false), ("sideo.com", false), ("com.resideo", false),
            ("", false), (",,", false), (".", false), ("10.0.0.1", false),
        ]
    )
    func exclusions(list: String, isDirect: Bool) throws {
        let proxy = try proxy(["HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": list])
        #expect((proxy == nil) == isDirect)
    }

    @Test("An IPv6 address can be excluded", arguments: ["[fd00::1]", "fd00::1", "[fd00::1]:8443"])
    func ipv6(list: String) throws {
        let address = CloudAddress(scheme: "https", authority: "[fd00::1]:8443")
        #expect(try proxy(["HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": list], address) == nil)
    }
}
