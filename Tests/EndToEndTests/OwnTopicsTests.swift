import Foundation
import SimulatorTestSupport
import TCCSimulator
import TestSupport
import Testing

@Suite("The bridge's own topics are its own", .timeLimit(.minutes(2)))
struct OwnTopicsTests {
    @Test("Its state and information are published again when somebody writes over them", arguments: ["5", "3.1.1"])
    func overwritten(version: String) async throws {
        try await World.exists { world in
            try await world.bridge(flags: ["--mqtt-protocol", version]) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let information = try #require(world.watcher.last(on: "evohome/bridge/info"))
                for (topic, payload) in [
                    ("evohome/bridge/state", "offline"), ("evohome/bridge/state", ""), ("evohome/bridge/info", "{}"),
                    ("evohome/bridge/info", ""),
                ] {
                    // The watcher does not hear what it says itself.
                    let before = world.watcher.said(on: topic).count
                    try await world.watcher.say(payload, on: topic, retained: true)
                    try await eventually { world.watcher.said(on: topic).count > before }
                    try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                    try await eventually { world.watcher.last(on: "evohome/bridge/info") == information }
                }
                // It does not answer itself.
                let count = world.watcher.said(on: "evohome/bridge/info").count
                try await Task.sleep(for: .seconds(1))
                #expect(world.watcher.said(on: "evohome/bridge/info").count == count)
            }
        }
    }

    @Test("Two bridges with two homes under one base topic warn on both sides, and neither harms the other")
    func twoHomes() async throws {
        var other = SimulatorConfiguration()
        other.homes = [.builtIn("flat")]
        try await TCCSimulator.withRunning(other) { cloud in
            try await World.exists { world in
                let url = try await cloud.url
                let flags = [
                    "--cloud-url", url, "--state-file", world.directory.appending(path: "other.json").path(),
                    "--mqtt-protocol", "3.1.1",
                ]
                let site = "evohome/home/zone/kitchen"
                let first = try await world.bridge { _ in
                    try await eventually { world.watcher.last(on: "\(site)/setpoint") != nil }
                    try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                    let own = world.watcher.retainedTopics().filter { $0.hasPrefix("homeassistant/") }
                    let second = try await world.bridge(flags: flags) { _ in
                        try await eventually { world.warnings().count == 2 }
                        // One outcome, of the one whose site it is.
                        try await world.watcher.say("21.5", on: "\(site)/set/setpoint")
                        try await eventually { world.watcher.last(on: "\(site)/result") != nil }
                        try await world.watcher.say("21", on: "evohome/nowhere/zone/kitchen/set/setpoint")
                        try await Task.sleep(for: .seconds(2))
                        #expect(world.watcher.said(on: "\(site)/result").count == 1)
                        #expect(world.watcher.said(on: "evohome/nowhere/zone/kitchen/result").isEmpty)
                        let count = world.watcher.said(on: "evohome/bridge/info").count
                        #expect(count <= 8)
                    }
                    #expect(second.log.contains("Another bridge"))
                    // The other has left.
                    try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                    #expect(own.isSubset(of: world.watcher.retainedTopics()))
                    #expect(world.watcher.last(on: "\(site)/setpoint") == "21.5")
                }
                #expect(first.log.contains("Another bridge"))
                #expect(world.warnings().count == 2)
            }
        }
    }

    @Test("A second bridge for the same account is told of, too")
    func sameAccount() async throws {
        try await World.exists { world in
            let first = try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let copy = world.directory.appending(path: "copy.json").path()
                let second = try await world.bridge(flags: ["--state-file", copy]) { _ in
                    try await eventually { world.warnings().count == 2 }
                }
                #expect(second.log.contains("Another bridge for the same account"))
            }
            #expect(first.log.contains("Another bridge for the same account"))
        }
    }

    @Test("A bridge that was killed and starts again is no other bridge")
    func restarted() async throws {
        try await World.exists { world in
            for _ in 1...2 {
                try await world.bridge { process in
                    world.watcher.forget()
                    try await eventually { world.watcher.last(on: "evohome/bridge/info") != nil }
                    try await process.kill()
                }
            }
            let last = try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(world.warnings().isEmpty)
            #expect(!last.log.contains("Another bridge"))
        }
    }
}

extension World {
    /// What was said of other bridges.
    fileprivate func warnings() -> [String] {
        watcher.said(on: "evohome/bridge/event").filter { $0.contains("shared_base_topic") }
    }
}
