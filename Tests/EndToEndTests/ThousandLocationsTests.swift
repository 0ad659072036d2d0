import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("An account with a thousand locations", .timeLimit(.minutes(5)))
struct ThousandLocationsTests {
    @Test("Commands in fifty locations succeed at once, and cost no more than in one, while the others are polled")
    func commands() async throws {
        let isLarge = { (configuration: inout SimulatorConfiguration) in
            configuration.homes = [.builtIn("vision")]
            configuration.copies = 1000
            configuration.taskDuration = .seconds(4)...(.seconds(4))
        }
        try await World.exists(isLarge) { world in
            try await world.bridge(
                pollInterval: "1m",
                flags: ["--mqtt-output", "json", "--home-assistant-discovery", "false", "--log-level", "info"]
            ) { _ in
                let zones = try await zones(in: world)
                let chosen = stride(from: 0, to: 1000, by: 20).map { zones[$0] }
                let before = world.cloud.requests().count
                let began = ContinuousClock.now
                for zone in chosen {
                    try await world.watcher.say(#"{"setpoint":12.5,"until":"forever"}"#, on: "\(zone)/set")
                }
                try await eventually(timeout: .seconds(60)) {
                    chosen.allSatisfy { world.watcher.json(on: "\($0)/result") != nil }
                }
                let duration = ContinuousClock.now - began
                for zone in chosen {
                    #expect(world.watcher.json(on: "\(zone)/result")?["outcome"] as? String == "succeeded")
                }
                // The tasks take four seconds, and an outcome comes within four of their end.
                #expect(duration < .seconds(20))
                #expect(world.setpointCalls().count == 50)
                let during = world.cloud.requests().dropFirst(before)
                let statuses = during.filter { $0.path.hasSuffix("/status") }
                #expect(during.count - statuses.count - 50 <= 50, "schedules that are read one a second")
                let polls = Int(duration / .seconds(60) * 1000) + 1000 / 10
                #expect(statuses.count <= 50 * 4 + polls)
                try await eventually(timeout: .seconds(10)) {
                    world.watcher.json(on: chosen[0])?["setpoint"] as? Double == 12.5
                }
            }
        }
    }

    /// Every zone, once all are known.
    private func zones(in world: World) async throws -> [String] {
        try await eventually(timeout: .seconds(120)) {
            world.watcher.last(on: "evohome/bridge/state") == "online" && topics(in: world).count == 1000
        }
        return topics(in: world).sorted()
    }

    private func topics(in world: World) -> [String] {
        world.watcher.retainedTopics().filter { topic in
            topic.split(separator: "/").dropFirst(2).first == "zone" && topic.split(separator: "/").count == 4
        }
    }
}
