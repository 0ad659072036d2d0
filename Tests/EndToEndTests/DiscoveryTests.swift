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

    @Test("Documents for other readers read topics that are there, whatever output is asked for")
    func components() async throws {
        let flags = [
            "--discovery-components-prefix", "domoticz", "--mqtt-output", "json", "--home-assistant-discovery", "false",
        ]
        try await World.inARunningHouse(flags: flags) { world in
            let retained = world.watcher.retainedTopics()
            let documents = retained.filter { $0.hasPrefix("domoticz/") }
            let kinds = Dictionary(grouping: documents) { $0.split(separator: "/")[1] }.mapValues(\.count)
            #expect(kinds["climate"] == 6 && kinds["switch"] == 1 && kinds.count == 6, "\(kinds)")
            for topic in documents {
                let document = try #require(world.watcher.json(on: topic))
                for case (let key, let read as String) in document
                where key.hasSuffix("_topic") && !key.hasSuffix("command_topic") {
                    #expect(retained.contains(read), "\(topic): \(read)")
                }
            }
            #expect(!retained.contains { $0.hasPrefix("homeassistant/") })
            let topic = try #require(documents.first { $0.hasPrefix("domoticz/climate/") })
            let climate = try #require(world.watcher.json(on: topic))
            let command = try #require(climate["temperature_command_topic"] as? String)
            try await world.watcher.say("21.5", on: command)
            let setpoint = try #require(climate["temperature_state_topic"] as? String)
            try await eventually { world.watcher.last(on: setpoint) == "21.5" }
            world.watcher.forget()
            try await world.watcher.say("online", on: "domoticz/status")
            try await eventually(timeout: .seconds(20)) { documents.isSubset(of: world.watcher.retainedTopics()) }
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
