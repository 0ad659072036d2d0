import Basics
import HeatingModel
import Logging
import Synchronization

extension TokenProvider {
    /// Gets a token for everyone who waits.
    func fly() async {
        let result = await obtain()
        let now = clock.now
        let waiters = state.withLock { state in
            if case .success(let token) = result { state.replacements.replaced(by: token, at: now) }
            return state.flight.land()
        }
        for waiter in waiters { waiter.resume(with: result.mapError { $0 }) }
    }

    private func obtain() async -> Result<AccessToken, CloudFailure> {
        do throws(TokenStoreFailure) {
            return try await store.exclusively { stored, write in await obtain(stored: stored, write: write) }
        } catch {
            let failure = error
            guard !failure.isInUse else { return waitForStore(failure) }
            return await obtain(stored: nil) { _ throws(TokenStoreFailure) in throw failure }
        }
    }

    /// - Parameters:
    ///   - stored: What the store holds, which other processes may have changed.
    ///   - write: Fails when the store is out of reach; then memory has to do.
    private func obtain(stored: TokenMemory?, write: TokenWriter) async -> Result<AccessToken, CloudFailure> {
        var memory = recall(stored)
        memory.tidy(at: clock.now)
        // The store may still hold a token that the cloud refused, when no other process has replaced it.
        for refused in state.withLock({ $0.replacements.refused }) { memory.discard(refused) }
        var isKept = memory == stored
        // One that is too short to be lent goes only when there is another: it still serves everybody else.
        let short = memory.access.flatMap { clock.now + spareLife > $0.expires ? $0 : nil }
        if let short { memory.discard(short) }
        // At most a refresh that is refused, and the login that follows it.
        for _ in 0..<2 {
            guard case .attempt(let attempt) = memory.decision(at: clock.now, with: credentials) else { break }
            memory.began(attempt, at: clock.now)
            // A login must be known of even if this process dies before its answer.
            if case .logIn = attempt { keep(memory, write) }
            guard let answer = await send(attempt) else {
                return .failure(CloudFailure(.cancelled, "The program is stopping."))
            }
            var randomness = SystemRandomNumberGenerator()
            memory.record(answer, to: attempt, at: clock.now, using: &randomness)
            keep(memory, write)
            isKept = true
            // What was just handed out is used, however long the disk took and whatever the clock did meanwhile.
            if case .granted = answer, let token = memory.access { return .success(token) }
            guard answer == .refused else { break }
        }
        if let short, memory.access == nil {
            memory.access = short
            isKept = memory == stored
        }
        if !isKept { keep(memory, write) } else { state.withLock { $0.memory = memory } }
        switch memory.decision(at: clock.now, with: credentials) {
        case .use(let token): return .success(token)
        case let other: return .failure(CloudFailure(other))
        }
    }

    func send(_ attempt: TokenAttempt) async -> TokenAnswer? {
        let kind =
            switch attempt {
            case .refresh: "refresh"
            case .logIn: "password"
            }
        logger.debug("Asking for an access token", metadata: ["grant": "\(kind)"])
        guard let answer = try? await endpoint.send(attempt) else { return nil }
        state.withLock { $0.counts.count(answer, to: attempt) }
        switch answer {
        case .granted(let grant):
            logger.info(
                "Got an access token",
                metadata: ["grant": "\(kind)", "valid_for": "\(grant.lifetime.components.seconds)s"]
            )
        case .refused:
            logger.warning("The cloud refused the grant", metadata: ["grant": "\(kind)"])
        case .rateLimited:
            logger.warning("The cloud limits requests for tokens", metadata: ["grant": "\(kind)"])
        case .outOfOrder(let reason), .notSent(let reason), .unanswered(let reason):
            logger.debug("No access token", metadata: ["grant": "\(kind)", "reason": "\(reason)"])
        }
        return answer
    }
}
