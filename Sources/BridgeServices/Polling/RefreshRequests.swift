public import Basics
import HeatingModel
import Synchronization

/// Asks the loop that reads the cloud to read everything now.
public final class RefreshRequests: Sendable {
    /// Why there is no refresh, in a sentence.
    public struct Refusal: Error, Equatable, Sendable {
        public var sentence: String
    }

    /// The cloud is not asked more often, whoever wants it.
    private static let pause = Duration.seconds(30)

    private struct State {
        var isAsked = false
        var waiting: [CheckedContinuation<CloudFailure?, Never>] = []
        var last: Instant?
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let pace: PollPace
    private let clock: any WallClock

    public init(pace: PollPace, clock: any WallClock) {
        self.pace = pace
        self.clock = clock
    }

    /// Reads everything, and returns when it was read.
    public func refresh() async throws(Refusal) {
        let now = clock.now
        let isTooSoon = state.withLock { state -> Instant? in
            if let last = state.last, last + Self.pause > now, last <= now { return last + Self.pause }
            state.last = now
            return nil
        }
        if let next = isTooSoon {
            throw Refusal(sentence: "Everything was read just now; it can be read again at \(next).")
        }
        let failure = await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                guard !state.hasEnded else { return true }
                state.isAsked = true
                state.waiting.append(continuation)
                return false
            }
            if hasEnded {
                continuation.resume(returning: CloudFailure(.cancelled, "The bridge stops."))
            } else {
                pace.wake()
            }
        }
        if let failure { throw Refusal(sentence: failure.sentence) }
    }

    /// Whether somebody has asked since the last call.
    func take() -> Bool {
        state.withLock { state in
            defer { state.isAsked = false }
            return state.isAsked
        }
    }

    /// Everything was read, or something could not be.
    func answer(_ failure: CloudFailure? = nil) {
        let waiting = state.withLock { state -> [CheckedContinuation<CloudFailure?, Never>] in
            guard !state.isAsked else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: failure) }
    }

    /// Nobody reads any more.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            state.isAsked = false
        }
        answer(CloudFailure(.cancelled, "The bridge stops."))
    }
}
