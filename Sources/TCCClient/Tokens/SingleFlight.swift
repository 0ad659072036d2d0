/// Lets any number of callers wait for one piece of work.
///
/// Generic over what a caller waits with: continuations in production, numbers in tests.
struct SingleFlight<Waiter>: ~Copyable {
    /// Who waits for the work under way, by ticket; `nil` when there is none.
    private var waiters: [Int: Waiter]?
    private var lastTicket = 0

    enum JoinAction {
        /// The caller waits and has to start the work.
        case start
        /// The caller waits for work that is under way.
        case wait
    }

    var isFlying: Bool { waiters != nil }

    /// A number for a caller, by which it can leave.
    mutating func ticket() -> Int {
        lastTicket += 1
        return lastTicket
    }

    mutating func join(_ waiter: Waiter, ticket: Int) -> JoinAction {
        if attend(waiter, ticket: ticket) { return .wait }
        waiters = [ticket: waiter]
        return .start
    }

    /// Waits for work that is under way, and starts none.
    ///
    /// - Returns: Whether there is any.
    mutating func attend(_ waiter: Waiter, ticket: Int) -> Bool {
        waiters?[ticket] = waiter
        return isFlying
    }

    /// Work that no caller waits for.
    ///
    /// - Returns: Whether to start it.
    mutating func begin() -> Bool {
        guard !isFlying else { return false }
        waiters = [:]
        return true
    }

    /// A caller gives up; the work goes on for the others.
    ///
    /// - Returns: The caller's waiter, if it was still waiting.
    mutating func leave(ticket: Int) -> Waiter? {
        waiters?.removeValue(forKey: ticket)
    }

    /// The work is done.
    ///
    /// - Returns: All who wait for its result, in the order in which they came.
    mutating func land() -> [Waiter] {
        defer { waiters = nil }
        return (waiters ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
}
