public import Basics
import HeatingModel
import Synchronization

/// A clock that stands still until a test moves it.
///
/// As on a real machine, setting the time does not move elapsed time: ``advance(by:)`` ends sleeps, ``set(to:)`` does not.
public final class ManualClock: WallClock {
    private struct Sleeper {
        var deadline: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Instant
        /// How much time went by since the clock was made.
        var elapsed = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var lastTicket = 0
    }

    private let state: Mutex<State>

    public init(_ start: Instant = Instant(millisecondsSince1970: 1_795_500_000_000)) {
        state = Mutex(State(now: start))
    }

    public var now: Instant { state.withLock { $0.now } }
    public var uptime: Uptime { state.withLock { Uptime(sinceStart: $0.elapsed) } }
    public var minimumResolution: Duration { .milliseconds(1) }

    /// How many tasks sleep on it.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// How often somebody has gone to sleep on it.
    public var naps: Int { state.withLock { $0.lastTicket } }

    /// Lets time go by, and wakes those whose time has come, the earliest first.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            state.elapsed += duration
            let due = state.sleepers.filter { $0.value.deadline <= state.elapsed }
            for ticket in due.keys { state.sleepers[ticket] = nil }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Sets the time on the wall, as NTP does; nobody wakes.
    public func set(to now: Instant) {
        state.withLock { $0.now = now }
    }

    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let moment = state.withLock { $0.elapsed + $0.now.duration(to: deadline) }
        try await sleep(until: Uptime(sinceStart: moment))
    }

    public func sleep(until deadline: Uptime) async throws {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isDue = state.withLock { state in
                    guard deadline.sinceStart > state.elapsed else { return true }
                    state.sleepers[ticket] = Sleeper(deadline: deadline.sinceStart, continuation: continuation)
                    return false
                }
                if Task.isCancelled {
                    if isDue { continuation.resume(throwing: CancellationError()) } else { cancel(ticket) }
                } else if isDue {
                    continuation.resume()
                }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    private func cancel(_ ticket: Int) {
        let sleeper = state.withLock { $0.sleepers.removeValue(forKey: ticket) }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
