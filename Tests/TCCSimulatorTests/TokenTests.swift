import Foundation
import Testing

@testable import TCCSimulator

@Suite("The token endpoint")
struct TokenTests {
    @Test("A login gives an access token that is valid until it expires")
    func login() {
        var bench = CloudBench(tokenLifetime: .seconds(1_799))
        let answer = bench.login()
        #expect(answer.status == 200)
        #expect(answer.json["token_type"] == "bearer")
        #expect(answer.json["expires_in"] == 1_799)
        #expect(answer.json["scope"] == "EMEA-V1-Basic")
        bench.accessToken = answer.json["access_token"]?.string ?? ""
        #expect(bench.accessToken.count > 100)
        bench.pass(1_798)
        #expect(bench.call("GET", "userAccount").status == 200)
        bench.pass(1)
        #expect(bench.call("GET", "userAccount").status == 401)
    }

    @Test("A refresh token can be used once, and the access token issued with it stays valid")
    func rotation() {
        var bench = CloudBench()
        let login = bench.login().json
        let first = login["refresh_token"]?.string ?? ""
        bench.accessToken = login["access_token"]?.string ?? ""
        let answer = bench.token("grant_type=refresh_token&refresh_token=\(first)")
        #expect(answer.status == 200)
        let second = answer.json["refresh_token"]?.string ?? ""
        #expect(second != first)
        #expect(bench.call("GET", "userAccount").status == 200)
        let spent = bench.token("grant_type=refresh_token&refresh_token=\(first)")
        #expect(spent.status == 400)
        #expect(spent.json == ["error": "invalid_grant"])
        #expect(bench.token("grant_type=refresh_token&refresh_token=\(second)").status == 200)
    }

    @Test("A refresh token expires after two days")
    func oldRefreshToken() {
        var bench = CloudBench()
        let refresh = bench.login().json["refresh_token"]?.string ?? ""
        bench.pass(172_800)
        #expect(bench.token("grant_type=refresh_token&refresh_token=\(refresh)").json == ["error": "invalid_grant"])
    }

    @Test("Other logins do not invalidate a refresh token")
    func concurrentLogins() {
        var bench = CloudBench()
        let refresh = bench.login().json["refresh_token"]?.string ?? ""
        #expect(bench.login().status == 200)
        #expect(bench.token("grant_type=refresh_token&refresh_token=\(refresh)").status == 200)
    }

    @Test(
        "A refused token request says why",
        arguments: [
            ("grant_type=password&Username=user%40example.com&Password=wrong", 400, "invalid_grant"),
            ("grant_type=password&Username=nobody%40example.com&Password=password", 400, "invalid_grant"),
            ("grant_type=password&username=user%40example.com&password=password", 400, "invalid_grant"),
            ("grant_type=password", 400, "invalid_grant"),
            ("grant_type=refresh_token&refresh_token=never-issued", 400, "invalid_grant"),
            ("grant_type=refresh_token", 400, "invalid_grant"),
            ("grant_type=magic", 400, "unsupported_grant_type"),
            ("", 400, "unsupported_grant_type"),
            ("%%%&&&===\u{0}", 400, "unsupported_grant_type"),
        ]
    )
    func refusals(_ form: String, _ status: Int, _ error: String) {
        var bench = CloudBench()
        let answer = bench.token(form)
        #expect(answer.status == status)
        #expect(answer.json == ["error": .string(error)])
        #expect(answer.contentType.hasPrefix("application/json"))
    }

    @Test(
        "Special characters of a password have to be encoded",
        arguments: [
            ("a%2Bb%26c+d%25", 200), ("a%2bb%26c%20d%25", 200), ("a%2Bb%26c+d%", 200),
            ("a+b%26c+d%25", 400), ("a%2Bb&c+d%25", 400), ("a%2Bb%26c+d%2525", 400),
        ]
    )
    func encoding(_ password: String, _ status: Int) {
        var bench = CloudBench(password: "a+b&c d%")
        #expect(bench.login(password: password).status == status)
    }

    @Test("An unknown application is refused", arguments: ["Basic bm90OmtzbndvbW4=", "Bearer x", "Basic ***", ""])
    func application(_ authorization: String) {
        var bench = CloudBench()
        let answer = bench.token("grant_type=refresh_token&refresh_token=x", authorization: authorization)
        #expect(answer.json == ["error": "invalid_client"])
    }

    @Test("Too many logins are refused until the window has passed, while refreshing still works")
    func loginLimit() {
        var bench = CloudBench(loginLimit: LoginLimit(attempts: 2, window: .seconds(900)))
        let refresh = bench.login().json["refresh_token"]?.string ?? ""
        #expect(bench.login(password: "wrong").status == 400)
        let refused = bench.login()
        #expect(refused.status == 429)
        #expect(refused.json == ["error": "attempt_limit_exceeded"])
        #expect(bench.token("grant_type=refresh_token&refresh_token=\(refresh)").status == 200)
        bench.pass(900)
        #expect(bench.login().status == 200)
    }

    @Test("Revoked tokens are refused")
    func revocation() {
        var bench = CloudBench()
        let refresh = bench.login().json["refresh_token"]?.string ?? ""
        bench.cloud.tokens.revokeAccessTokens()
        #expect(bench.call("GET", "userAccount").status == 401)
        bench.cloud.tokens.revokeRefreshTokens()
        #expect(bench.token("grant_type=refresh_token&refresh_token=\(refresh)").status == 400)
    }
}
