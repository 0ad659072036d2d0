import Basics
import HTTPTypes
import HeatingModel
import Logging
import Observability
import Synchronization
import TestSupport

@testable import TCCClient

/// Providers of tokens over a scripted cloud and a store in memory, on a clock that a test moves.
struct TokenBench {
    let clock = ManualClock()
    static let broken = TokenStoreFailure(sentence: "The disk is full.")

    func provider(
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
    func memory(refresh: String? = "r0", access life: Int? = nil) -> TokenMemory {
        var memory = TokenMemory(salt: 3)
        memory.refresh = refresh.map { RefreshToken(value: Secret($0)) }
        memory.access = life.map { AccessToken(value: Secret("access0"), expires: clock.now + .seconds($0)) }
        return memory
    }

    func failure(_ call: () async throws -> AccessToken) async -> CloudFailure? {
        do {
            _ = try await call()
            return nil
        } catch {
            return error as? CloudFailure
        }
    }

    func eventually(_ condition: () -> Bool) async {
        while !condition(), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
    }
}
