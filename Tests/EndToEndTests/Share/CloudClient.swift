import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport

/// A client of the vendor's interface: of the cloud itself, or of a bridge that shares it.
struct CloudClient: Sendable {
    struct Answer: Equatable, Sendable {
        let status: Int
        let body: String

        var json: Any? { try? JSONSerialization.jsonObject(with: Data(body.utf8), options: .fragmentsAllowed) }
        subscript(key: String) -> String? { (json as? [String: Any])?[key] as? String }
        /// Pages for people differ.
        var isPage: Bool { body.hasPrefix("<!DOCTYPE") }
    }

    /// A login that was not accepted.
    struct Refused: Error {
        let answer: Answer
    }

    private static let application =
        "Basic NGEyMzEwODktZDJiNi00MWJkLWE1ZWItMTZhMGE0MjJiOTk5OjFhMTVjZGI4LTQyZGUtNDA3Yi1hZGQwLTA1OWY5MmM1MzBjYg=="

    let url: String
    private(set) var token = ""
    private(set) var session = ""

    init(_ url: String) { self.url = url }

    /// Logs in to API v2.
    func loggedIn(_ username: String, _ password: String) async throws -> CloudClient {
        let answer = try await logIn(username, password)
        var client = self
        guard let token = answer["access_token"] else { throw Refused(answer: answer) }
        client.token = token
        return client
    }

    /// Logs in to API v1.
    func withSession(_ username: String, _ password: String) async throws -> CloudClient {
        let body = #"{"applicationId":"91db","username":"\#(username)","password":"\#(password)"}"#
        let answer = try await send(.POST, "/WebAPI/api/Session", body, ["content-type": "application/json"])
        var client = self
        guard let session = answer["sessionId"] else { throw Refused(answer: answer) }
        client.session = session
        return client
    }

    func logIn(_ username: String, _ password: String) async throws -> Answer {
        try await send(
            .POST,
            "/Auth/OAuth/Token",
            "grant_type=password&Username=\(username)&Password=\(password)",
            ["authorization": Self.application, "content-type": "application/x-www-form-urlencoded"]
        )
    }

    func get(_ path: String) async throws -> Answer {
        try await send(.GET, "/WebAPI/emea/api/v1/\(path)", nil, ["authorization": "bearer \(token)"])
    }

    func getV1(_ path: String) async throws -> Answer {
        try await send(.GET, "/WebAPI/api/\(path)", nil, ["sessionId": session])
    }

    func put(_ path: String, _ body: String) async throws -> Answer {
        try await send(
            .PUT,
            "/WebAPI/emea/api/v1/\(path)",
            body,
            ["authorization": "bearer \(token)", "content-type": "application/json"]
        )
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String?,
        _ headers: [String: String]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.headers.add(name: "user-agent", value: "walker/1")
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(40))
        let bytes = try await response.body.collect(upTo: 1 << 24)
        return Answer(status: Int(response.status.code), body: String(buffer: bytes))
    }
}

/// What a bridge shares, as other programs are pointed at it.
struct Share: Sendable {
    let port: Int

    init() throws { port = try freePort() }

    var flags: [String] {
        ["--share-listen", "127.0.0.1:\(port)", "--share-password", "sesame", "--cloud-high-precision", "on"]
    }

    var client: CloudClient { CloudClient("http://127.0.0.1:\(port)") }

    func loggedIn() async throws -> CloudClient { try await client.loggedIn("evohome", "sesame") }
}
