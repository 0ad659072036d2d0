import Basics
import NIOCore
import NIOPosix

/// The machine's clock, whose sleeps end on the event loop: those of `Task.sleep` need threads of Dispatch.
struct EventLoopClock: WallClock {
    private let system = SystemClock()
    private let longestNap: Duration

    /// - Parameter longestNap: After how long a sleep looks at the clock again. The event loop's time stands still while the
    ///   machine sleeps; elapsed time goes on.
    init(longestNap: Duration = .seconds(60)) {
        self.longestNap = longestNap
    }

    var uptime: Uptime { system.uptime }
    var now: Instant { system.now }
    var minimumResolution: Duration { system.minimumResolution }

    func sleep(until deadline: Uptime) async throws {
        try Task.checkCancellation()
        while case let remaining = deadline - uptime, remaining > .zero { try await nap(min(remaining, longestNap)) }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await sleep(until: uptime + now.duration(to: deadline))
    }

    private func nap(_ duration: Duration) async throws {
        let end = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: TimeAmount(duration)) {}
        do {
            try await withTaskCancellationHandler {
                try await end.futureResult.get()
            } onCancel: {
                end.cancel()
            }
        } catch {
            throw CancellationError()
        }
    }
}
