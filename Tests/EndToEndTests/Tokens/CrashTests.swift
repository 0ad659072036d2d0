import Basics
import Foundation
import SimulatorTestSupport
import TCCSimulator
import TestBasics
import TestSupport
import Testing

@Suite("A bridge that is killed", .timeLimit(.minutes(60)))
struct CrashTests {
    /// What a long row of kills came to, as the cloud counts it.
    private struct Tally {
        var refreshes = 0
        var refused = 0
        var logins = 0
        /// Refresh tokens that the cloud had handed out and that were not on disk yet.
        var lost = 0
        var freshFiles = 0
    }

    @Test("At any moment: its state file is whole, and nothing but a token that was lost costs a login")
    func anyMoment() async throws {
        let kills = testLength("TEST_TOKEN_KILLS", standard: 12)
        try await World.exists({ world in
            world.tokenLifetime = .seconds(2)
            world.loginLimit = .unlimited
        }) { world in
            var tally = Tally()
            var moments = SeededGenerator(seed: 1)
            for _ in 0..<kills {
                if try mustBeginAfresh(in: world) {
                    try await logInAfresh(in: world)
                    tally.freshFiles += 1
                }
                world.cloud.clearRequests()
                let moment = Duration.milliseconds(.random(in: 20...2500, using: &moments))
                try await world.bridge { process in
                    try await Task.sleep(for: moment)
                    try await process.kill()
                }
                try await count(into: &tally, in: world)
                #expect(tally.logins <= tally.lost)
                #expect(tally.refused >= tally.logins)
            }
            print("\(kills) kills: \(tally)")
            if try mustBeginAfresh(in: world) { try await logInAfresh(in: world) }
            world.watcher.forget()
            try await world.bridge { _ in
                try await eventually { world.cloudState() == "ok" }
            }
        }
    }

    @Test("Between the cloud's answer and the disk: the token that is lost costs one login")
    func lostToken() async throws {
        try await World.exists({ $0.tokenLifetime = .seconds(2) }) { world in
            _ = try await world.command(["login"], password: "password")
            world.cloud.inject(Fault(.delay(.longer), for: RequestMatcher(grantType: "refresh_token")))
            try await world.bridge { process in
                try await eventually { world.refreshes() == 1 }
                try await process.kill()
            }
            world.watcher.forget()
            try await world.bridge { _ in
                try await eventually { world.cloudState() == "ok" }
                try await eventually { world.refreshes() >= 4 }
            }
            #expect(world.logins() == 2)
            #expect(world.refusedRefreshes() == 1)
        }
    }

    @Test("While it logs in: the password is held back, since the cloud may have counted it")
    func unansweredLogin() async throws {
        try await World.exists { world in
            world.cloud.inject(Fault(.delay(.longer), for: RequestMatcher(grantType: "password")))
            try await world.bridge { process in
                try await eventually { world.logins() == 1 }
                try await process.kill()
            }
            for _ in 0..<3 {
                world.watcher.forget()
                try await world.bridge { process in
                    try await eventually { world.cloudState() == "unauthorised" }
                    try await process.kill()
                }
            }
            #expect(world.logins() == 1)
        }
    }

    // MARK: - Rows of kills

    /// Kills in a minute are harder on the budget of an hour than any house: it must not be what ends the row.
    private func mustBeginAfresh(in world: World) throws -> Bool {
        guard let saved = try world.savedTokens() else { return true }
        return saved.isLoginPending || saved.logins >= 5
    }

    private func logInAfresh(in world: World) async throws {
        try? FileManager.default.removeItem(at: world.stateFile)
        #expect(try await world.command(["login"], password: "password").exitCode == 0)
    }

    private func count(into tally: inout Tally, in world: World) async throws {
        // The cloud may still be at what the process asked for last.
        try await eventually { world.cloud.requests(.tokens).allSatisfy { $0.status != nil } }
        let saved = try #require(try world.savedTokens())
        let granted = world.cloud.requests(.tokens).filter { $0.status == 200 }
        if let last = granted.last, try #require(saved.obtained) < last.receivedAt { tally.lost += 1 }
        tally.refreshes += world.refreshes()
        tally.refused += world.refusedRefreshes()
        tally.logins += world.logins()
    }
}

extension ClosedRange<Duration> {
    /// Longer than the test that it is in.
    fileprivate static let longer = Duration.seconds(600)...(.seconds(600))
}
