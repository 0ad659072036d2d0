import Basics
public import HeatingModel
import Logging
import Synchronization

extension TokenProvider {
    /// Logs in with the password, once, whatever tokens are at hand. It draws on the login budget.
    ///
    /// - Throws: ``CloudFailure``: why it was not sent, or what the cloud said; nothing that was saved is lost then.
    public func logIn() async throws(CloudFailure) {
        guard let credentials else { throw CloudFailure(.needsLogin) }
        let result: Result<Void, CloudFailure>
        do throws(TokenStoreFailure) {
            result = try await store.exclusively { stored, write in
                await logIn(with: credentials, stored: stored, write: write)
            }
        } catch {
            throw CloudFailure(.unreachable, error.sentence, code: "state_file")
        }
        try result.get()
    }

    private func logIn(
        with credentials: Credentials,
        stored: TokenMemory?,
        write: TokenWriter
    ) async -> Result<Void, CloudFailure> {
        var memory = recall(stored)
        memory.tidy(at: clock.now)
        let attempt = TokenAttempt.logIn(credentials)
        if let wait = memory.wait(before: attempt, at: clock.now) { return .failure(CloudFailure(wait)) }
        memory.began(attempt, at: clock.now)
        keep(memory, write)
        guard let answer = await send(attempt) else {
            return .failure(CloudFailure(.cancelled, "The login was cancelled."))
        }
        var randomness = SystemRandomNumberGenerator()
        memory.record(answer, to: attempt, at: clock.now, using: &randomness)
        keep(memory, write)
        if case .granted = answer { return .success(()) }
        return .failure(memory.wait(before: attempt, at: clock.now).map(CloudFailure.init) ?? CloudFailure(.needsLogin))
    }
}
