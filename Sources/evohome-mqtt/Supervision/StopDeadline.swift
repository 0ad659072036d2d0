import Dispatch
import Glibc
import Synchronization

/// Ends the process a while after it was told to stop, whatever still holds it up: a disk that hangs, for example.
///
/// Docker sends SIGKILL 10 s after SIGTERM. Everything on disk is written so that the process may end at any moment, so
/// nothing is gained by waiting that long. It also answers signals from before the bridge runs: process 1 of a container
/// ignores those that nobody handles.
final class StopDeadline {
    /// Together with the time that the process needs to go, less than 8 s.
    private static let limit = DispatchTimeInterval.milliseconds(7_400)

    private let sources: [any DispatchSourceSignal]
    private let hasBegun = Shared()

    private final class Shared: Sendable {
        let isSet = Atomic(false)
    }

    init(signals: [Int32] = [SIGTERM, SIGINT]) {
        let queue = DispatchQueue(label: "stop-deadline")
        sources = signals.map { [hasBegun] number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // Nothing is under way yet.
                guard hasBegun.isSet.load(ordering: .sequentiallyConsistent) else { _exit(0) }
                queue.asyncAfter(deadline: .now() + Self.limit) {
                    let line = Array("Exiting without a clean stop, which takes too long.\n".utf8)
                    _ = write(STDERR_FILENO, line, line.count)
                    _exit(0)
                }
            }
            source.activate()
            return source
        }
    }

    /// From now on somebody else acts on the signals, and has until the deadline.
    func begin() { hasBegun.isSet.store(true, ordering: .sequentiallyConsistent) }

    func cancel() { for source in sources { source.cancel() } }
}
