import TCCSimulator
import TestSupport
import Testing

@Suite("A card that shows a zone does not jump", .timeLimit(.minutes(2)))
struct SteadyCardTests {
    private let kitchen = "evohome/home/zone/kitchen"

    @Test("A new setpoint shows at once and stays, while polls that began before it still come in")
    func setpoint() async throws {
        try await World.exists({
            $0.taskDuration = .seconds(1)...(.seconds(2))
            $0.visibilityDelay = .milliseconds(500)...(.seconds(1))
        }) { world in
            try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                // What they tell is how things were when they were asked for.
                world.cloud.inject(
                    Fault(.delay(.zero...(.seconds(1.5))), for: RequestMatcher(path: "/status"), times: nil)
                )
                try await eventually { world.readings() > 2 }
                world.watcher.forget()
                try await world.watcher.say("22.5", on: "\(kitchen)/set/setpoint")
                try await eventually { world.watcher.last(on: "\(kitchen)/setpoint") == "22.5" }
                #expect(world.watcher.last(on: "\(kitchen)/result") == nil)
                try await eventually {
                    world.watcher.json(on: "\(kitchen)/result")?["outcome"] as? String == "succeeded"
                }
                let readings = world.readings()
                try await eventually { world.readings() > readings + 2 }
                #expect(world.watcher.said(on: "\(kitchen)/setpoint") == ["22.5"])
                #expect(world.watcher.said(on: "\(kitchen)/mode") == ["temporary_override"])
            }
        }
    }
}
