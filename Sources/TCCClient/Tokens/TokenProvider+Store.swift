import Basics
import HeatingModel
import Logging
import Synchronization

extension TokenProvider {
    /// What the store holds, and what it could not take while it was out of reach.
    func recall(_ stored: TokenMemory?) -> TokenMemory {
        state.withLock { state in
            guard let stored else { return state.memory }
            guard state.health.failure != nil else { return stored }
            var memory = state.memory
            memory.adopt(stored)
            return memory
        }
    }

    /// Writes, and only then lets callers see it.
    func keep(_ memory: TokenMemory, _ write: TokenWriter) {
        do throws(TokenStoreFailure) {
            try write(memory)
            let isNews = state.withLock { $0.health.works() }
            if isNews { logger.notice("The state file can be written again") }
        } catch {
            let (failure, now) = (error, clock.now)
            let isNews = state.withLock { $0.health.fails(failure, at: now) }
            if isNews { logger.error("Tokens are kept in memory only", metadata: ["reason": "\(failure.sentence)"]) }
        }
        state.withLock { $0.memory = memory }
    }

    /// Another process has the store for longer than it should: nothing is sent, and what is at hand is used.
    func waitForStore(_ failure: TokenStoreFailure) -> Result<AccessToken, CloudFailure> {
        let now = clock.now
        if let access = state.withLock({ $0.memory.access }), now < access.expires { return .success(access) }
        return .failure(CloudFailure(.unreachable, failure.sentence, retryAt: now + .seconds(5)))
    }
}
