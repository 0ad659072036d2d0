import TCCSimulator
import TestSupport
import Testing

@Suite(
    "A wall clock that is set",
    .enabled(if: TamperedSystem.compiler != nil, "Left out: no C compiler (clang or cc) is on PATH."),
    .timeLimit(.minutes(2))
)
struct ClockStepTests {
    @Test(
        "It loses no poll",
        arguments: [[-40, 40], [-3600, 3600], [-3 * 86400, 3 * 86400], [-1_700_000_000, 0]]
    )
    func polls(steps: [Int]) async throws {
        try await World.exists { world in
            let system = try await TamperedSystem(in: world.directory)
            try await world.bridge(environment: system.environment) { _ in
                try await eventually { world.readings() > 1 }
                for step in steps {
                    try system.setClock(ahead: step)
                    let before = world.readings()
                    try await eventually(timeout: .seconds(8)) { world.readings() >= before + 3 }
                }
            }
        }
    }

    @Test("It ends no command early", arguments: [-3600, 3600])
    func commands(step: Int) async throws {
        try await World.exists({ $0.taskDuration = .seconds(6)...(.seconds(6)) }) { world in
            let system = try await TamperedSystem(in: world.directory)
            try await world.bridge(environment: system.environment) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let kitchen = "evohome/home/zone/kitchen"
                try await world.watcher.say(#"{"setpoint":22,"until":"forever"}"#, on: "\(kitchen)/set")
                try await eventually { !world.setpointCalls().isEmpty }
                try system.setClock(ahead: step)
                try await eventually(timeout: .seconds(20)) { world.watcher.last(on: "\(kitchen)/result") != nil }
                #expect(world.watcher.json(on: "\(kitchen)/result")?["outcome"] as? String == "succeeded")
            }
        }
    }
}
