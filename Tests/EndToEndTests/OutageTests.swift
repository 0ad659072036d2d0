import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("The broker or the cloud goes away and comes back", .timeLimit(.minutes(3)))
struct OutageTests {
    @Test("The broker is killed and started ten times, and retained state is right after each")
    func broker() async throws {
        try await World.exists { world in
            try await world.bridge(pollInterval: "60s", flags: ["--cloud-schedules-interval", "0"]) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let before = world.watcher.retainedTopics()
                for _ in 0..<10 {
                    await world.broker.kill()
                    world.watcher.forget()
                    try await world.broker.start()
                    try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                    try await eventually { world.watcher.retainedTopics() == before }
                }
            }
        }
    }

    @Test(
        "Whatever the cloud answers, the last values are kept, and it recovers by itself",
        arguments: [
            Fault.Effect.respond(.html(502)),
            .respond(CannedResponse(status: 503, body: "The service is unavailable.")),
            .truncate, .cutBody, .loseResponse, .refuse, .respond(CannedResponse(status: 200, body: "\"outage\"")),
        ]
    )
    func cloud(effect: Fault.Effect) async throws {
        try await World.exists { world in
            try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let before = world.watcher.said(on: "evohome/home/zone/kitchen")
                world.cloud.inject(Fault(effect, for: .any, times: nil))
                try await eventually { world.cloudState() == "unreachable" }
                #expect(world.watcher.said(on: "evohome/home/zone/kitchen") == before)
                #expect(world.watcher.last(on: "evohome/home/availability") == "online")
                world.cloud.removeFaults()
                try await eventually(timeout: .seconds(30)) { world.cloudState() == "ok" }
                #expect(world.logins() == 1)
            }
        }
    }

    @Test("A cloud that is down at the start costs nothing but waiting")
    func downAtStart() async throws {
        try await World.exists { world in
            world.cloud.inject(Fault(.respond(.html(503)), for: .any, times: nil))
            try await world.bridge { _ in
                try await eventually { world.cloudState() == "unreachable" }
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                world.cloud.removeFaults()
                try await eventually(timeout: .seconds(60)) { world.cloudState() == "ok" }
                try await eventually { world.watcher.json(on: "evohome/home/zone/kitchen") != nil }
            }
        }
    }
}
