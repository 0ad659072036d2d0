import Basics
import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Bridges that share an account and its state file", .timeLimit(.minutes(15)))
struct SharingTests {
    @Test("They log in once and take turns to refresh, and every call of each succeeds", arguments: [2, 8])
    func sharing(bridges: Int) async throws {
        let seconds = testLength("TEST_SHARING_SECONDS", standard: 16)
        try await World.exists({ $0.tokenLifetime = .seconds(5) }) { world in
            let names = (1...bridges).map { "bridge\($0)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names {
                    group.addTask {
                        try await world.bridge(as: name) { _ in
                            try await eventually(timeout: .seconds(60)) { world.cloudState(of: name) == "ok" }
                            try await Task.sleep(for: .seconds(seconds))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let calls = world.cloud.requests()
            #expect(calls.allSatisfy { $0.status == 200 })
            for name in names {
                let states = world.watcher.said(on: "\(name)/bridge/cloud")
                #expect(states.count >= 3 && states.allSatisfy { $0.contains(#""state":"ok""#) }, "\(name): \(states)")
            }
            #expect(world.logins() == 1)
            // A token is renewed when half its life is over, by whoever finds that first.
            #expect((2...seconds).contains(world.refreshes()))
            let counts = "\(world.logins()) login, \(world.refreshes()) refreshes, \(calls.count) calls"
            print("\(bridges) bridges for \(seconds) s: \(counts)")
        }
    }

    @Test("One that stands still while it refreshes holds nobody up, and recovers when it goes on")
    func standsStill() async throws {
        try await World.exists({ $0.tokenLifetime = .seconds(4) }) { world in
            _ = try await world.command(["login"], password: "password")
            try await world.bridge(as: "sleeper", flags: ["--cloud-request-timeout", "3s"]) { sleeper in
                world.cloud.inject(Fault(.hang, for: RequestMatcher(grantType: "refresh_token")))
                try await eventually { world.refreshes() == 1 }
                sleeper.signal(SIGSTOP)
                try await world.bridge(as: "other") { _ in
                    try await eventually(timeout: .seconds(40)) { world.refreshes() >= 3 }
                    try await eventually { world.cloudState(of: "other") == "ok" }
                    world.watcher.forget()
                    sleeper.signal(SIGCONT)
                    try await eventually(timeout: .seconds(40)) { world.cloudState(of: "sleeper") == "ok" }
                    let refreshes = world.refreshes()
                    try await eventually { world.refreshes() >= refreshes + 2 }
                }
            }
            #expect(world.logins() == 1)
            #expect(world.refusedRefreshes() == 0)
        }
    }
}
