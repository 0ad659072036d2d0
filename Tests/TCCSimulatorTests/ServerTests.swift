import AsyncHTTPClient
import Foundation
import NIOCore
import SimulatorTestSupport
import Synchronization
import Testing

@testable import TCCSimulator

@Suite("The simulator on a socket", .timeLimit(.minutes(1)))
struct ServerTests {
    private let status = "location/2100001/status?includeTemperatureControlSystems=True"

    @Test("It listens on loopback, answers, and identifies itself as a simulator")
    func answers() async throws {
        try await TCCSimulator.withRunning { simulator in
            #expect(try await simulator.address.host == "127.0.0.1")
            let answer = try await Client(simulator).get(status)
            #expect(answer.status == 200)
            #expect(answer.simulator == "evohome-mqtt")
            #expect(answer.contentType == "application/json; charset=utf-8")
            #expect(answer.json["locationId"] == "2100001")
        }
    }

    @Test("It logs requests without secrets")
    func log() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            let refresh = try await client.login().json["refresh_token"]?.string ?? ""
            _ = try await client.token("grant_type=refresh_token&refresh_token=\(refresh)")
            _ = try await client.get(status)
            _ = try await client.put("temperatureZone/2100004/heatSetpoint", "{}")
            #expect(simulator.requests(RequestMatcher(grantType: "password")).count == 2)
            #expect(simulator.requests(RequestMatcher(grantType: "refresh_token")).map(\.status) == [200])
            #expect(simulator.requests(RequestMatcher(method: "GET", path: "/status")).map(\.status) == [200])
            let put = try #require(simulator.requests(RequestMatcher(method: "PUT")).first)
            #expect(put.body == "{}" && put.status == 400)
            #expect(put.receivedInstant <= .now && put.receivedAt <= Date())
            #expect(!"\(simulator.requests())".contains("password&"))
            #expect(!"\(simulator.requests())".contains(refresh))
            simulator.clearRequests()
            #expect(simulator.requests().isEmpty)
        }
    }

    @Test("Advancing the clocks ends tokens and tasks at once")
    func clock() async throws {
        try await TCCSimulator.withRunning { simulator in
            let client = try await Client(simulator)
            let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":25}"#
            let task = try await client.put("temperatureZone/2100004/heatSetpoint", body).json["id"]?.string ?? ""
            simulator.advance(by: .seconds(10))
            #expect(try await client.get("commTasks?commTaskId=\(task)").json["state"] == "Succeeded")
            #expect(
                try await client.get("temperatureZone/2100004/status").json["setpointStatus"]?["targetHeatTemperature"]
                    == 25.0
            )
            simulator.advance(by: .seconds(1_800))
            #expect(try await client.get(status).status == 401)
        }
    }

    @Test("The homes' clock runs faster than the wall clock")
    func speed() async throws {
        var configuration = SimulatorConfiguration()
        configuration.speed = 3_600
        configuration.startTime = CloudBench.start
        let wall = Mutex(CloudBench.start)
        let clock = SimulatorClock(now: { wall.withLock { $0 } })
        try await TCCSimulator.withRunning(configuration, clock: clock) { simulator in
            let client = try await Client(simulator)
            wall.withLock { $0.addTimeInterval(1_798) }
            #expect(simulator.homeTime == CloudBench.start.addingTimeInterval(1_798 * 3_600))
            #expect(try await client.get(status).status == 200)
        }
    }

    @Test("The error for an unknown home names the built-in ones")
    func unknownHome() {
        var configuration = SimulatorConfiguration()
        configuration.homes = [HomeSource("no-such-home")]
        let error = #expect(throws: SimulatorError.self) { try TCCSimulator(configuration: configuration) }
        #expect(error?.description.contains("house") == true)
    }

    @Test("A port that is in use is an error, also for a task that waits for the address")
    func takenPort() async throws {
        try await TCCSimulator.withRunning { first in
            var configuration = SimulatorConfiguration()
            configuration.listen = try await first.address
            let second = try TCCSimulator(configuration: configuration)
            let run = Task { try await second.run() }
            await #expect(throws: SimulatorError.notRunning) { try await second.address }
            await #expect(throws: (any Error).self) { try await run.value }
        }
    }

    @Test("Copies of a home have ids of their own")
    func copies() async throws {
        var configuration = SimulatorConfiguration()
        configuration.copies = 50
        try await TCCSimulator.withRunning(configuration) { simulator in
            let client = try await Client(simulator)
            let path = "location/installationInfo?userId=1100001&includeTemperatureControlSystems=True"
            let locations = try await client.get(path).json.array ?? []
            let ids = locations.compactMap { $0["locationInfo"]?["locationId"]?.string }
            #expect(Set(ids).count == 50)
            #expect(locations.last?["locationInfo"]?["name"] == "Home 50")
            let last = try await client.get("location/\(ids.last ?? "")/status?includeTemperatureControlSystems=true")
            #expect(last.json["locationId"]?.string == ids.last)
        }
    }
}
