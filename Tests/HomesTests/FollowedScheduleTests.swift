import Basics
import BridgeCore
import Foundation
import HeatingModel
import SimulatorTestSupport
import TCCClient
import TCCSimulator
import Testing

/// The simulator has rules of its own for what a mode does, and is the judge of what topics say of schedules.
@Suite("The schedule that is shown is the one that the cloud follows", .timeLimit(.minutes(1)))
struct FollowedScheduleTests {
    /// Hours after midnight in UTC, on a Tuesday, and on both Sundays on which clocks change in London.
    private static let moments = ["2026-11-24", "2026-03-29", "2026-10-25"].flatMap { day in
        ["00:30", "05:30", "07:30", "09:00", "12:00", "16:45", "22:15", "22:45", "23:15"].map { "\(day)T\($0):00Z" }
    }

    @Test("The current switchpoint is what zones are set to", arguments: [SystemMode.auto, .dayOff], moments)
    func setpoints(mode: SystemMode, moment: String) async throws {
        let zones = try await zones(in: mode, at: try #require(Instant(moment)))
        #expect(!zones.isEmpty)
        for zone in zones {
            #expect(zone["schedule"]?["current"]?["setpoint"] == zone["setpoint"], "\(zone.text)")
        }
    }

    @Test("Where no schedule is followed none is shown", arguments: [SystemMode.away, .custom, .heatingOff])
    func none(mode: SystemMode) async throws {
        let zones = try await zones(in: mode, at: try #require(Instant("2026-11-24T12:00:00Z")))
        #expect(!zones.isEmpty)
        for zone in zones { #expect(zone["schedule"] == ["current": nil, "next": nil], "\(zone.text)") }
    }

    /// The zones of a home that follow their schedules, as topics show them.
    private func zones(in mode: SystemMode, at now: Instant) async throws -> [JSONValue] {
        var configuration = SimulatorConfiguration()
        configuration.startTime = Date(timeIntervalSince1970: now.secondsSince1970)
        configuration.taskDuration = .zero ... .zero
        configuration.visibilityDelay = .zero ... .zero
        let messages = try await TCCSimulator.withRunning(configuration) { simulator in
            let transport = HomeReading.network
            let cloud = CloudAddress(scheme: "http", authority: "\(try await simulator.address)")
            let client = HomeReading.client(over: transport, at: cloud)
            let system = try #require(try await client.installation(of: nil).systems.first?.system.id)
            _ = try await client.make(.system(system, mode: mode, until: nil))
            for _ in 0..<100 {
                let messages = try await HomeReading(over: transport, at: cloud, now: now).messages
                if messages.contains(where: { $0.topic.hasSuffix("/system") && $0.payload.contains("\"\(mode)\"") }) {
                    return messages
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            throw NeverShown()
        }
        return try messages.filter { $0.topic.contains("/zone/") && !$0.topic.hasSuffix("/schedule") }
            .map { try JSONValue(parsing: $0.payload) }
            .filter { $0["mode"] == "follow_schedule" && $0["schedule"]?["current"] != nil }
    }

    private struct NeverShown: Error {}
}
