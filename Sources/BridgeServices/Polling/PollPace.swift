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

        public init(status: Duration, installation: Duration) {
            self.status = status
            self.installation = installation
        }
    }

    private struct State {
        var intervals: Intervals
        /// What the loop waits for, with whether it came to its end.
        var sleep: Task<Bool, Never>?
    }

    private let state: Mutex<State>

    public init(_ intervals: Intervals) {
        state = Mutex(State(intervals: intervals))
    }

    public var intervals: Intervals {
        get { state.withLock { $0.intervals } }
        set {
            state.withLock { state in
                state.intervals = newValue
                state.sleep?.cancel()
            }
        }
    }

    /// Waits for the next reading. One loop waits at a time.
    ///
    /// - Parameter moment: When that is with these intervals; asked again when they have changed.
    func wait(on clock: any WallClock, until moment: (Intervals) -> Instant) async {
        while !Task.isCancelled {
            let sleep = state.withLock { state in
                let next = moment(state.intervals)
                let sleep = Task { (try? await clock.sleep(until: next)) != nil }
                state.sleep = sleep
                return sleep
            }
            let isOver = await withTaskCancellationHandler {
                await sleep.value
            } onCancel: {
                sleep.cancel()
            }
            if isOver { return }
        }
    }
}
