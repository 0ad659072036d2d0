public import Foundation
import Synchronization

/// What tests, benchmarks and the control port do to a simulator.
extension TCCSimulator {
    /// Adds a fault; those added earlier strike first.
    public func inject(_ fault: Fault) {
        state.withLock { $0.faults.add(fault) }
    }

    /// The faults of requests that are in force, with the times that are left.
    public var faults: [Fault] {
        state.withLock { $0.faults.faults }
    }

    /// Removes all faults of requests.
    public func removeFaults() {
        state.withLock { $0.faults.removeAll() }
    }

    /// The last requests, oldest first; some twenty thousand are kept.
    /// - Parameter matcher: which of them.
    /// - Returns: those that match.
    public func requests(_ matcher: RequestMatcher = .any) -> [RecordedRequest] {
        state.withLock { $0.log.entries(matcher) }
    }

    /// Forgets the requests so far.
    public func clearRequests() {
        state.withLock { $0.log.clear() }
    }

    /// Makes every access token of now invalid.
    public func revokeAccessTokens() {
        state.withLock { $0.cloud.tokens.revokeAccessTokens() }
    }

    /// Makes every refresh token of now invalid.
    public func revokeRefreshTokens() {
        state.withLock { $0.cloud.tokens.revokeRefreshTokens() }
    }

    /// Ends every session of the older API.
    public func closeSessions() {
        state.withLock { $0.cloud.sessions.closeAll() }
    }

    /// Lets tasks that are made from now on end in a way.
    /// - Parameters:
    ///   - outcome: how they end.
    ///   - times: how many of them; nil for all to come.
    ///   - subject: only those whose subject holds this, such as `zone 2100004`; nil for all.
    public func expectTasks(_ outcome: TaskOutcome, times: Int? = 1, about subject: String? = nil) {
        state.withLock { $0.cloud.tasks.expect(outcome, times: times, subject: subject) }
    }

    /// Lets tasks succeed again.
    public func forgetTaskOutcomes() {
        state.withLock { $0.cloud.tasks.forgetOutcomes() }
    }

    /// Moves both clocks on, so that tests of hours take no time.
    /// - Parameter duration: from 0.
    public func advance(by duration: Duration) {
        state.withLock { $0.advancedBy += max(duration.seconds, 0) }
    }

    /// What time it is in the homes.
    public var homeTime: Date {
        state.withLock { moment($0).home }
    }
}
