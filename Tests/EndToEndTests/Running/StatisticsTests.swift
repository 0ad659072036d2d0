import TestSupport
import Testing

@Suite("What the bridge says it has done", .timeLimit(.minutes(1)))
struct StatisticsTests {
    @Test("A first start is one login and a few calls; a restart without a login says so")
    func starts() async throws {
        try await World.exists { world in
            for expected in [(logins: 1, tokenCalls: 1), (logins: 0, tokenCalls: nil)] {
                world.watcher.forget()
                try await world.bridge(pollInterval: "60s") { _ in
                    try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                    let statistics = try #require(world.watcher.json(on: "evohome/bridge/stats"))
                    #expect(statistics["token_expires"] is String)
                    for period in ["since_start", "last_hour"] {
                        let counts = try #require(statistics[period] as? [String: Any])
                        let calls = try #require(counts["calls"] as? [String: Int])
                        #expect(counts["logins"] as? Int == expected.logins)
                        #expect(calls["token"] == expected.tokenCalls)
                        #expect(calls["status"] == 1)
                        #expect(calls["total"] == calls.values.reduce(0, +) / 2)
                        #expect(counts["publishes"] as? Int ?? 0 > 0)
                    }
                }
            }
        }
    }
}
