import Basics
import HeatingModel
import Synchronization

/// How often the cloud is read. It can be changed while the bridge runs; a change is in force at once.
public final class PollPace: Sendable {
    /// Times between two readings.
    public struct Intervals: Equatable, Sendable {
        /// Of the status.
        public var status: Duration
        /// Of the installation.
        public var installation: Duration
        /// Of weeks; `nil` for never.
        public var schedules: Duration?

        public init(status: Duration, installation: Duration, schedules: Duration? = nil) {
            self.status = status
            self.installation = installation
            self.schedules = schedules
        }
    }

    private struct State {
        var intervals: Intervals
        /// What the loop waits for, with whether it came to its end.
        var sleep: Task<Bool, Never>?
        /// Whether somebody woke the loop while it was not waiting.
        var isWoken = false
    }

    private let state: Mutex<State>

    public init(_ intervals: Intervals) {
        state = Mutex(State(intervals: intervals))
    }

    public var intervals: Intervals {
        get { state.withLock { $0.intervals } }
        set {
            state.withLock { $0.intervals = newValue }
            wake()
        }
    }

    /// Ends the wait before its time, since there is something else to read.
    func wake() {
        state.withLock { state in
            state.isWoken = true
            state.sleep?.cancel()
        }
    }

    /// Waits for the next reading, or for somebody who wakes the loop. One loop waits at a time.
    func wait(on clock: any WallClock, until moment: Instant) async {
        let sleep = state.withLock { state -> Task<Bool, Never>? in
            defer { state.isWoken = false }
            guard !state.isWoken else { return nil }
            let sleep = Task { (try? await clock.sleep(until: moment)) != nil }
            state.sleep = sleep
            return sleep
        }
        guard let sleep else { return }
        _ = await withTaskCancellationHandler {
            await sleep.value
        } onCancel: {
            sleep.cancel()
        }
        state.withLock { state in
            state.sleep = nil
            state.isWoken = false
        }
    }
}
