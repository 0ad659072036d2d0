import Basics
import Foundation
import HTTPTypes
import HeatingModel
import Observability
import TestSupport
import Testing

@testable import TCCClient

@Suite("The token endpoint")
struct TokenEndpointTests {
    private static func grant(_ lifetime: Double, refresh: String? = "r") -> TokenAnswer {
        let next = refresh.map { Secret($0) }
        return .granted(.init(accessToken: Secret("a"), lifetime: .seconds(lifetime), refreshToken: next))
    }

    private static let page = "a web page, perhaps a proxy's"

    @Test(
        "Every answer of the vendor's is understood",
        arguments: [
            (200, #"{"access_token":"a","token_type":"bearer","expires_in":1799,"refresh_token":"r"}"#, grant(1799)),
            (200, #"{"access_token":"a","expires_in":"1800","refresh_token":"r"}"#, grant(1800)),
            (200, #"{"access_token":"a","expires_in":"soon","refresh_token":"r"}"#, grant(1799)),
            (200, #"{"access_token":"a","expires_in":"nan","refresh_token":"r"}"#, grant(1799)),
            (200, #"{"access_token":"a","expires_in":-5,"refresh_token":"r"}"#, grant(1799)),
            (200, #"{"access_token":"a","expires_in":0,"refresh_token":"r"}"#, grant(1799)),
            (200, #"{"access_token":"a","expires_in":null,"refresh_token":"r"}"#, grant(1799)),
            (200, #"{"access_token":"a","expires_in":{},"refresh_token":"r"}"#, grant(1799)),
            (200, #"{"access_token":"a","expires_in":1e300,"refresh_token":"r"}"#, grant(86_400)),
            (200, #"{"access_token":"a","expires_in":2.5,"refresh_token":"r"}"#, grant(2.5)),
            (200, #"{"access_token":"a","refresh_token":"r","error":""}"#, grant(1799)),
            (200, #"{"access_token":"a","refresh_token":"r","error":null,"scope":7}"#, grant(1799)),
            (200, #"{"access_token":"a","refresh_token":""}"#, grant(1799, refresh: nil)),
            (200, #"{"access_token":"a","refresh_token":7}"#, grant(1799, refresh: nil)),
            (
                200, #"{"access_token":""}"#,
                .outOfOrder("The cloud's login service answered 200 with JSON that was not understood.")
            ),
            (400, #"{"error":"invalid_grant"}"#, .refused),
            (401, #"{"error":"invalid_grant"}"#, .refused),
            (200, #"{"error":"invalid_grant"}"#, .refused),
            (400, #"{"error":"Invalid_Grant","error_description":"…"}"#, .refused),
            (
                500, #"{"error":"invalid_grant"}"#,
                .outOfOrder("The cloud's login service answered 500 with the error invalid_grant.")
            ),
            (
                200, #"{"error":"server_error"}"#,
                .outOfOrder("The cloud's login service answered 200 with the error server_error.")
            ),
            (
                400, #"{"error":"invalid_client"}"#,
                .outOfOrder("The cloud's login service answered 400 with the error invalid_client.")
            ),
            (
                400, #"{"error":"S2oDh1zZ is no token"}"#,
                .outOfOrder("The cloud's login service answered 400 with an unknown error.")
            ),
            (
                400, #"{"error":{"code":1}}"#,
                .outOfOrder("The cloud's login service answered 400 with JSON that was not understood.")
            ),
            (429, #"{"error":"attempt_limit_exceeded"}"#, .rateLimited(retryAfter: nil)),
            (400, #"{"error":"attempt_limit_exceeded"}"#, .rateLimited(retryAfter: nil)),
            (200, #"{"error":"attempt_limit_exceeded"}"#, .rateLimited(retryAfter: nil)),
            (429, "", .rateLimited(retryAfter: nil)),
            (
                200, #""An error has occurred.""#,
                .outOfOrder("The cloud's login service answered 200 with a bare string.")
            ),
            (400, #""Bad""#, .outOfOrder("The cloud's login service answered 400 with a bare string.")),
            (200, "[]", .outOfOrder("The cloud's login service answered 200 with JSON that was not understood.")),
            (200, "", .outOfOrder("The cloud's login service answered 200 with no body.")),
            (
                200, #"{"access_token":"a","#,
                .outOfOrder("The cloud's login service answered 200 with JSON that was not understood.")
            ),
            (400, "<html>Authorize error", .outOfOrder("The cloud's login service answered 400 with \(page).")),
            (502, " <html>", .outOfOrder("The cloud's login service answered 502 with \(page).")),
            (503, "The service is unavailable.", .outOfOrder("The cloud's login service answered 503 with text.")),
        ] as [(Int, String, TokenAnswer)]
    )
    func answers(status: Int, body: String, expected: TokenAnswer) {
        #expect(TokenAnswer(HTTPAnswer(status: status, body: Array(body.utf8))) == expected)
    }

    @Test(
        "Retry-After is a number of seconds, up to a day",
        arguments: [
            ("120", 120), (" 120 ", 120), ("0", 0), ("-5", 0), ("99999999", 86_400), ("soon", nil), ("1.5", nil),
            ("Wed, 21 Oct 2026 07:28:00 GMT", nil),
        ] as [(String, Int?)]
    )
    func retryAfter(text: String, seconds: Int?) {
        let answer = TokenAnswer(HTTPAnswer(status: 429, headerFields: [.retryAfter: text]))
        #expect(answer == .rateLimited(retryAfter: seconds.map { .seconds($0) }))
    }

    @Test(
        "Failures of the network are told apart",
        arguments: [
            (.notSent(.refused), .notSent("The cloud cannot be reached: the connection was refused.")),
            (.timedOut, .unanswered("The cloud did not answer in time.")),
            (.cut, .unanswered("The cloud closed the connection before its answer was complete.")),
            (.tooLarge, .outOfOrder("The cloud's answer was far too long.")),
        ] as [(TransportFailure, TokenAnswer)]
    )
    func network(failure: TransportFailure, expected: TokenAnswer) async throws {
        let transport = ScriptedTransport([.failure(failure)])
        let endpoint = TokenEndpoint(cloud: .vendor, transport: transport)
        #expect(try await endpoint.send(.refresh(RefreshToken(value: Secret("r")))) == expected)
    }

    @Test(
        "What is sent is what the vendor expects, hostile passwords included",
        arguments: [
            "plain", "a&b=c", "p+q r", "100%", "#;?/\\", "ä€😀", "\u{0}\r\n\t", "\"'<>", "=&=&", "~-._",
        ]
    )
    func requests(password: String) async throws {
        let transport = ScriptedTransport([.failure(.timedOut), .failure(.timedOut)])
        let endpoint = TokenEndpoint(cloud: .vendor, transport: transport)
        let credentials = Credentials(username: "some+one@example.com", password: Secret(password))
        _ = try await endpoint.send(.logIn(credentials))
        _ = try await endpoint.send(.refresh(RefreshToken(value: Secret(password))))

        let sent = transport.exchanges
        #expect(sent.allSatisfy { $0.request.path == "/Auth/OAuth/Token" && $0.request.method == .post })
        #expect(sent[0].request.headerFields[.authorization]?.hasPrefix("Basic NGEyMzEwODkt") == true)
        let scope = "EMEA-V1-Basic EMEA-V1-Anonymous"
        #expect(
            Self.decode(sent[0].body) == [
                "grant_type": "password", "scope": scope, "Username": "some+one@example.com", "Password": password,
            ]
        )
        #expect(
            Self.decode(sent[1].body) == ["grant_type": "refresh_token", "scope": scope, "refresh_token": password]
        )
        #expect(sent.allSatisfy { $0.body.utf8.allSatisfy { $0 > 32 && $0 < 127 } })
    }

    /// As a server does, with Foundation's decoder and not ours.
    private static func decode(_ form: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in form.split(separator: "&", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { continue }
            let value = parts[1].replacingOccurrences(of: "+", with: " ")
            fields[parts[0]] = value.removingPercentEncoding
        }
        return fields
    }
}
