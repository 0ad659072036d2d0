import Synchronization

/// What one of the program's loops reports while it runs: that it works, or that it rests.
///
/// A loop that waits for a slow cloud calls ``works(at:)`` again at each step it gets further, so that it does not look
/// stuck.
public final class LoopPulse: Sendable {
    private enum Activity {
        case working(since: SuspendingClock.Instant)
        /// Until a moment, or until something happens.
        case resting(until: SuspendingClock.Instant?)
    }

    private struct State {
        var activity: Activity
        var limit: Duration
    }

    /// What the loop does, for people: `poll`, `publish`.
    public let name: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - name: What the loop does.
    ///   - limit: How long one step may take at most; also how late it may be, and how soon it must begin.
    ///   - now: On a clock that stands still while the machine sleeps, so that a loop does not look stuck on waking up.
    public init(_ name: String, limit: Duration = .seconds(60), at now: SuspendingClock.Instant = .now) {
        self.name = name
        state = Mutex(State(activity: .resting(until: now), limit: limit))
    }

    /// How long one step may take at most. A change takes effect at once.
    public var limit: Duration {
        get { state.withLock(\.limit) }
        set { state.withLock { $0.limit = newValue } }
    }

    /// The loop begins a step.
    public func works(at now: SuspendingClock.Instant = .now) {
        state.withLock { $0.activity = .working(since: now) }
    }

    /// The loop waits.
    ///
    /// - Parameter duration: When it goes on by itself; `nil` when it waits for something to happen.
    public func rests(for duration: Duration? = nil, at now: SuspendingClock.Instant = .now) {
        state.withLock { $0.activity = .resting(until: duration.map { now + $0 }) }
    }

    /// What the loop looks like at a moment.
    public func reading(at now: SuspendingClock.Instant = .now) -> LoopReading {
        let state = state.withLock { $0 }
        let due: SuspendingClock.Instant? =
            switch state.activity {
            case .working(let since): since
            case .resting(let until): until
            }
        let silence = due.map { max(.zero, $0.duration(to: now)) } ?? .zero
        return LoopReading(name: name, silence: silence, limit: state.limit)
    }
}

/// What one loop looked like at a moment.
public struct LoopReading: Equatable, Sendable {
    /// What the loop does.
    public var name: String
    /// How long the loop has reported nothing although it should have.
    public var silence: Duration
    /// The longest silence allowed.
    public var limit: Duration

    public init(name: String, silence: Duration, limit: Duration) {
        self.name = name
        self.silence = silence
        self.limit = limit
    }

    public var isStuck: Bool { silence > limit }
}
