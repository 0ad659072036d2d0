import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

@testable import TCCSimulator

/// A plain client of a running simulator.
struct Client: Sendable {
    struct Answer: Sendable {
        let status: Int
        let contentType: String
        let simulator: String
        let body: String

        var json: JSON { (try? JSON(parsing: Array(body.utf8))) ?? .null }
    }

    let base: String
    var accessToken = ""
    let http: HTTPClient
    let timeout: TimeAmount

    /// Logs in.
    init(_ simulator: TCCSimulator, http: HTTPClient = .shared, timeout: TimeAmount = .seconds(10)) async throws {
        base = try await simulator.url
        (self.http, self.timeout) = (http, timeout)
        accessToken = try await login().json["access_token"]?.string ?? ""
    }

    func login() async throws -> Answer {
        try await token("grant_type=password&Username=user%40example.com&Password=password")
    }

    func token(_ form: String) async throws -> Answer {
        var request = HTTPClientRequest(url: base + "/Auth/OAuth/Token")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Basic \(CloudBench.application)")
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: form))
        return try await send(request)
    }

    func get(_ path: String) async throws -> Answer { try await call(.GET, path) }

    func put(_ path: String, _ body: String) async throws -> Answer { try await call(.PUT, path, body) }

    func call(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(base)/WebAPI/emea/api/v1/\(path)")
        request.method = method
        request.headers.add(name: "Authorization", value: "bearer \(accessToken)")
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        return try await send(request)
    }

    func send(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await http.execute(request, timeout: timeout)
        let body = try await response.body.collect(upTo: 1 << 22)
        return Answer(
            status: Int(response.status.code),
            contentType: response.headers.first(name: "Content-Type") ?? "",
            simulator: response.headers.first(name: "X-Simulator") ?? "",
            body: String(buffer: body)
        )
    }
}
