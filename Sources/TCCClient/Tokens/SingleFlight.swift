/// Lets any number of callers wait for one piece of work.
///
/// Generic over what a caller waits with: continuations in production, numbers in tests.
struct SingleFlight<Waiter>: ~Copyable {
    private enum State {
        case idle
        case flying(waiters: [Int: Waiter])
    }

    private var state = State.idle
    private var lastTicket = 0

    enum JoinAction {
        /// The caller waits, and the work is to be started.
        case start
        /// The caller waits for work that is under way.
        case wait
    }

    /// A number for a caller, by which it can leave.
    mutating func ticket() -> Int {
        lastTicket += 1
        return lastTicket
    }

    mutating func join(_ waiter: Waiter, ticket: Int) -> JoinAction {
        switch state {
        case .idle:
            state = .flying(waiters: [ticket: waiter])
            return .start
        case .flying(var waiters):
            waiters[ticket] = waiter
            state = .flying(waiters: waiters)
            return .wait
        }
    }

    var isFlying: Bool {
        if case .flying = state { true } else { false }
    }

    /// The work is wanted for its own sake.
    ///
    /// - Returns: Whether it is to be started.
    mutating func begin() -> Bool {
        guard case .idle = state else { return false }
        state = .flying(waiters: [:])
        return true
    }

    /// A caller gives up; the work goes on for the others.
    ///
    /// - Returns: The caller's waiter, when it was still waiting.
    mutating func leave(ticket: Int) -> Waiter? {
        guard case .flying(var waiters) = state, let waiter = waiters.removeValue(forKey: ticket) else { return nil }
        state = .flying(waiters: waiters)
        return waiter
    }

    /// The work is done.
    ///
    /// - Returns: Everyone who waits for its result.
    mutating func land() -> [Waiter] {
        guard case .flying(let waiters) = state else { return [] }
        state = .idle
        return waiters.sorted { $0.key < $1.key }.map(\.value)
    }
}
