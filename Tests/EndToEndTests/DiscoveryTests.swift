import Foundation
import TestSupport
import Testing

@Suite("Discovery by Home Assistant, with the real program", .timeLimit(.minutes(2)))
struct DiscoveryTests {
    private let kitchen = "evohome/home/zone/kitchen"

    @Test("Whatever output is asked for, documents read topics that are there")
    func output() async throws {
        try await World.exists { world in
            try await world.bridge(flags: ["--mqtt-output", "attributes"]) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let retained = world.watcher.retainedTopics()
                let documents = retained.filter { $0.hasPrefix("homeassistant/device/") }
                #expect(documents.count == 9)
                for topic in documents {
                    let document = try #require(world.watcher.json(on: topic))
                    let components = try #require(document["components"] as? [String: [String: Any]])
                    for bases in components.values.compactMap({ $0["~"] as? String }) {
                        #expect(retained.contains(bases), "\(topic)")
                    }
                }
            }
        }
    }

    @Test("Without discovery there is nothing under the prefix")
    func off() async throws {
        try await World.exists { world in
            try await world.bridge(flags: ["--home-assistant-discovery", "false", "--mqtt-output", "attributes"]) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                #expect(!world.watcher.retainedTopics().contains { $0.hasPrefix("homeassistant/") })
                #expect(!world.watcher.retainedTopics().contains(kitchen))
            }
        }
    }

    @Test("When Home Assistant has started everything is told again")
    func started() async throws {
        try await World.exists { world in
            try await world.bridge(flags: ["--home-assistant-discovery-prefix", "ha"]) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let documents = world.watcher.retainedTopics().filter { $0.hasPrefix("ha/device/") }
                #expect(!documents.isEmpty)
                world.watcher.forget()
                try await world.watcher.say("online", on: "homeassistant/status")
                try await eventually { documents.union([kitchen]).isSubset(of: world.watcher.retainedTopics()) }
            }
        }
    }
}
