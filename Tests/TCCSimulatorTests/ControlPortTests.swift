import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import SimulatorTestSupport
import Testing

@testable import TCCSimulator

@Suite("The control port", .timeLimit(.minutes(1)))
struct ControlPortTests {
    /// The control port of a running simulator, without a socket of its own.
    private struct Control: Sendable {
        let port: ControlPort

        func callAsFunction(_ method: String, _ path: String, _ body: String = "") -> CloudResponse {
            let parts = path.split(separator: "?", maxSplits: 1)
            return port.respond(
                to: CloudRequest(
                    method: method,
                    path: String(parts[0]),
                    query: parts.count > 1 ? FormEncoding.fields(parts[1]) : [],
                    body: Array(body.utf8)
                )
            )
        }
    }

    private func withControl(_ body: @Sendable (Client, Control) async throws -> Void) async throws {
        try await TCCSimulator.withRunning { simulator in
            try await body(try await Client(simulator), Control(port: ControlPort(simulator: simulator)))
        }
    }

    @Test("It answers over HTTP")
    func socket() async throws {
        let port = try await Self.freePort()
        var configuration = SimulatorConfiguration()
        configuration.control = .init(port: port)
        try await TCCSimulator.withRunning(configuration) { simulator in
            let client = try await Client(simulator)
            func call(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> Client.Answer {
                var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
                request.method = method
                request.body = body.map { .bytes(ByteBuffer(string: $0)) }
                return try await client.send(request)
            }
            // Both ports open at the same time, so this one can be a moment later than the client's login.
            while (try? await call(.GET, "/")) == nil { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try await call(.GET, "/").contentType == "text/html")
            #expect(try await call(.POST, "/faults", #"{"effect":"html","status":502}"#).status == 200)
            #expect(try await client.get("userAccount").status == 502)
            #expect(try await call(.GET, "/requests?path=useraccount").json.array?.count == 1)
            #expect(try await call(.POST, "/faults", String(repeating: " ", count: 2 << 20)).status == 413)
        }
    }

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        try await channel.close()
        return port
    }

    @Test("Its page lists every operation")
    func index() async throws {
        try await withControl { _, control in
            let page = control("GET", "/").text
            for endpoint in ControlEndpoint.all { #expect(page.contains("<code>\(endpoint.path)</code>")) }
        }
    }

    @Test("Every example of its page is accepted")
    func examples() async throws {
        try await withControl { _, control in
            for endpoint in ControlEndpoint.all where endpoint.path != "/zones/{id}" || endpoint.method != "DELETE" {
                let id = endpoint.path.hasPrefix("/gateways") ? "2100002" : "2100004"
                let path = endpoint.path.replacing("{zones|hot-water|systems|gateways}", with: "zones")
                    .replacing("hot-water/{id}", with: "hot-water/2100010").replacing("{id}", with: id)
                for example in endpoint.example.split(separator: " or ", omittingEmptySubsequences: false) {
                    let status = control(endpoint.method, path, String(example)).status
                    #expect((200...201).contains(status), "\(endpoint.method) \(path) \(example)")
                }
            }
        }
    }

    @Test("A fault is listed until it has struck")
    func faults() async throws {
        try await withControl { client, control async throws in
            let fault = #"{"effect":"respond","status":502,"body":{"a":1},"path":"/userAccount"}"#
            #expect(control("POST", "/faults", fault).json.array?.count == 1)
            #expect(try await client.get("userAccount").status == 502)
            #expect(try await client.get("userAccount").status == 200)
            #expect(control("GET", "/faults").json == [])
        }
    }

    @Test("Tokens are revoked, tasks fail, time advances")
    func cloud() async throws {
        try await withControl { client, control in
            _ = control("POST", "/tasks", #"{"outcome":"fails"}"#)
            let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":25}"#
            let task = try await client.put("temperatureZone/2100004/heatSetpoint", body).json["id"]?.string ?? ""
            _ = control("POST", "/time", #"{"advance":20}"#)
            #expect(try await client.get("commTasks?commTaskId=\(task)").json["state"] == "Failed")
            _ = control("POST", "/tokens", #"{"revoke":["access"]}"#)
            #expect(try await client.get("userAccount").status == 401)
        }
    }

    @Test("Zones are renamed, added and removed, and sensors lost")
    func homes() async throws {
        try await withControl { client, control in
            _ = control("PUT", "/zones/2100004", #"{"name":"Library","sensorLost":true}"#)
            let zone = try await client.get("temperatureZone/2100004/status").json
            #expect(zone["name"] == "Library")
            #expect(zone["temperatureStatus"] == ["isAvailable": false])
            #expect(zone["activeFaults"]?.array?.first?["faultType"] == "TempZoneSensorCommunicationLost")
            _ = control("PUT", "/zones/2100004", #"{"sensorLost":false,"temperature":25.2}"#)
            let found = try await client.get("temperatureZone/2100004/status").json
            #expect(found["temperatureStatus"]?["isAvailable"] == true && found["activeFaults"] == [])
            #expect(found["temperatureStatus"]?["temperature"] == 25.0)

            let added = control("POST", "/zones", #"{"name":"Attic"}"#).json["id"]?.string ?? ""
            #expect(try await client.get("temperatureZone/\(added)/installationInfo").json["name"] == "Attic")
            #expect(control("GET", "/homes").json.array?.first?["systems"]?.array?.first?["zones"]?[added] == "Attic")
            _ = control("DELETE", "/zones/\(added)")
            #expect(try await client.get("temperatureZone/\(added)/status").status == 401)

            _ = control("POST", "/hot-water/2100010/faults", #"{"type":"DHWSensorLowBattery"}"#)
            #expect(try await client.get("domesticHotWater/2100010/status").body.contains("DHWSensorLowBattery"))
            _ = control("DELETE", "/hot-water/2100010/faults")
            #expect(try await client.get("domesticHotWater/2100010/status").json["activeFaults"] == [])
        }
    }

    @Test("It shows the status of every location as a client reads it, without a request")
    func status() async throws {
        try await withControl { client, control in
            let location = try #require(control("GET", "/homes").json.array?.first?["location"]?.string)
            _ = control("PUT", "/zones/2100004", #"{"temperature":25.2}"#)
            let requests = control("GET", "/requests").json.array?.count
            let shown = control("GET", "/status").json.array?.first
            #expect(control("GET", "/requests").json.array?.count == requests)
            let path = "location/\(location)/status?includeTemperatureControlSystems=True"
            #expect(try await client.get(path).json == shown)
        }
    }

    @Test("Its log of requests can be filtered and has no secrets")
    func log() async throws {
        try await withControl { client, control in
            _ = try await client.get("userAccount")
            let logins = control("GET", "/requests?grantType=password")
            #expect(logins.json.array?.count == 1)
            #expect(!logins.text.contains("Password"))
            #expect(control("DELETE", "/requests").json == [])
        }
    }

    @Test(
        "An operation that is impossible is refused with a sentence",
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
    func refusals(_ method: String, _ path: String, _ body: String, _ status: Int) throws {
        let control = Control(port: ControlPort(simulator: try TCCSimulator()))
        let answer = control(method, path, body)
        #expect(answer.status == status)
        #expect(answer.json["error"]?.string?.hasSuffix(".") == true)
    }
}
