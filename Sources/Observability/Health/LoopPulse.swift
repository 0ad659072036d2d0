import Basics
import Synchronization

/// What one of the program's loops says of itself while it runs: that it works, or that it rests.
///
/// A loop that waits for a slow cloud says ``works(at:)`` again with each step that it gets further, so that it is not
/// taken for one that hangs.
public final class LoopPulse: Sendable {
    private enum State {
        case working(since: SuspendingClock.Instant)
        /// Until a moment, or until something happens.
        case resting(until: SuspendingClock.Instant?)
    }

    /// What the loop does, for people: `poll`, `publish`.
    public let name: String
    private let limit: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - name: What the loop does.
    ///   - limit: How long one step of it may take at the most; also how long it may be late, and how soon it begins.
    ///   - now: A clock that stands still while the machine sleeps, so that waking up is no illness.
    public init(_ name: String, limit: Duration = .seconds(60), at now: SuspendingClock.Instant = .now) {
        self.name = name
        self.limit = limit
        state = Mutex(.resting(until: now))
    }

    /// The loop begins a step.
    public func works(at now: SuspendingClock.Instant = .now) {
        state.withLock { $0 = .working(since: now) }
    }

    /// The loop waits.
    ///
    /// - Parameter duration: When it goes on by itself; `nil` when it waits for something to happen.
    public func rests(for duration: Duration? = nil, at now: SuspendingClock.Instant = .now) {
        state.withLock { $0 = .resting(until: duration.map { now + $0 }) }
    }

    /// How the loop does at a moment.
    public func reading(at now: SuspendingClock.Instant = .now) -> LoopReading {
        let due = state.withLock { state in
            switch state {
            case .working(let since): since
            case .resting(let until): until
            }
        }
        return LoopReading(name: name, silence: due.map { max(.zero, $0.duration(to: now)) } ?? .zero, limit: limit)
    }
}

/// How one loop did when it was looked at.
public struct LoopReading: Equatable, Sendable {
    /// What the loop does.
    public var name: String
    /// For how long it has not been heard of though it should have.
    public var silence: Duration
    /// For how long that may be.
    public var limit: Duration

    public init(name: String, silence: Duration, limit: Duration) {
        self.name = name
        self.silence = silence
        self.limit = limit
    }

    /// Whether it hangs.
    public var isStuck: Bool { silence > limit }
}
