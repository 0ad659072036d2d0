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
    private let clock = ManualClock()
    private static let broken = TokenStoreFailure(sentence: "The disk is full.")

    private func provider(
        _ cloud: ScriptedCloud,
        _ store: SharedStore,
        password: Bool = true,
        remembered: TokenMemory? = nil
    ) -> TokenProvider {
        TokenProvider(
            endpoint: TokenEndpoint(cloud: .vendor, transport: cloud.transport),
            store: store,
            remembered: remembered,
            credentials: password ? TokenCase.credentials : nil,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// A memory with a refresh token, and an access token that still lives for so many seconds.
    private func memory(refresh: String? = "r0", access life: Int? = nil) -> TokenMemory {
        var memory = TokenMemory(salt: 3)
        memory.refresh = refresh.map { RefreshToken(value: Secret($0)) }
        memory.access = life.map { AccessToken(value: Secret("access0"), expires: clock.now + .seconds($0)) }
        return memory
    }

    private func failure(_ call: () async throws -> AccessToken) async -> CloudFailure? {
        do {
            _ = try await call()
            return nil
        } catch {
            return error as? CloudFailure
        }
    }

    private func eventually(_ condition: () -> Bool) async {
        while !condition(), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("A restart with a valid token asks nobody, and reads the disk once")
    func warmStart() async throws {
        let (cloud, store) = (ScriptedCloud(), SharedStore(memory(access: 1000)))
        let tokens = provider(cloud, store)
        for _ in 0..<100 { #expect(try await tokens.accessToken().value == Secret("access0")) }
        #expect((cloud.logins, cloud.refreshes, store.openings, store.writes.count) == (0, 0, 1, 0))
    }

    @Test("A thousand callers make one refresh and get the same token")
    func thousand() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(memory()))
        let tokens = provider(cloud, store)
        cloud.close()
        let got = try await withThrowingTaskGroup(of: AccessToken.self) { group in
            for _ in 0..<1000 { group.addTask { try await tokens.accessToken() } }
            await eventually { cloud.waiting == 1 }
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
        let (cloud, store) = (ScriptedCloud(), SharedStore(memory()))
        cloud.answers([.success(HTTPAnswer(status: 429, headerFields: [.retryAfter: "300"]))])
        let tokens = provider(cloud, store)
        let start = clock.now
        let failures = await withTaskGroup(of: CloudFailure?.self) { group in
            for _ in 0..<1000 { group.addTask { await self.failure { try await tokens.accessToken() } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures.count == 1000)
        #expect(failures.allSatisfy { $0?.kind == .rateLimited && $0?.retryAt == start + .seconds(300) })
        #expect((cloud.logins, cloud.refreshes) == (0, 1))
        #expect(store.stored?.refresh?.value == Secret("r0"))
    }

    @Test("A caller that is cancelled, before or while it waits, disturbs nobody")
    func cancellation() async throws {
        let cloud = ScriptedCloud(knowing: ["r0"])
        let tokens = provider(cloud, SharedStore(memory()))
        cloud.close()
        let first = Task { try await tokens.accessToken() }
        await eventually { cloud.waiting == 1 }
        let second = Task { try await tokens.accessToken() }
        let third = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await tokens.accessToken()
        }
        first.cancel()
        third.cancel()
        #expect(await failure { try await first.value }?.kind == .cancelled)
        #expect(await failure { try await third.value }?.kind == .cancelled)
        cloud.open()
        #expect(try await second.value.value == Secret("access1"))
        #expect(cloud.refreshes == 1)
    }

    @Test("The next refresh token is on disk before anyone sees the access token")
    func order() async throws {
        let store = SharedStore(memory())
        let tokens = provider(ScriptedCloud(knowing: ["r0"]), store)
        store.onWrite {
            // Whoever asks while the disk is busy waits with the others.
            #expect(tokens.state.withLock { $0.memory.access == nil && $0.flight.isFlying })
        }
        let token = try await tokens.accessToken()
        #expect(store.writes.count == 1)
        #expect(store.writes.first?.access == token)
        #expect(store.writes.first?.refresh?.value == Secret("refresh1"))
    }

    @Test("A refused refresh token leads to one login, which is on disk before it is sent")
    func fallback() async throws {
        let (cloud, store) = (ScriptedCloud(), SharedStore(memory(refresh: "spent")))
        let tokens = provider(cloud, store)
        #expect(try await tokens.accessToken().value == Secret("access1"))
        #expect((cloud.logins, cloud.refreshes, cloud.refusals) == (1, 1, 1))
        #expect(store.writes.map { $0.logins.pending != nil } == [false, true, false])
        #expect(tokens.counts.refusals == 1)
    }

    @Test("A hundred crash-looped starts with a wrong password make one attempt; a changed one is tried at once")
    func crashLoop() async throws {
        let (cloud, store) = (ScriptedCloud(), SharedStore())
        cloud.refusePassword()
        let start = clock.now
        for _ in 0..<100 {
            let failure = await failure { try await provider(cloud, store).accessToken() }
            #expect(failure?.kind == .unauthorised)
            #expect(failure?.retryAt == start + .seconds(900))
        }
        #expect(cloud.logins == 1)
        let changed = TokenProvider(
            endpoint: TokenEndpoint(cloud: .vendor, transport: cloud.transport),
            store: store,
            credentials: TokenCase.earlier,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        _ = await failure { try await changed.accessToken() }
        #expect(cloud.logins == 2)
    }

    @Test("Without a password a refused refresh token waits, says what to do, and is tried again")
    func noPassword() async throws {
        let (cloud, store) = (ScriptedCloud(), SharedStore(memory(refresh: "spent")))
        let tokens = provider(cloud, store, password: false)
        let refused = await failure { try await tokens.accessToken() }
        #expect(refused?.kind == .unauthorised)
        #expect(refused?.sentence.contains("evohome-mqtt login") == true)
        #expect(refused?.retryAt == clock.now + .seconds(900))
        _ = await failure { try await tokens.accessToken() }
        #expect((cloud.logins, cloud.refreshes) == (0, 1))
        clock.advance(by: .seconds(900))
        _ = await failure { try await tokens.accessToken() }
        #expect((cloud.logins, cloud.refreshes) == (0, 2))
        // What another process has put there meanwhile is used at once.
        store.put(memory(refresh: nil, access: 1000))
        #expect(try await tokens.accessToken().value == Secret("access0"))
    }

    @Test("Eight programs on one store and a short lifetime: one login in all, and no refused refresh")
    func sharing() async throws {
        let (cloud, store) = (ScriptedCloud(lifetime: 5), SharedStore())
        let programs = (0..<8).map { _ in provider(cloud, store) }
        for _ in 0..<100 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for program in programs { group.addTask { _ = try await program.accessToken() } }
                try await group.waitForAll()
            }
            clock.advance(by: .seconds(1))
        }
        #expect((cloud.logins, cloud.refusals) == (1, 0))
        #expect(cloud.refreshes < 50)
    }

    @Test("A disk that cannot be written: it works from memory, says so, and tries again after a minute")
    func readOnly() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(memory()))
        store.fails(toWrite: Self.broken)
        let tokens = provider(cloud, store)
        #expect(try await tokens.accessToken().value == Secret("access1"))
        #expect(tokens.storeFailure == Self.broken)
        clock.advance(by: .seconds(1739))
        #expect(try await tokens.accessToken().value == Secret("access2"))
        #expect((cloud.logins, cloud.refreshes, cloud.refusals) == (0, 2, 0))
        store.fails()
        _ = try await tokens.accessToken()
        #expect(store.writes.isEmpty)
        clock.advance(by: .seconds(60))
        _ = try await tokens.accessToken()
        await tokens.settle()
        #expect(tokens.storeFailure == nil)
        #expect(store.stored?.refresh?.value == Secret("refresh2"))
        #expect(cloud.refreshes == 2)
    }

    @Test("Where the store can be read but never locked, the saved refresh token is used, and no password")
    func unlockable() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(memory()))
        store.fails(toOpen: Self.broken)
        let tokens = provider(cloud, store, remembered: memory())
        #expect(try await tokens.accessToken().value == Secret("access1"))
        #expect((cloud.logins, cloud.refreshes, cloud.refusals) == (0, 1, 0))
        #expect(tokens.storeFailure == Self.broken)
    }

    @Test(
        "A store that cannot be read at first loses nothing of what it holds when it comes back",
        arguments: [true, false]
    )
    func unreadable(password: Bool) async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(memory()))
        cloud.refusePassword()
        store.fails(toOpen: Self.broken)
        let tokens = provider(cloud, store, password: password)
        #expect(await failure { try await tokens.accessToken() }?.kind == .unauthorised)
        #expect(tokens.storeFailure == Self.broken)
        store.fails()
        #expect(try await tokens.accessToken().value == Secret("access1"))
        #expect(tokens.storeFailure == nil)
        // The password that was refused meanwhile is still known as such.
        let hold = store.stored?.logins.hold(on: TokenCase.credentials, at: clock.now)
        #expect((hold != nil) == password)
        #expect(cloud.logins == (password ? 1 : 0))
    }

    @Test("What another process wrote while the store was out of reach for this one wins when it is newer")
    func overtaken() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(memory()))
        let (tokens, other) = (provider(cloud, store), provider(cloud, store))
        _ = try await tokens.accessToken()
        clock.advance(by: .seconds(1739))
        store.fails(toWrite: Self.broken)
        cloud.answers([.failure(.notSent("no route"))])
        _ = try await tokens.accessToken()
        store.fails()
        clock.advance(by: .seconds(61))
        _ = try await other.accessToken()
        #expect(try await tokens.accessToken().value == Secret("access2"))
        #expect((cloud.logins, cloud.refusals) == (0, 0))
    }

    @Test("A store that another process keeps for too long: nothing is sent, and what is left is used")
    func inUse() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(memory(access: 100)))
        let tokens = provider(cloud, store)
        _ = try await tokens.accessToken()
        store.fails(toOpen: TokenStoreFailure(sentence: "It is in use.", isInUse: true))
        clock.advance(by: .seconds(70))
        #expect(try await tokens.accessToken().value == Secret("access0"))
        clock.advance(by: .seconds(70))
        let failure = await failure { try await tokens.accessToken() }
        #expect(failure?.kind == .unreachable)
        #expect(failure?.retryAt == clock.now + .seconds(5))
        #expect((cloud.logins, cloud.refreshes) == (0, 0))
    }

    @Test("A token that is refused is replaced, and its fresh successors not in a loop")
    func refusedFreshToken() async throws {
        let cloud = ScriptedCloud(knowing: ["r0"])
        let tokens = provider(cloud, SharedStore(memory(access: 86_400 * 30)))
        var token = try await tokens.accessToken()
        for number in 1...2 {
            token = try await tokens.accessToken(insteadOf: token)
            #expect(token.value == Secret("access\(number)"))
        }
        for _ in 0..<50 {
            let fresh = token
            #expect(
                await failure { try await tokens.accessToken(insteadOf: fresh) }?.retryAt == clock.now + .seconds(60)
            )
        }
        #expect(cloud.refreshes == 2)
        clock.advance(by: .seconds(60))
        token = try await tokens.accessToken(insteadOf: token)
        #expect(cloud.refreshes == 3)
        tokens.proved(token)
        _ = try await tokens.accessToken(insteadOf: token)
        #expect((cloud.logins, cloud.refreshes) == (0, 4))
    }

    @Test("A thousand callers whose token is refused make one refresh; late ones get the new token")
    func refusedTogether() async throws {
        let cloud = ScriptedCloud(knowing: ["r0"])
        let tokens = provider(cloud, SharedStore(memory(access: 1000)))
        let old = try await tokens.accessToken()
        let got = try await withThrowingTaskGroup(of: AccessToken.self) { group in
            for _ in 0..<1000 { group.addTask { try await tokens.accessToken(insteadOf: old) } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(got.map(\.value) == [Secret("access1")])
        #expect(try await tokens.accessToken(insteadOf: old).value == Secret("access1"))
        #expect(cloud.refreshes == 1)
    }

    @Test("A token that lives for no time, or runs out while the disk writes, costs one refresh a call")
    func shortLives() async throws {
        let cloud = ScriptedCloud(knowing: ["r0"], lifetime: 1)
        let tokens = provider(cloud, SharedStore(memory()))
        for number in 1...5 {
            #expect(try await tokens.accessToken().value == Secret("access\(number)"))
            clock.advance(by: .seconds(1))
        }
        #expect((cloud.logins, cloud.refreshes, cloud.refusals) == (0, 5, 0))
    }

    @Test("Settling waits for the request that is under way, and for none that is not")
    func settle() async throws {
        let (cloud, store) = (ScriptedCloud(knowing: ["r0"]), SharedStore(memory()))
        let tokens = provider(cloud, store)
        await tokens.settle()
        cloud.close()
        let caller = Task { try await tokens.accessToken() }
        await eventually { cloud.waiting == 1 }
        caller.cancel()
        let settled = Task {
            await tokens.settle()
            return store.stored?.refresh?.value
        }
        cloud.open()
        #expect(await settled.value == Secret("refresh1"))
        _ = try? await caller.value
    }
}
