import Foundation
import SimulatorTestSupport
import TCCSimulator
import TestSupport
import Testing

@Suite("The login budget of a bridge that is started again and again", .timeLimit(.minutes(15)))
struct LoginBudgetTests {
    @Test("A wrong password is tried once, the next try is named, and a changed one goes out at once")
    func crashLoop() async throws {
        try await World.exists { world in
            var began: Date?
            for _ in 0..<testLength("TEST_CRASH_LOOPS", standard: 15) {
                world.watcher.forget()
                try await world.bridge(password: "wrong") { process in
                    try await eventually { world.cloudState() == "unauthorised" }
                    let ending = try await process.kill()
                    let retry = try #require(world.cloudHealth()?["retry_at"] as? String)
                    #expect(ending.log.contains("retry_at=\(retry)"))
                    let attempt = began ?? world.cloud.requests(.tokens).first?.receivedAt
                    began = attempt
                    let wait = try Date(retry, strategy: .iso8601).timeIntervalSince(try #require(attempt))
                    #expect((890...910).contains(wait), "it waits \(wait) s")
                }
            }
            #expect(world.logins() == 1)
            world.watcher.forget()
            try await world.bridge { _ in
                try await eventually { world.cloudState() == "ok" }
            }
            #expect(world.logins() == 2)
        }
    }

    @Test("Six logins within an hour, and no seventh, whatever the cloud thinks of the refresh tokens")
    func spent() async throws {
        try await World.exists({ $0.loginLimit = .unlimited }) { world in
            for _ in 0..<8 {
                world.cloud.revokeAccessTokens()
                world.cloud.revokeRefreshTokens()
                world.watcher.forget()
                try await world.bridge { process in
                    try await eventually { ["ok", "rate_limited"].contains(world.cloudState()) }
                    try await process.kill()
                }
            }
            #expect(world.logins() == 6)
            #expect(world.cloudState() == "rate_limited")
            let retry = try #require(world.cloudHealth()?["retry_at"] as? String)
            #expect(try Date(retry, strategy: .iso8601).timeIntervalSinceNow > 3000)
        }
    }
}
