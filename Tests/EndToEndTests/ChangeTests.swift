import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Who changed it", .timeLimit(.minutes(2)))
struct ChangeTests {
    private let kitchen = "evohome/home/zone/kitchen"
    private let system = "evohome/home/system"

    @Test("A command, another program and a mode each leave their mark, over restarts")
    func marks() async throws {
        try await World.exists { world in
            try await world.bridge { _ in
                try await world.isOnline()
                #expect(world.watcher.json(on: kitchen)?["changed"] is NSNull)
                try await world.order(#"{"setpoint":22.5}"#, on: "\(kitchen)/set", "succeeded")
                #expect(world.watcher.last(on: "\(kitchen)/changed_by") == "bridge")
                #expect(world.changes().isEmpty)

                try await world.set(["zone", "kitchen", "35", "--until", "forever"])
                try await eventually { world.watcher.last(on: "\(kitchen)/changed_by") == "elsewhere" }
                try await eventually { world.changes().count == 1 }
                let event = try #require(world.changes().first)
                #expect(event["topic"] as? String == kitchen)
                #expect(event["flags"] as? [String] == ["35_degrees"])
                #expect((event["before"] as? [String: Any])?["setpoint"] as? Double == 22.5)

                try await world.order("away", on: "\(system)/set/mode", "succeeded")
                try await eventually { world.watcher.last(on: "\(kitchen)/changed_by") == "system" }
                #expect(world.watcher.last(on: "\(system)/changed_by") == "bridge")
            }
            // Nobody watches.
            try await world.set(["mode", "auto"])
            world.watcher.forget()
            try await world.bridge { _ in
                try await world.isOnline()
                #expect(world.watcher.last(on: "\(system)/changed_by") == "elsewhere")
                #expect(world.watcher.last(on: "\(kitchen)/changed_by") == "system")
                try await eventually { world.changes().map { $0["topic"] as? String } == [system] }
            }
            let at = try #require(world.watcher.last(on: "\(kitchen)/changed_at"))
            world.watcher.forget()
            try await world.bridge { _ in
                try await world.isOnline()
                #expect(world.watcher.last(on: "\(kitchen)/changed_by") == "system")
                #expect(world.watcher.last(on: "\(kitchen)/changed_at") == at)
                #expect(world.changes().isEmpty)
            }
        }
    }

    @Test("A kill right after a command was accepted takes nothing along")
    func killed() async throws {
        try await World.exists({ $0.taskDuration = .seconds(2)...(.seconds(2)) }) { world in
            try await world.bridge { process in
                try await world.isOnline()
                try await world.watcher.say("22.5", on: "\(kitchen)/set/setpoint")
                try await eventually { world.watcher.last(on: "\(kitchen)/changed_by") == "bridge" }
                try await eventually { try String(contentsOf: world.stateFile, encoding: .utf8).contains("\"asked\"") }
                try await process.kill()
            }
            try await Task.sleep(for: .seconds(3))
            world.watcher.forget()
            try await world.bridge { _ in
                try await world.isOnline()
                try await eventually { world.watcher.last(on: "\(kitchen)/setpoint") == "22.5" }
                #expect(world.watcher.last(on: "\(kitchen)/changed_by") == "bridge")
                #expect(world.changes().isEmpty)
            }
        }
    }

    @Test("A switchpoint changes zones and hot water by schedule, however fast the cloud's clock runs")
    func switchpoints() async throws {
        try await World.exists({ $0.speed = 3600 }) { world in
            try await world.bridge { _ in
                try await world.isOnline()
                for topic in [kitchen, "evohome/home/hot_water"] {
                    try await eventually(timeout: .seconds(40)) {
                        world.watcher.last(on: "\(topic)/changed_by") == "schedule"
                    }
                }
                #expect(world.changes().isEmpty)
            }
        }
    }
}

extension World {
    fileprivate func isOnline() async throws {
        try await eventually { watcher.last(on: "evohome/bridge/state") == "online" }
    }

    /// Events of changes that nothing explains.
    fileprivate func changes() -> [[String: Any]] {
        watcher.said(on: "evohome/bridge/event")
            .compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
            .filter { $0["type"] as? String == "change" }
    }

    /// Another program on the same account changes something.
    fileprivate func set(_ arguments: [String]) async throws {
        let ending = try await command(["set"] + arguments)
        #expect(ending.exitCode == 0, "\(ending.log)")
    }
}
