public import Basics
public import BridgeCore
public import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// The only reader of the cloud. Everything that is wanted is asked for here, and every answer goes into the snapshot.
///
/// One loop owns the ``ReadingPlan``, which decides what is read. Readings run beside it, and come back as inputs.
public final class CloudReader: Service {
    public struct Settings: Sendable {
        /// The locations to serve, by id, name or topic; empty for all.
        public var locations: [String]
        /// Whether anything is read that nobody asked for. A one-shot session does not need that.
        public var polls: Bool
        /// The shortest interval between two statuses that the cloud allows.
        public var shortestPollInterval: Duration

        public init(locations: [String], polls: Bool = true, shortestPollInterval: Duration = .zero) {
            self.locations = locations
            self.polls = polls
            self.shortestPollInterval = shortestPollInterval
        }
    }

    /// Why nothing is refreshed, in one sentence.
    public struct Refusal: Error, Equatable, Sendable {
        public var sentence: String
    }

    private struct State {
        var intervals: ReadingPlan.Intervals
        var lastRefresh: Uptime?
        var isStopping = false
    }

    /// Requests do not refresh everything more often than this.
    private static let pauseBetweenRefreshes = Duration.seconds(30)
    /// The cloud limits clients that ask for much at once.
    static let pauseBetweenSchedules = Duration.milliseconds(250)

    private let source: ReadingSource
    private let keeper: ReadingKeeper
    private let store: SnapshotStore
    private let counts: LoopCounts
    private let settings: Settings
    private let clock: any WallClock
    private let logger: Logger
    private let inputs: AsyncStream<ReaderLoop.Input>
    private let input: AsyncStream<ReaderLoop.Input>.Continuation
    private let state: Mutex<State>

    /// A reader that has read nothing for twice its interval is stuck. It gets three minutes at least, since one reading
    /// may wait for the lock of the state file, a refresh of tokens and a login, and be made twice.
    public let pulse: LoopPulse

    /// - Parameters:
    ///   - highPrecision: `nil` if half degrees will do.
    ///   - changes: `nil` if it does not matter who changed what before.
    public init(
        cloud: any Cloud,
        highPrecision: (any HighPrecisionSource)? = nil,
        store: SnapshotStore,
        memory: any Memory,
        changes: (any ChangeMemory)? = nil,
        counts: LoopCounts,
        intervals: ReadingPlan.Intervals,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        source = ReadingSource(cloud: cloud, highPrecision: highPrecision, store: store)
        keeper = ReadingKeeper(
            memory: memory,
            changes: changes,
            keepsChanges: settings.polls,
            keepsTemperatures: highPrecision != nil,
            store: store,
            clock: clock
        )
        self.store = store
        self.counts = counts
        self.settings = settings
        self.clock = clock
        self.logger = logger
        state = Mutex(State(intervals: intervals))
        pulse = LoopPulse("read", limit: Self.limit(for: intervals))
        (inputs, input) = AsyncStream.makeStream()
    }

    private static func limit(for intervals: ReadingPlan.Intervals) -> Duration { max(.seconds(180), intervals.status) }

    /// How often things are read. A change takes effect at once.
    public var intervals: ReadingPlan.Intervals {
        get { state.withLock(\.intervals) }
        set {
            pulse.limit = Self.limit(for: newValue)
            state.withLock {
                $0.intervals = newValue
                input.yield(.changed(newValue))
            }
        }
    }

    /// Reads something now, and waits for it. Without any readings it waits until what the memory holds is in the snapshot.
    ///
    /// - Parameter afresh: Whether only a reading that begins now or later serves. Otherwise one in flight serves as well,
    ///   which may not show what has happened since it began.
    public func read(_ readings: [Reading], afresh: Bool = false) async throws(CloudFailure) {
        let since = afresh ? clock.uptime : nil
        try await wait(for: { .want(readings, since: since, $0) })
    }

    /// Reads everything but the schedules now, and waits for it.
    func refresh() async throws(Refusal) {
        let now = clock.uptime
        let next = state.withLock { state -> Uptime? in
            if let last = state.lastRefresh, last + Self.pauseBetweenRefreshes > now {
                return last + Self.pauseBetweenRefreshes
            }
            state.lastRefresh = now
            return nil
        }
        if let next {
            let pause = now.duration(to: next).readable
            throw Refusal(sentence: "The last refresh began just now; the next one can begin in \(pause).")
        }
        do throws(CloudFailure) {
            try await wait(for: { .refresh($0) })
        } catch {
            throw Refusal(sentence: error.sentence)
        }
    }

    /// A call of a command for a location failed, which may say how the cloud is.
    func callFailed(_ failure: CloudFailure, in location: LocationID) {
        input.yield(.callFailed(failure, location))
    }

    /// Follows an accepted command to its end.
    ///
    /// - Returns: `nil` if the program stops before that.
    public func follow(_ followed: CommandFollower.Followed) async -> Outcome? {
        let promise = Promise<Outcome?>(ifCancelled: nil)
        send(.follow(followed, promise))
        return await promise.value()
    }

    /// Reads schedules one after another, and waits for them.
    ///
    /// - Parameter progress: Called before each with its number, from 1, and the number of all.
    /// - Returns: What was read, and what the cloud refused, with the reason.
    /// - Throws: ``CloudFailure`` if the cloud is away: the rest was not read.
    public func readSchedules(
        of targets: [NamedTarget],
        progress: (NamedTarget, Int, Int) -> Void = { _, _, _ in }
    ) async throws(CloudFailure) -> (read: [NamedTarget], refused: [(named: NamedTarget, failure: CloudFailure)]) {
        var read: [NamedTarget] = []
        var refused: [(NamedTarget, CloudFailure)] = []
        for (index, named) in targets.enumerated() {
            progress(named, index + 1, targets.count)
            if index > 0 { try? await clock.sleep(for: Self.pauseBetweenSchedules) }
            do throws(CloudFailure) {
                try await self.read([.schedule(named.target)])
                read.append(named)
            } catch {
                guard error.kind == .refused else { throw error }
                refused.append((named, error))
            }
        }
        return (read, refused)
    }

    private func wait(for input: (Promise<CloudFailure?>) -> ReaderLoop.Input) async throws(CloudFailure) {
        let promise = Promise<CloudFailure?>(ifCancelled: ReaderLoop.stopping)
        send(input(promise))
        if let failure = await promise.value() { throw failure }
    }

    /// Sends an input to the loop, or refuses it if the loop has ended.
    private func send(_ next: ReaderLoop.Input) {
        if case .terminated = input.yield(next) { ReaderLoop.refuse(next) }
    }

    public func run() async throws {
        var loop = ReaderLoop(
            reading: source,
            keeper: keeper,
            into: store,
            settings: settings,
            intervals: intervals,
            counts: counts,
            pulse: pulse,
            clock: clock,
            logger: logger,
            input: input
        )
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                loop.start(&group)
                // All inputs are taken from the stream, so that none with a waiting caller is lost when the program stops.
                for await next in inputs {
                    if isStopping { ReaderLoop.refuse(next) } else { loop.handle(next, in: &group) }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: { [self] in
            state.withLock { $0.isStopping = true }
            input.finish()
        }
        await loop.end()
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock(\.isStopping) }
}
