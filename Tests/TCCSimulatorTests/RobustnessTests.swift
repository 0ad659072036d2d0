import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import SimulatorTestSupport
import Testing

@testable import TCCSimulator

@Suite("Bad input never stops the simulator", .timeLimit(.minutes(2)))
struct RobustnessTests {
    /// Sends raw bytes and returns the first bytes of the response; nothing if the peer closes or does not answer.
    private func exchange(_ bytes: [UInt8], with simulator: TCCSimulator) async throws -> String {
        let address = try await simulator.address
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try? await outbound.write(ByteBuffer(bytes: bytes))
            return try await withThrowingTaskGroup(of: String.self) { group in
                group.addTask {
                    for try await buffer in inbound { return String(buffer: buffer) }
                    return ""
                }
                group.addTask {
                    try await Task.sleep(for: .milliseconds(500))
                    return ""
                }
                let answer = try await group.next() ?? ""
                group.cancelAll()
                return answer
            }
        }
    }

    @Test(
        "Malformed requests do no harm",
        arguments: [
            "\u{0}\u{1}\u{2}", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nBad Header: x\r\n: y\r\n\r\n", "PUT / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\nx",
            "POST /Auth/OAuth/Token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /%ff%fe%00/../..//WebAPI/emea/api/v1/ HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /WebAPI/emea/api/v1/userAccount HTTP/1.1\r\nAuthorization: \u{e9}\u{e9}\r\n\r\n",
        ]
    )
    func nonsense(_ text: String) async throws {
        try await TCCSimulator.withRunning { simulator in
            _ = try? await exchange(Array(text.utf8), with: simulator)
            let answer = try await Client(simulator).get("userAccount")
            #expect(answer.status == 200)
        }
    }

    @Test("An endless header is cut off")
    func endlessHeader() async throws {
        try await TCCSimulator.withRunning { simulator in
            let header = "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 1 << 20)
            let refusal = try? await exchange(Array(header.utf8), with: simulator)
            #expect(refusal?.hasPrefix("HTTP/1.1 200") != true)
            let answer = try await Client(simulator).get("userAccount")
            #expect(answer.status == 200)
        }
    }

    @Test("A body that is too large, too deeply nested or not valid is refused")
    func bodies() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            let path = "temperatureZone/2100004/heatSetpoint"
            #expect(try await client.put(path, String(repeating: " ", count: 3 << 20)).status == 413)
            #expect(try await client.put(path, String(repeating: "[", count: 900_000)).status == 400)
            #expect(try await client.put(path, String(repeating: #"{"a":"#, count: 100_000)).status == 400)
            #expect(try await client.put(path, "\u{feff}{}").status == 400)
            #expect(try await client.put(path, #"{"setpointMode":1e400}"#).status == 400)
            #expect(try await client.get("userAccount").status == 200)
        }
    }

    @Test("Five hundred clients are served at once")
    func connections() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 500
            let url = client.base + "/WebAPI/emea/api/v1/location/2100001/status?includeTemperatureControlSystems=true"
            try await HTTPClient.withHTTPClient(configuration: configuration) { many in
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<500 {
                        group.addTask {
                            var request = HTTPClientRequest(url: url)
                            request.headers.add(name: "Authorization", value: "bearer \(client.accessToken)")
                            let response = try await many.execute(request, timeout: .seconds(60))
                            _ = try await response.body.collect(upTo: 1 << 20)
                            return Int(response.status.code)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses == Array(repeating: 200, count: 500))
            }
        }
    }

    @Test("It stops at once despite open connections and a hanging request")
    func stopping() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            simulator.inject(Fault(.hang))
            let hanging = Task { try await client.get("userAccount") }
            while simulator.requests(RequestMatcher(path: "userAccount")).isEmpty {
                try await Task.sleep(for: .milliseconds(5))
            }
            hanging.cancel()
        }
    }

    @Test("Invalid settings are refused with what is allowed")
    func settings() {
        let edits: [(edit: @Sendable (inout SimulatorConfiguration) -> Void, reason: String)] = [
            ({ $0.speed = 0 }, "from 1 to 3600"), ({ $0.speed = 4_000 }, "from 1 to 3600"),
            ({ $0.copies = 0 }, "at least 1"), ({ $0.tokenLifetime = .zero }, "at least one second"),
            ({ $0.taskDuration = .seconds(-1)...(.seconds(1)) }, "negative"), ({ $0.homes = [] }, "at least one home"),
            ({ $0.homes = [.folder("/nowhere")] }, "/nowhere"), ({ $0.homes = [.builtIn("castle")] }, "villa"),
        ]
        for (edit, reason) in edits {
            var configuration = SimulatorConfiguration()
            edit(&configuration)
            let error = #expect(throws: SimulatorError.self) { try TCCSimulator(configuration: configuration) }
            #expect(error?.description.contains(reason) == true)
        }
    }
}
