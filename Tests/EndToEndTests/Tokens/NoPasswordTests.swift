import TCCSimulator
import TestSupport
import Testing

@Suite("A bridge that has no password", .timeLimit(.minutes(3)))
struct NoPasswordTests {
    @Test("It lives on its refresh token; when that dies it says what to do, and the last values are kept")
    func refreshToken() async throws {
        try await World.exists({ $0.tokenLifetime = .seconds(2) }) { world in
            _ = try await world.command(["login"], password: "password")
            try await world.bridge(password: nil) { _ in
                try await eventually { world.refreshes() >= 4 }
                #expect(world.cloudState() == "ok")
                let before = world.watcher.retainedTopics()
                world.cloud.revokeRefreshTokens()
                try await eventually { world.cloudState() == "unauthorised" }
                #expect(world.cloudError()?.contains("run `evohome-mqtt login`") == true)
                #expect(world.watcher.retainedTopics().isSuperset(of: before))
                #expect(world.watcher.json(on: kitchen)?["temperature"] is Double)
                #expect(world.watcher.last(on: "evohome/home/availability") == "online")
            }
            #expect(world.logins() == 1)
            #expect(world.refusedRefreshes() == 1)
        }
    }

    @Test("A new login brings it back while it runs")
    func newLogin() async throws {
        try await World.exists { world in
            _ = try await world.command(["login"], password: "password")
            world.cloud.revokeAccessTokens()
            world.cloud.revokeRefreshTokens()
            try await world.bridge(password: nil) { _ in
                try await eventually { world.cloudState() == "unauthorised" }
                #expect(try await world.command(["login"], password: "password").exitCode == 0)
                try await eventually { world.cloudState() == "ok" }
                try await eventually { world.watcher.json(on: kitchen) != nil }
            }
            #expect(world.logins() == 2)
        }
    }

    private let kitchen = "evohome/home/zone/kitchen"
}
