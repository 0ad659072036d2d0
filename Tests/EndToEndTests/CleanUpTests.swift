import Basics
import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Nothing stays at the broker that is gone", .timeLimit(.minutes(2)))
struct CleanUpTests {
    /// Runs a bridge until it is online, nothing more is to come, and `body` has looked.
    private func run(
        _ world: World,
        base: String = "evohome",
        flags: [String] = [],
        _ body: () async throws -> Void = {}
    ) async throws {
        world.watcher.forget()
        try await world.bridge(flags: ["--mqtt-base-topic", base, "--cloud-high-precision", "off"] + flags) { _ in
            try await eventually { world.watcher.last(on: "\(base)/bridge/state") == "online" }
            try await eventually(timeout: .seconds(20)) {
                flags.contains("--cloud-schedules-interval")
                    || world.watcher.retainedTopics().count { $0.hasSuffix("/schedule") } >= 7
            }
            try await body()
        }
    }

    /// What the broker holds under a base topic or for Home Assistant, by those who come now.
    private func held(_ world: World, under prefix: String) async throws -> Set<String> {
        try await world.retained().filter { $0.hasPrefix(prefix) }
    }

    @Test("A zone that was renamed while the bridge was away has its old topics cleared")
    func renamed() async throws {
        try await World.exists { world in
            try await run(world)
            let before = try await held(world, under: "evohome/home/zone/kitchen")
            #expect(before.count > 10)
            let id = try #require(world.watcher.json(on: "evohome/home/zone/kitchen")?["id"] as? String)
            try world.cloud.renameZone(id, to: "Galley")
            try await world.bridge { _ in
                try await eventually { try await held(world, under: "evohome/home/zone/galley").count == before.count }
                try await eventually { try await held(world, under: "evohome/home/zone/kitchen").isEmpty }
            }
        }
    }

    @Test("A zone that is gone while the bridge runs leaves nothing, not even with Home Assistant")
    func removed() async throws {
        try await World.inARunningHouse { world in
            let id = try #require(world.watcher.json(on: "evohome/home/zone/kitchen")?["id"] as? String)
            try world.cloud.removeZone(id)
            try await eventually(timeout: .seconds(20)) {
                world.watcher.last(on: "homeassistant/device/evohome_zone_\(id)/config") == ""
                    && world.watcher.last(on: "evohome/home/zone/kitchen") == ""
            }
            try await eventually {
                try await held(world, under: "evohome/home/zone/kitchen").isEmpty
            }
        }
    }

    @Test("Under another base topic the old one is cleared, and Home Assistant's documents stay")
    func anotherBase() async throws {
        try await World.exists { world in
            try await run(world)
            let documents = try await held(world, under: "homeassistant/device/evohome_zone")
            #expect(!documents.isEmpty)
            try await run(world, base: "heating") {
                try await eventually { try await held(world, under: "evohome/").isEmpty }
            }
            #expect(try await held(world, under: "homeassistant/device/evohome_zone") == documents)
        }
    }

    @Test("A bridge that still runs under another base topic keeps what it has told")
    func twoBridges() async throws {
        try await World.inARunningHouse { world in
            let before = try await held(world, under: "evohome/home")
            try await world.bridge(flags: ["--mqtt-base-topic", "heating"]) { _ in
                try await eventually { world.watcher.last(on: "heating/bridge/state") == "online" }
                try await Task.sleep(for: .milliseconds(500))
                #expect(try await held(world, under: "evohome/home").isSuperset(of: before))
            }
        }
    }

    @Test("Documents for other readers go with their zone, with their prefix, and when they are switched off")
    func components() async throws {
        try await World.exists { world in
            try await run(world, flags: ["--discovery-components-prefix", "domoticz"]) {
                let id = try #require(world.watcher.json(on: "evohome/home/zone/kitchen")?["id"] as? String)
                let climate = "domoticz/climate/evohome_zone_\(id)/config"
                #expect(try await held(world, under: "domoticz/").contains(climate))
                try world.cloud.removeZone(id)
                try await eventually(timeout: .seconds(20)) { world.watcher.last(on: climate) == "" }
                #expect(try await !held(world, under: "domoticz/").isEmpty)
            }
            let documents = try await held(world, under: "domoticz/").map { $0.dropFirst("domoticz/".count) }
            try await world.bridge(flags: ["--discovery-components-prefix", "openhab"]) { _ in
                try await eventually { try await held(world, under: "domoticz/").isEmpty }
                let renamed = try await held(world, under: "openhab/").map { $0.dropFirst("openhab/".count) }
                #expect(Set(renamed) == Set(documents))
            }
            try await world.bridge(flags: []) { _ in
                try await eventually { try await held(world, under: "openhab/").isEmpty }
            }
        }
    }

    @Test("What is switched off is cleared at the next start")
    func switchedOff() async throws {
        try await World.exists { world in
            try await run(world)
            try await run(
                world,
                flags: [
                    "--home-assistant-discovery", "false", "--mqtt-output", "json", "--cloud-schedules-interval", "0",
                ]
            ) {
                try await eventually { try await held(world, under: "homeassistant/").isEmpty }
                let kitchen = "evohome/home/zone/kitchen"
                try await eventually { try await held(world, under: kitchen) == [kitchen] }
            }
        }
    }
}
