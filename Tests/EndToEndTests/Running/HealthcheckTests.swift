import Foundation
import Observability
import TCCSimulator
import TestSupport
import Testing

@testable import evohome_mqtt

@Suite("The health check", .timeLimit(.minutes(2)))
struct HealthcheckTests {
    @Test("It is ill until the broker answers, healthy then, and ill when the bridge has stopped")
    func life() async throws {
        try await World.exists { world in
            #expect(try await world.healthcheck().exitCode == 1)
            try await world.bridge { _ in
                try await eventually { try await world.healthcheck().exitCode == 0 }
            }
            let ending = try await world.healthcheck()
            #expect(ending.exitCode == 1)
            #expect(ending.log.hasPrefix("evohome-mqtt: No bridge answers at "), "\(ending.log)")
        }
    }

    @Test("A slow or refusing cloud does not make the bridge unhealthy; a broker that is away does")
    func causes() async throws {
        try await World.exists { world in
            try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                world.cloud.inject(Fault(.hang, for: .any, times: nil))
                let asked = world.cloud.requests().count
                try await eventually { world.cloud.requests().count > asked }
                #expect(try await world.healthcheck().exitCode == 0)
                await world.broker.kill()
                try await eventually { try await world.healthcheck().exitCode == 1 }
                let ending = try await world.healthcheck()
                #expect(ending.log.contains("There has been no MQTT connection for "), "\(ending.log)")
                #expect(try await world.healthcheck("--alive").exitCode == 0)
                try await world.broker.start()
                try await eventually { try await world.healthcheck().exitCode == 0 }
            }
        }
    }

    @Test("A process that stands still is ill, and healthy again when it goes on")
    func standsStill() async throws {
        try await World.exists { world in
            try await world.bridge { process in
                try await eventually { try await world.healthcheck().exitCode == 0 }
                process.signal(SIGSTOP)
                let ending = try await world.healthcheck()
                process.signal(SIGCONT)
                #expect(ending.exitCode == 1)
                #expect(ending.log.contains("The bridge hangs"), "\(ending.log)")
                try await eventually { try await world.healthcheck().exitCode == 0 }
            }
        }
    }

    @Test("Bridges on one state file are asked apart, by their base topics")
    func apart() async throws {
        try await World.exists { world in
            try await world.bridge { _ in
                try await eventually { try await world.healthcheck().exitCode == 0 }
                #expect(try await world.healthcheck("--mqtt-base-topic", "upstairs/heating").exitCode == 1)
                try await world.bridge(flags: ["--mqtt-base-topic", "upstairs/heating"]) { _ in
                    try await eventually {
                        try await world.healthcheck("--mqtt-base-topic", "upstairs/heating").exitCode == 0
                    }
                }
                #expect(try await world.healthcheck().exitCode == 0)
            }
        }
    }

    @Test(
        "An answer passes over the socket whole or not at all",
        arguments: [
            (Health(loops: [], broker: .connected), true, true),
            (Health(loops: [], broker: .away(for: .seconds(3), reason: "refused")), true, false),
            (
                Health(loops: [LoopReading(name: "poll", silence: .seconds(9), limit: .zero)], broker: .connected),
                false, false
            ),
        ]
    )
    func answer(health: Health, isAlive: Bool, isHealthy: Bool) throws {
        let sent = HealthAnswer(health)
        let received = try #require(HealthAnswer(text: sent.text))
        #expect(received == sent)
        #expect(received.isAlive == isAlive && received.isHealthy == isHealthy)
        #expect(received.complaint == health.problems.joined(separator: " "))
        #expect(HealthAnswer(text: "") == nil && HealthAnswer(text: String(sent.text.dropLast())) == nil)
    }

    @Test("Settings that cannot be used are an illness like any other")
    func settings() async throws {
        let ending = try await BridgeProcess.run(["healthcheck", "--mqtt-qos", "3"])
        #expect(ending.exitCode == 1)
        #expect(ending.log.contains("mqtt.qos"), "\(ending.log)")
    }
}

extension World {
    /// Asks the bridge on this world's state file how it does.
    fileprivate func healthcheck(_ flags: String...) async throws -> BridgeProcess.Ending {
        try await BridgeProcess.run(["healthcheck", "--state-file", stateFile.path()] + flags)
    }
}
