import Basics
import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("The bridge from start to stop", .timeLimit(.minutes(2)))
struct LifeTests {
    @Test("A first start logs in once and publishes every zone, and says online last")
    func firstStart() async throws {
        try await World.exists { world in
            let ending = try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let zones = world.watcher.counts().keys.filter { topic in
                    topic.hasPrefix("evohome/\(site)/zone/") && topic.split(separator: "/").count == 4
                }
                #expect(zones.count == 6)
                let zone = try #require(world.watcher.json(on: "evohome/\(site)/zone/kitchen"))
                #expect(zone["mode"] as? String == "follow_schedule")
                #expect(world.watcher.last(on: "evohome/\(site)/availability") == "online")
                #expect(world.logins() == 1)
                #expect(world.cloud.requests(RequestMatcher(path: "/status")).count >= 1)
            }
            #expect(ending.exitCode == 0)
            #expect(world.watcher.said(on: "evohome/bridge/state") == ["online", "offline"])
        }
    }

    @Test("A restart makes no authentication call and one status call, and says everything exactly once")
    func restart() async throws {
        try await World.exists { world in
            try await world.bridge(pollInterval: "60s") { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
            }
            world.cloud.clearRequests()
            world.watcher.forget()
            try await world.bridge(pollInterval: "60s") { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let paths = world.cloud.requests().map(\.path)
                #expect(paths.count == 1, "\(paths)")
                #expect(paths.first?.hasSuffix("/status") == true)
                #expect(world.watcher.counts().filter { $0.value != 1 }.isEmpty)
            }
        }
    }

    @Test("A token that has run out is refreshed, and the password is used only when the refresh token is refused")
    func refreshing() async throws {
        try await World.exists { world in
            try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                world.cloud.revokeAccessTokens()
                try await eventually { world.refreshes() == 1 }
                let readings = world.readings()
                try await eventually { world.readings() > readings }
                #expect(world.logins() == 1)
                world.cloud.revokeRefreshTokens()
                world.cloud.revokeAccessTokens()
                try await eventually { world.logins() == 2 }
                try await eventually { world.watcher.json(on: "evohome/bridge/cloud")?["state"] as? String == "ok" }
                #expect(world.refreshes() == 2)
            }
        }
    }

    @Test("The state file is private and holds no password")
    func stateFile() async throws {
        try await World.exists({ $0.password = "correct horse" }) { world in
            try await world.bridge(password: "correct horse") { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: world.stateFile.path())
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try !String(contentsOf: world.stateFile, encoding: .utf8).contains("correct horse"))
        }
    }

    /// Alone on a machine it takes some milliseconds, and never two seconds; here others run beside it.
    @Test("SIGTERM ends it soon, also while the cloud hangs and the broker is away")
    func stopping() async throws {
        try await World.exists { world in
            let process = Task {
                try await world.bridge { process in
                    try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                    world.cloud.inject(Fault(.hang, for: RequestMatcher(path: "/status"), times: nil))
                    await world.broker.kill()
                    try await Task.sleep(for: .seconds(1.5))
                    let began = ContinuousClock.now
                    let ending = try await process.stop()
                    #expect(ContinuousClock.now - began < .seconds(6))
                    #expect(ending.exitCode == 0)
                }
            }
            _ = try await process.value
        }
    }

    private let site = "home"
}
