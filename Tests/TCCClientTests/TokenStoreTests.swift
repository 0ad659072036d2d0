import Basics
import HTTPTypes
import HeatingModel
import Logging
import Observability
import Synchronization
import TestSupport
import Testing

@testable import TCCClient

@Suite("Tokens and their store", .timeLimit(.minutes(1)))
struct TokenStoreTests {
    private let bench = TokenBench()

    @Test("A restart with a valid token makes no request and reads the disk once")
    func warmStart() async throws {
        let (cloud, store) = (ScriptedCloud(), SharedStore(bench.memory(access: 1000)))
        let tokens = bench.provider(cloud, store)
        for _ in 0..<100 { #expect(try await tokens.accessToken().value == Secret("access0")) }
        #expect((cloud.logins, cloud.refreshes, store.openings, store.writes.count) == (0, 0, 1, 0))
    }

    @Test("The next refresh token is on disk before anyone sees the access token")
    func order() async throws {
        let store = SharedStore(bench.memory())
        let tokens = bench.provider(ScriptedCloud(knowing: ["r0"]), store)
        store.onWrite {
            #expect(tokens.expiry == nil, "The access token shows before the disk has the refresh token.")
        }
        let token = try await tokens.accessToken()
        #expect(store.writes.count == 1)
        #expect(store.writes.first?.access == token)
        #expect(store.writes.first?.refresh?.value == Secret("refresh1"))
    }

    @Test("Eight programs on one store and a short lifetime: one login in all, and no refused refresh")
    func sharing() async throws {
        let (cloud, store) = (ScriptedCloud(lifetime: 5), SharedStore())
        let programs = (0..<8).map { _ in bench.provider(cloud, store) }
        for _ in 0..<100 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for program in programs { group.addTask { _ = try await program.accessToken() } }
                try await group.waitForAll()
            }
            bench.clock.advance(by: .seconds(1))
        }
        #expect((cloud.logins, cloud.refusals) == (1, 0))
        #expect(cloud.refreshes < 50)
    }

    @Test("A disk that cannot be written: it works from memory, says so, and tries again after a minute")
    func readOnly() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(bench.memory()))
        store.fails(toWrite: TokenBench.broken)
        let tokens = bench.provider(cloud, store)
        #expect(try await tokens.accessToken().value == Secret("access1"))
        #expect(tokens.storeFailure == TokenBench.broken)
        bench.clock.advance(by: .seconds(1739))
        #expect(try await tokens.accessToken().value == Secret("access2"))
        #expect((cloud.logins, cloud.refreshes, cloud.refusals) == (0, 2, 0))
        store.fails()
        _ = try await tokens.accessToken()
        #expect(store.writes.isEmpty)
        bench.clock.advance(by: .seconds(60))
        _ = try await tokens.accessToken()
        await tokens.settle()
        #expect(tokens.storeFailure == nil)
        #expect(store.stored?.refresh?.value == Secret("refresh2"))
        #expect(cloud.refreshes == 2)
    }

    @Test("If the store can be read but never locked, the saved refresh token is used, and no password")
    func unlockable() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(bench.memory()))
        store.fails(toOpen: TokenBench.broken)
        let tokens = bench.provider(cloud, store, remembered: bench.memory())
        #expect(try await tokens.accessToken().value == Secret("access1"))
        #expect((cloud.logins, cloud.refreshes, cloud.refusals) == (0, 1, 0))
        #expect(tokens.storeFailure == TokenBench.broken)
    }

    @Test(
        "A store that cannot be read at first loses nothing of what it holds when it comes back",
        arguments: [true, false]
    )
    func unreadable(password: Bool) async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(bench.memory()))
        cloud.refusePassword()
        store.fails(toOpen: TokenBench.broken)
        let tokens = bench.provider(cloud, store, password: password)
        #expect(await bench.failure { try await tokens.accessToken() }?.kind == .unauthorised)
        #expect(tokens.storeFailure == TokenBench.broken)
        store.fails()
        #expect(try await tokens.accessToken().value == Secret("access1"))
        #expect(tokens.storeFailure == nil)
        // The password that was refused meanwhile is still known as such.
        let hold = store.stored?.logins.hold(on: TokenCase.credentials, at: bench.clock.now)
        #expect((hold != nil) == password)
        #expect(cloud.logins == (password ? 1 : 0))
    }

    @Test("Newer tokens that another process wrote while this one could not reach the store win")
    func overtaken() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(bench.memory()))
        let (tokens, other) = (bench.provider(cloud, store), bench.provider(cloud, store))
        _ = try await tokens.accessToken()
        bench.clock.advance(by: .seconds(1739))
        store.fails(toWrite: TokenBench.broken)
        cloud.answers([.failure(.notSent(.noRoute))])
        _ = try await tokens.accessToken()
        store.fails()
        bench.clock.advance(by: .seconds(61))
        _ = try await other.accessToken()
        #expect(try await tokens.accessToken().value == Secret("access2"))
        #expect((cloud.logins, cloud.refusals) == (0, 0))
    }

    @Test("A store that another process holds for too long: nothing is sent, and a token at hand is used")
    func inUse() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(bench.memory(access: 100)))
        let tokens = bench.provider(cloud, store)
        _ = try await tokens.accessToken()
        store.fails(toOpen: TokenStoreFailure(sentence: "It is in use.", isInUse: true))
        bench.clock.advance(by: .seconds(70))
        #expect(try await tokens.accessToken().value == Secret("access0"))
        bench.clock.advance(by: .seconds(70))
        let failure = await bench.failure { try await tokens.accessToken() }
        #expect(failure?.kind == .unreachable)
        #expect(failure?.retryAt == bench.clock.now + .seconds(5))
        #expect((cloud.logins, cloud.refreshes) == (0, 0))
    }
}
