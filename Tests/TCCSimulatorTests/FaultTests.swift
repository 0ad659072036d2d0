import AsyncHTTPClient
import Foundation
import NIOCore
import SimulatorTestSupport
import Synchronization
import Testing

@testable import TCCSimulator

@Suite("Faults of requests", .timeLimit(.minutes(1)))
struct FaultTests {
    private let status = "location/2100001/status?includeTemperatureControlSystems=True"
    private let setpoint = #"{"setpointMode":"PermanentOverride","heatSetpointValue":25}"#
    private let setpointPath = "temperatureZone/2100004/heatSetpoint"

    @Test("A fault strikes matching requests a given number of times")
    func times() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            let matcher = RequestMatcher(method: "GET", path: "/STATUS")
            simulator.inject(Fault(.respond(.html(503)), for: matcher, times: 2))
            #expect(try await client.get("userAccount").status == 200)
            for _ in 0..<2 {
                let answer = try await client.get(status)
                #expect(answer.status == 503 && answer.contentType == "text/html")
                #expect(answer.body.contains("The service is unavailable."))
            }
            #expect(try await client.get(status).status == 200)
        }
    }

    @Test("A fault without a limit stays until it is removed")
    func removal() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            simulator.inject(Fault(.respond(.tooManyRequests(retryAfter: 7)), times: nil))
            for _ in 0..<5 { #expect(try await client.get(status).status == 429) }
            simulator.removeFaults()
            #expect(try await client.get(status).status == 200)
        }
    }

    @Test("Token requests can be selected by their grant")
    func grants() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            let refresh = try await client.login().json["refresh_token"]?.string ?? ""
            let canned = CannedResponse(status: 200, body: #"{"error":"unavailable"}"#)
            simulator.inject(Fault(.respond(canned), for: RequestMatcher(grantType: "refresh_token")))
            #expect(try await client.login().status == 200)
            let form = "grant_type=refresh_token&refresh_token=\(refresh)"
            #expect(try await client.token(form).json == ["error": "unavailable"])
            #expect(try await client.token(form).status == 200)
        }
    }

    @Test("A request is carried out although its response is lost", arguments: [Fault.Effect.loseResponse, .cutBody])
    func lostResponse(_ effect: Fault.Effect) async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            simulator.inject(Fault(effect, for: RequestMatcher(method: "PUT")))
            await #expect(throws: (any Error).self) { try await client.put(setpointPath, setpoint) }
            simulator.advance(by: .seconds(20))
            let zone = try await client.get("temperatureZone/2100004/status").json
            #expect(zone["setpointStatus"]?["targetHeatTemperature"] == 25.0)
        }
    }

    @Test("A refused request is not carried out")
    func refused() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            simulator.inject(Fault(.refuse, for: RequestMatcher(method: "PUT")))
            await #expect(throws: (any Error).self) { try await client.put(setpointPath, setpoint) }
            simulator.advance(by: .seconds(20))
            let zone = try await client.get("temperatureZone/2100004/status").json
            #expect(zone["setpointStatus"]?["setpointMode"] == "FollowSchedule")
        }
    }

    @Test("A truncated response is complete as HTTP but not valid JSON")
    func truncated() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            simulator.inject(Fault(.truncate))
            let answer = try await client.get(status)
            #expect(answer.status == 200 && !answer.body.isEmpty)
            #expect(throws: JSONSyntaxError.self) { try JSON(parsing: Array(answer.body.utf8)) }
        }
    }

    @Test("A fault can change the content type")
    func contentType() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            simulator.inject(Fault(.contentType("text/plain")))
            let answer = try await client.get(status)
            #expect(answer.contentType == "text/plain" && answer.json["locationId"] == "2100001")
        }
    }

    @Test(
        "An endless body and a request that is never answered end when the client disconnects",
        arguments: [Fault.Effect.endlessBody, .hang]
    )
    func endless(_ effect: Fault.Effect) async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            let impatient = try await Client(simulator, timeout: .milliseconds(200))
            simulator.inject(Fault(effect))
            await #expect(throws: (any Error).self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await impatient.get(status) }
                    group.addTask {
                        try await Task.sleep(for: .milliseconds(400))
                        throw CancellationError()
                    }
                    try await group.next()
                    group.cancelAll()
                }
            }
            #expect(try await client.get(status).status == 200)
        }
    }

    @Test("A delay is waited for on the simulator's clock and can coincide with another fault")
    func latency() async throws {
        let slept = Mutex<[Duration]>([])
        let clock = SimulatorClock(now: { Date() }, sleep: { duration in slept.withLock { $0.append(duration) } })
        try await TCCSimulator.withRunning(clock: clock) { simulator in
            let client = try await Client(simulator)
            simulator.inject(Fault(.delay(.seconds(10)...(.seconds(20))), times: 2))
            simulator.inject(Fault(.respond(.html(502))))
            #expect(try await client.get(status).status == 502)
            #expect(try await client.get(status).status == 200)
            let durations = slept.withLock { $0 }
            #expect(durations.count == 2)
            #expect(durations.allSatisfy { (.seconds(10)...(.seconds(20))).contains($0) })
        }
    }

    @Test("A fault with a probability strikes some requests")
    func probability() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            simulator.inject(Fault(.respond(.html(500)), times: nil, probability: 0.5))
            var struck = 0
            for _ in 0..<60 where try await client.get("userAccount").status == 500 { struck += 1 }
            #expect((10...50).contains(struck))
        }
    }

    @Test("Tokens can be revoked, gateways taken away and tasks made to fail")
    func cloudFaults() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            try simulator.setGatewayAway(true)
            #expect(try await client.get(status).body.contains("GatewayCommunicationLost"))
            try simulator.setGatewayAway(false)
            simulator.expectTasks(.fails)
            let task = try await client.put(setpointPath, setpoint).json["id"]?.string ?? ""
            simulator.advance(by: .seconds(20))
            #expect(try await client.get("commTasks?commTaskId=\(task)").json["state"] == "Failed")
            simulator.revokeAccessTokens()
            #expect(try await client.get(status).status == 401)
        }
    }
}
