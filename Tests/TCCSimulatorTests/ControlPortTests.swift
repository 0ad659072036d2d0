import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import TCCSimulator

@Suite("The control port", .timeLimit(.minutes(1)))
struct ControlPortTests {
    private struct Control: Sendable {
        let client: Client
        let base: String

        func callAsFunction(_ method: String, _ path: String, _ text: String) async throws -> JSON {
            var request = HTTPClientRequest(url: base + path)
            request.method = HTTPMethod(rawValue: method)
            if !text.isEmpty { request.body = .bytes(ByteBuffer(string: text)) }
            let answer = try await client.send(request)
            return ["status": .number(answer.status), "body": answer.json, "text": .string(answer.body)]
        }
    }

    private func withControl(
        _ body: @Sendable (TCCSimulator, Client, Control) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.control = .init()
        try await TCCSimulator.withRunning(configuration) { simulator in
            let client = try await Client(simulator)
            let address = try #require(try await simulator.controlAddress)
            try await body(simulator, client, Control(client: client, base: "http://\(address)"))
        }
    }

    @Test("Its page lists every address")
    func index() async throws {
        try await withControl { _, _, control in
            let page = try await control("GET", "/", "")["text"]?.string ?? ""
            for endpoint in ControlEndpoint.all { #expect(page.contains("<code>\(endpoint.path)</code>")) }
        }
    }

    @Test("Every example of its page is taken")
    func examples() async throws {
        try await withControl { _, _, control in
            for endpoint in ControlEndpoint.all where endpoint.path != "/zones/{id}" || endpoint.method != "DELETE" {
                let id = endpoint.path.hasPrefix("/gateways") ? "2100002" : "2100004"
                let path = endpoint.path.replacing("{zones|hot-water|systems|gateways}", with: "zones")
                    .replacing("hot-water/{id}", with: "hot-water/2100010").replacing("{id}", with: id)
                for example in endpoint.example.split(separator: " or ", omittingEmptySubsequences: false) {
                    let status = try await control(endpoint.method, path, String(example))["status"]?.int ?? 0
                    #expect((200...201).contains(status), "\(endpoint.method) \(path) \(example)")
                }
            }
        }
    }

    @Test("A fault that it was given strikes, and is listed until it has")
    func faults() async throws {
        try await withControl { _, client, control async throws in
            let fault = #"{"effect":"respond","status":502,"body":{"a":1},"path":"/userAccount"}"#
            #expect(try await control("POST", "/faults", fault)["body"]?.array?.count == 1)
            #expect(try await client.get("userAccount").status == 502)
            #expect(try await client.get("userAccount").status == 200)
            #expect(try await control("GET", "/faults", "")["body"] == [])
        }
    }

    @Test("Tokens are revoked, tasks fail, time moves on")
    func cloud() async throws {
        try await withControl { _, client, control in
            _ = try await control("POST", "/tasks", #"{"outcome":"fails"}"#)
            let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":25}"#
            let task = try await client.put("temperatureZone/2100004/heatSetpoint", body).json["id"]?.string ?? ""
            _ = try await control("POST", "/time", #"{"advance":20}"#)
            #expect(try await client.get("commTasks?commTaskId=\(task)").json["state"] == "Failed")
            _ = try await control("POST", "/tokens", #"{"revoke":["access"]}"#)
            #expect(try await client.get("userAccount").status == 401)
        }
    }

    @Test("Zones are renamed, added and removed, and sensors lost")
    func homes() async throws {
        try await withControl { _, client, control in
            _ = try await control("PUT", "/zones/2100004", #"{"name":"Library","sensorLost":true}"#)
            let zone = try await client.get("temperatureZone/2100004/status").json
            #expect(zone["name"] == "Library")
            #expect(zone["temperatureStatus"] == ["isAvailable": false])
            #expect(zone["activeFaults"]?.array?.first?["faultType"] == "TempZoneSensorCommunicationLost")
            _ = try await control("PUT", "/zones/2100004", #"{"sensorLost":false,"temperature":25.2}"#)
            let found = try await client.get("temperatureZone/2100004/status").json
            #expect(found["temperatureStatus"]?["isAvailable"] == true && found["activeFaults"] == [])
            #expect(found["temperatureStatus"]?["temperature"] == 25.0)

            let added = try await control("POST", "/zones", #"{"name":"Attic"}"#)["body"]?["id"]?.string ?? ""
            #expect(try await client.get("temperatureZone/\(added)/installationInfo").json["name"] == "Attic")
            _ = try await control("DELETE", "/zones/\(added)", "")
            #expect(try await client.get("temperatureZone/\(added)/status").status == 401)

            _ = try await control("POST", "/hot-water/2100010/faults", #"{"type":"DHWSensorLowBattery"}"#)
            #expect(try await client.get("domesticHotWater/2100010/status").body.contains("DHWSensorLowBattery"))
            _ = try await control("DELETE", "/hot-water/2100010/faults", "")
            #expect(try await client.get("domesticHotWater/2100010/status").json["activeFaults"] == [])
        }
    }

    @Test("Its log can be searched and has no secrets")
    func log() async throws {
        try await withControl { _, client, control in
            _ = try await client.get("userAccount")
            let logins = try await control("GET", "/requests?grantType=password", "")
            #expect(logins["body"]?.array?.count == 1)
            #expect(logins["text"]?.string?.contains("Password") == false)
            #expect(try await control("DELETE", "/requests", "")["body"] == [])
        }
    }

    @Test(
        "What it cannot do is an error in a sentence",
        arguments: [
            ("GET", "/nowhere", "", 404), ("POST", "/faults", "{", 400), ("POST", "/faults", "[]", 400),
            ("POST", "/faults", #"{"effect":"magic"}"#, 400),
            ("POST", "/faults", #"{"effect":"respond","status":99}"#, 400),
            ("POST", "/faults", #"{"effect":"delay","milliseconds":[5,1]}"#, 400),
            ("POST", "/faults", #"{"effect":"hang","probability":2}"#, 400),
            ("POST", "/tasks", #"{"outcome":"explodes"}"#, 400), ("POST", "/time", #"{"advance":-1}"#, 400),
            ("POST", "/tokens", #"{"revoke":["all"]}"#, 400), ("PUT", "/zones/1", #"{"name":"x"}"#, 404),
            ("DELETE", "/zones/1", "", 404), ("PUT", "/gateways/1", #"{"away":true}"#, 404),
            ("PUT", "/gateways/2100002", "{}", 400), ("PUT", "/boilers/1", "{}", 404),
            ("POST", "/zones/1/faults", #"{"type":"x"}"#, 404), ("POST", "/zones", #"{"system":"1"}"#, 404),
        ]
    )
    func refusals(_ method: String, _ path: String, _ body: String, _ status: Int) async throws {
        try await withControl { _, _, control in
            let answer = try await control(method, path, body)
            #expect(answer["status"] == .number(status))
            #expect(answer["body"]?["error"]?.string?.hasSuffix(".") == true)
        }
    }
}
