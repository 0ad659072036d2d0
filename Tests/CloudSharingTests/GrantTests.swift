import Basics
import BridgeCore
import Foundation
import TestSupport
import Testing

@testable import CloudSharing

@Suite("Tokens for other programs")
struct GrantTests {
    @Test("A login gives tokens that work for half an hour, over a restart too, and of which only hashes are kept")
    func login() async throws {
        let client = Client()
        let answer = await client.form("grant_type=password&scope=a+b&Username=EvoHome&Password=sesame")
        #expect(answer.status == 200)
        #expect(answer.json?["expires_in"] == .integer(1799))
        #expect(answer.text("token_type") == "bearer")
        #expect(answer.text("scope") == "a b")
        let token = try #require(answer.text("access_token"))
        #expect(await client.call("GET", "userAccount", token: token).text == Lodge.account)
        let written = String(decoding: try JSONEncoder().encode(client.grants.grants()), as: UTF8.self)
        #expect(!written.contains(token))
        #expect(!written.contains(try #require(answer.text("refresh_token"))))
        var kept = client.grants.grants()
        #expect(kept.dialect(of: Secret(token), at: client.clock.now) == .current)
        kept.closeSession(Secret(token))
        client.clock.advance(by: .seconds(1800))
        let late = await client.call("GET", "userAccount", token: token)
        #expect(late.status == 401)
        #expect(late.text == #"[{"code":"Unauthorized","message":"Unauthorized."}]"#)
    }

    @Test("A refresh token can be used once, and the access token beside it stays valid")
    func rotation() async throws {
        let client = Client()
        let first = await client.form("grant_type=password&Username=evohome&Password=sesame")
        let refresh = "grant_type=refresh_token&refresh_token=\(first.text("refresh_token") ?? "")"
        let second = await client.form(refresh)
        #expect(second.status == 200)
        for answer in [first, second] {
            let token = try #require(answer.text("access_token"))
            #expect(await client.call("GET", "userAccount", token: token).status == 200)
        }
        let spent = await client.form(refresh)
        #expect(spent.status == 400)
        #expect(spent.text == #"{"error":"invalid_grant"}"#)
        let next = "grant_type=refresh_token&refresh_token=\(second.text("refresh_token") ?? "")"
        client.clock.advance(by: Grants.refreshLifetime)
        #expect(await client.form(next).status == 400)
    }

    @Test(
        "What is not a login is refused as the cloud refuses it",
        arguments: [
            ("grant_type=password&Username=evohome&Password=wrong", "invalid_grant"),
            ("grant_type=password&Username=somebody&Password=sesame", "invalid_grant"),
            ("grant_type=password", "invalid_grant"),
            ("grant_type=refresh_token&refresh_token=made-up", "invalid_grant"),
            ("grant_type=client_credentials", "unsupported_grant_type"),
            ("", "unsupported_grant_type"),
        ]
    )
    func refused(form: String, error: String) async {
        let answer = await Client().form(form)
        #expect(answer.status == 400)
        #expect(answer.text == #"{"error":"\#(error)"}"#)
    }

    @Test("An application that nobody knows is refused")
    func application() async {
        for application in [nil, "Basic abc", "bearer x"] {
            let answer = await Client().form("grant_type=password&Username=evohome&Password=sesame", as: application)
            #expect(answer.text == #"{"error":"invalid_client"}"#)
        }
    }

    @Test("After ten wrong passwords in a minute a peer is refused, whatever it sends; others are not")
    func guessing() async {
        let client = Client()
        let wrong = "grant_type=password&Username=evohome&Password=wrong"
        let right = "grant_type=password&Username=evohome&Password=sesame"
        for _ in 0..<10 { #expect(await client.form(wrong).status == 400) }
        let refused = await client.form(right)
        #expect(refused.status == 429)
        #expect(refused.text == #"{"error":"attempt_limit_exceeded"}"#)
        #expect(await client.callV1("POST", "session", #"{"applicationId":"a","username":"x"}"#).status == 429)
        #expect(await client.form(right, from: "192.0.2.2").status == 200)
        client.clock.advance(by: .seconds(61))
        #expect(await client.form(right).status == 200)
    }

    @Test("Of very many clients those that came first are forgotten")
    func bound() {
        var grants = Grants()
        let now = Instant(millisecondsSince1970: 0)
        for number in 0...Grants.limit {
            let pair = Grants.Pair(access: Secret("a\(number)"), refresh: Secret("r\(number)"))
            grants.add(pair, .current, at: now + .seconds(number))
        }
        let later = now + .seconds(Grants.limit + 1)
        #expect(grants.dialect(of: Secret("a0"), at: later) == nil)
        #expect(grants.dialect(of: Secret("a1"), at: later) == .current)
    }

    @Test("A session of API v1 lives a quarter of an hour after it was used last")
    func session() async {
        let client = Client()
        let session = await client.openSession()
        for _ in 0..<5 {
            client.clock.advance(by: .seconds(600))
            #expect(await client.callV1("GET", "accountInfo", session: session).text == Lodge.accountV1)
        }
        client.clock.advance(by: .seconds(901))
        let late = await client.callV1("GET", "accountInfo", session: session)
        #expect(late.status == 401)
        #expect(late.text == #"[{"code":"Unauthorized","message":"Unauthorized"}]"#)
        let another = await client.openSession()
        #expect(await client.callV1("DELETE", "session", session: another).status == 200)
        #expect(await client.callV1("GET", "accountInfo", session: another).status == 401)
    }
}
