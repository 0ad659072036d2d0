import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The control port of the simulator.
struct CloudControl: Sendable {
    private let port: Int

    init(port: Int) { self.port = port }

    /// One request that the cloud has received.
    struct Request: Sendable {
        var method: String
        var path: String
        var grantType: String?
        /// `nil` while it has no answer.
        var status: Int?
        var body: String
        /// In seconds since 1970.
        var received: Double
    }

    func requests() async throws -> [Request] {
        let list = try await call(.GET, "/requests") as? [[String: Any]] ?? []
        return list.map { request in
            Request(
                method: request["method"] as? String ?? "",
                path: request["path"] as? String ?? "",
                grantType: request["grantType"] as? String,
                status: request["status"] as? Int,
                body: request["body"] as? String ?? "",
                received: request["receivedAt"] as? Double ?? 0
            )
        }
    }

    /// The status of every location, as the cloud would answer now.
    func status() async throws -> [[String: Any]] { try await call(.GET, "/status") as? [[String: Any]] ?? [] }

    func advance(by seconds: Int) async throws { try await call(.POST, "/time", ["advance": seconds]) }

    func revoke(_ kind: String) async throws { try await call(.POST, "/tokens", ["revoke": [kind]]) }

    func expectTask(_ outcome: String) async throws { try await call(.POST, "/tasks", ["outcome": outcome]) }

    func inject(_ fault: [String: any Sendable]) async throws { try await call(.POST, "/faults", fault) }

    func setTemperature(_ celsius: Double, ofZone id: String) async throws {
        try await call(.PUT, "/zones/\(id)", ["temperature": celsius])
    }

    func setGateway(_ id: String, isAway: Bool) async throws {
        try await call(.PUT, "/gateways/\(id)", ["away": isAway])
    }

    /// Ends every fault and every expectation.
    func mend() async throws {
        try await call(.DELETE, "/faults")
        try await call(.DELETE, "/tasks")
    }

    @discardableResult
    private func call(_ method: HTTPMethod, _ path: String, _ body: [String: Any]? = nil) async throws -> Any {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if let body { request.body = .bytes(ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: body))) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 1 << 27)
        guard (200..<300).contains(response.status.code) else {
            throw CampaignError("The simulator refused \(method) \(path): \(String(buffer: bytes))")
        }
        return try JSONSerialization.jsonObject(with: Data(bytes.readableBytesView), options: .fragmentsAllowed)
    }
}

/// Why the campaign cannot go on: a fault of its surroundings, not of the bridge.
struct CampaignError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
