import Basics
import HTTPTypes
import HeatingModel
import Logging
import Observability
import Synchronization
import TestSupport
import Testing

@testable import TCCClient

@Suite("The source of access tokens", .timeLimit(.minutes(1)))
struct TokenProviderTests {
    private let bench = TokenBench()

    @Test("A thousand callers make one refresh and get the same token")
    func thousand() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(bench.memory()))
        let tokens = bench.provider(cloud, store)
        cloud.close()
        let got = try await withThrowingTaskGroup(of: AccessToken.self) { group in
            for _ in 0..<1000 { group.addTask { try await tokens.accessToken() } }
            await bench.eventually { cloud.waiting == 1 }
            cloud.open()
            var got: Set<AccessToken> = []
            for try await token in group { got.insert(token) }
            return got
        }
        #expect(got.map(\.value) == [Secret("access1")])
        #expect((cloud.logins, cloud.refreshes) == (0, 1))

        let clock = ContinuousClock()
        let time = try await clock.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<1000 {
                    group.addTask { for _ in 0..<100 { _ = try await tokens.accessToken() } }
                }
                try await group.waitForAll()
            }
        }
        print("accessToken() on a valid token, 1,000 callers: \(time / 100_000) a call")
        #expect(cloud.refreshes == 1)
    }

    @Test("A thousand callers get the same error, with the moment to ask again")
    func thousandErrors() async {
        let (cloud, store) = (ScriptedCloud(), SharedStore(bench.memory()))
        cloud.answers([.success(HTTPAnswer(status: 429, headerFields: [.retryAfter: "300"]))])
        let tokens = bench.provider(cloud, store)
        let start = bench.clock.now
        let failures = await withTaskGroup(of: CloudFailure?.self) { group in
            for _ in 0..<1000 { group.addTask { await bench.failure { try await tokens.accessToken() } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures.count == 1000)
        #expect(failures.allSatisfy { $0?.kind == .rateLimited && $0?.retryAt == start + .seconds(300) })
        #expect((cloud.logins, cloud.refreshes) == (0, 1))
        #expect(store.stored?.refresh?.value == Secret("r0"))
    }

    @Test("A caller that is cancelled before or while it waits does not disturb the others")
    func cancellation() async throws {
        let cloud = ScriptedCloud(knowing: ["r0"])
        let tokens = bench.provider(cloud, SharedStore(bench.memory()))
        cloud.close()
        let first = Task { try await tokens.accessToken() }
        await bench.eventually { cloud.waiting == 1 }
        let second = Task { try await tokens.accessToken() }
        let third = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await tokens.accessToken()
        }
        first.cancel()
        third.cancel()
        #expect(await bench.failure { try await first.value }?.kind == .cancelled)
        #expect(await bench.failure { try await third.value }?.kind == .cancelled)
        cloud.open()
        #expect(try await second.value.value == Secret("access1"))
        #expect(cloud.refreshes == 1)
    }

    @Test("A refused refresh token leads to one login, which is on disk before it is sent")
    func fallback() async throws {
        let (cloud, store) = (ScriptedCloud(), SharedStore(bench.memory(refresh: "spent")))
        let tokens = bench.provider(cloud, store)
        #expect(try await tokens.accessToken().value == Secret("access1"))
        #expect((cloud.logins, cloud.refreshes, cloud.refusals) == (1, 1, 1))
        #expect(store.writes.map { $0.logins.pending != nil } == [false, true, false])
        #expect(tokens.counts.refusals == 1)
    }

    @Test("A hundred crash-looped starts with a wrong password make one attempt; a changed one is tried at once")
    func crashLoop() async throws {
        let (cloud, store) = (ScriptedCloud(), SharedStore())
        cloud.refusePassword()
        let start = bench.clock.now
        for _ in 0..<100 {
            let failure = await bench.failure { try await bench.provider(cloud, store).accessToken() }
            #expect(failure?.kind == .unauthorised)
            #expect(failure?.retryAt == start + .seconds(900))
        }
        #expect(cloud.logins == 1)
        let changed = TokenProvider(
            endpoint: TokenEndpoint(cloud: .vendor, transport: cloud.transport),
            store: store,
            credentials: TokenCase.earlier,
            clock: bench.clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        _ = await bench.failure { try await changed.accessToken() }
        #expect(cloud.logins == 2)
    }

    @Test("Without a password a refused refresh token waits, says what to do, and is tried again")
    func noPassword() async throws {
        let (cloud, store) = (ScriptedCloud(), SharedStore(bench.memory(refresh: "spent")))
        let tokens = bench.provider(cloud, store, password: false)
        let refused = await bench.failure { try await tokens.accessToken() }
        #expect(refused?.kind == .unauthorised)
        #expect(refused?.sentence.contains("evohome-mqtt login") == true)
        #expect(refused?.retryAt == bench.clock.now + .seconds(900))
        _ = await bench.failure { try await tokens.accessToken() }
        #expect((cloud.logins, cloud.refreshes) == (0, 1))
        bench.clock.advance(by: .seconds(900))
        _ = await bench.failure { try await tokens.accessToken() }
        #expect((cloud.logins, cloud.refreshes) == (0, 2))
        // What another process has put there meanwhile is used at once.
        store.put(bench.memory(refresh: nil, access: 1000))
        #expect(try await tokens.accessToken().value == Secret("access0"))
    }

    @Test("A refused token is replaced, and its successors are not replaced in a loop")
    func refusedFreshToken() async throws {
        let cloud = ScriptedCloud(knowing: ["r0"])
        let tokens = bench.provider(cloud, SharedStore(bench.memory(access: 86_400 * 30)))
        var token = try await tokens.accessToken()
        for number in 1...2 {
            token = try await tokens.accessToken(insteadOf: token)
            #expect(token.value == Secret("access\(number)"))
        }
        for _ in 0..<50 {
            let fresh = token
            #expect(
                await bench.failure { try await tokens.accessToken(insteadOf: fresh) }?.retryAt == bench.clock.now
                    + .seconds(60)
            )
        }
        #expect(cloud.refreshes == 2)
        bench.clock.advance(by: .seconds(60))
        token = try await tokens.accessToken(insteadOf: token)
        #expect(cloud.refreshes == 3)
        tokens.proved(token)
        _ = try await tokens.accessToken(insteadOf: token)
        #expect((cloud.logins, cloud.refreshes) == (0, 4))
    }

    @Test("A thousand callers whose token is refused make one refresh; late ones get the new token")
    func refusedTogether() async throws {
        let cloud = ScriptedCloud(knowing: ["r0"])
        let tokens = bench.provider(cloud, SharedStore(bench.memory(access: 1000)))
        let old = try await tokens.accessToken()
        let got = try await withThrowingTaskGroup(of: AccessToken.self) { group in
            for _ in 0..<1000 { group.addTask { try await tokens.accessToken(insteadOf: old) } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(got.map(\.value) == [Secret("access1")])
        #expect(try await tokens.accessToken(insteadOf: old).value == Secret("access1"))
        #expect(cloud.refreshes == 1)
    }

    @Test("A token that expires at once, or while the disk writes, costs one refresh a call")
    func shortLives() async throws {
        let cloud = ScriptedCloud(knowing: ["r0"], lifetime: 1)
        let tokens = bench.provider(cloud, SharedStore(bench.memory()))
        for number in 1...5 {
            #expect(try await tokens.accessToken().value == Secret("access\(number)"))
            bench.clock.advance(by: .seconds(1))
        }
        #expect((cloud.logins, cloud.refreshes, cloud.refusals) == (0, 5, 0))
    }

    @Test("Settling waits for a request under way, and returns at once without one")
    func settle() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(bench.memory()))
        await bench.provider(cloud, store).settle()
        let tokens = bench.provider(cloud, store)
        cloud.close()
        let caller = Task { try await tokens.accessToken() }
        await bench.eventually { cloud.waiting == 1 }
        caller.cancel()
        let settled = Task {
            await tokens.settle()
            return store.stored?.refresh?.value
        }
        cloud.open()
        #expect(await settled.value == Secret("refresh1"))
        _ = try? await caller.value
    }

    @Test("Settling abandons a request at its limit, and nothing is asked for afterwards")
    func settleWithinLimit() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(bench.memory()))
        let tokens = bench.provider(cloud, store)
        cloud.close()
        let caller = Task { try await tokens.accessToken() }
        await bench.eventually { cloud.waiting == 1 }
        let settled = Task { await tokens.settle(within: .seconds(6)) }
        await bench.eventually { bench.clock.sleepers >= 1 }
        bench.clock.advance(by: .seconds(6))
        #expect(await settled.value == false)

        cloud.open()
        _ = try? await caller.value
        #expect(await tokens.settle(within: .seconds(6)))
        bench.clock.advance(by: .seconds(3600))
        await #expect(throws: CloudFailure(.cancelled, "The program is stopping.")) { try await tokens.accessToken() }
        #expect(cloud.waiting == 0)
    }
}
