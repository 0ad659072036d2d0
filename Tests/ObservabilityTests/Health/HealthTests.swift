import Observability
import Testing

@Suite("Whether the bridge does its work")
struct HealthTests {
    @Test(
        "It is alive while its loops run, and healthy while the broker answers, too",
        arguments: [
            (Health(loops: [turning, turning], broker: .connected), true, true),
            (Health(loops: [turning, turning], broker: .away(for: .zero, reason: nil)), true, false),
            (Health(loops: [turning, hanging], broker: .connected), false, false),
            (Health(loops: [hanging, hanging], broker: .away(for: .seconds(9), reason: "lost")), false, false),
        ]
    )
    func judged(health: Health, isAlive: Bool, isHealthy: Bool) {
        #expect(health.isAlive == isAlive)
        #expect(health.isHealthy == isHealthy)
        #expect(health.problems.isEmpty == isHealthy)
    }

    @Test("Each problem is a sentence")
    func sentences() {
        let health = Health(
            loops: [Self.hanging, Self.turning],
            broker: .away(for: .milliseconds(12_900), reason: "the MQTT broker cannot be reached: connection refused")
        )
        #expect(
            health.problems == [
                "The publish loop hangs: it should have gone on 61 s ago.",
                "There has been no MQTT connection for 12 s: the MQTT broker cannot be reached: connection refused.",
            ]
        )
        let early = Health(loops: [], broker: .away(for: .seconds(1), reason: nil))
        #expect(early.problems == ["There has been no MQTT connection for 1 s."])
    }

    @Test("A monitor looks again each time")
    func monitor() {
        let pulse = LoopPulse("poll", limit: .seconds(60), at: .now - .seconds(61))
        let monitor = HealthMonitor(pulses: [pulse]) { .connected }
        #expect(!monitor.health.isAlive)
        pulse.works()
        #expect(monitor.health.isHealthy)
    }

    private static let turning = LoopReading(name: "poll", silence: .seconds(60), limit: .seconds(60))
    private static let hanging = LoopReading(name: "publish", silence: .seconds(61), limit: .seconds(60))
}
