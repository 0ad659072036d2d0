public import Basics
public import BridgeCore
public import HeatingModel
import Synchronization

/// The snapshot that all loops share. The reader adds answers of the cloud, commands add what they expect, and the publisher
/// takes what has changed.
public final class SnapshotStore: Sendable {
    private struct State: Sendable {
        var snapshot: Snapshot
        /// Counts changes.
        var version = 0
        var observers: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastTicket = 0
    }

    private let state: Mutex<State>
    private let clock: any WallClock

    /// What has happened since the start.
    public let events = EventFeed()

    public init(settings: Snapshot.Settings, clock: any WallClock) {
        self.clock = clock
        state = Mutex(State(snapshot: Snapshot(settings: settings, at: clock.now, uptime: clock.uptime)))
    }

    /// Changes the snapshot, and wakes its observers.
    ///
    /// - Parameter body: Also gets the present time.
    @discardableResult
    public func update<Result: Sendable>(_ body: (inout Snapshot, Instant) -> Result) -> Result {
        let now = clock.now
        return state.withLock { state in
            let before = state.snapshot.eventCount
            let result = body(&state.snapshot, now)
            state.version += 1
            for event in state.snapshot.latestEvents(state.snapshot.eventCount - before) {
                if let json = event.json(in: state.snapshot.layout) { events.add(json.text) }
            }
            for observer in state.observers.values { observer.yield() }
            return result
        }
    }

    /// Changes the snapshot without waking its observers.
    func take<Result: Sendable>(_ body: (inout Snapshot) -> Result) -> Result {
        state.withLock { body(&$0.snapshot) }
    }

    /// Wakes the observers although nothing has changed here: something else that they show has.
    public func wakeUp() {
        let observers = state.withLock { state in
            state.version += 1
            return state.observers.values
        }
        for observer in observers { observer.yield() }
    }

    /// A stream for one observer. It has an element after each change, or one for several in a row.
    public func changes() -> AsyncStream<Void> { observe().changes }

    /// As ``changes()``, for an observer that ends the stream itself.
    func observe() -> (changes: AsyncStream<Void>, observer: AsyncStream<Void>.Continuation) {
        let (stream, observer) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let ticket = state.withLock { state in
            state.lastTicket += 1
            state.observers[state.lastTicket] = observer
            return state.lastTicket
        }
        observer.onTermination = { [weak self] _ in
            self?.state.withLock { $0.observers[ticket] = nil }
        }
        return (stream, observer)
    }
}

extension SnapshotStore {
    public var installation: Installation? { state.withLock(\.snapshot.installation) }
    public var isInstallationContradicted: Bool { state.withLock(\.snapshot.isInstallationContradicted) }
    public var layout: TopicLayout? { state.withLock(\.snapshot.layout) }
    public var schedules: KnownSchedules { state.withLock(\.snapshot.schedules) }
    public var problem: String? { state.withLock(\.snapshot.problem) }
    public var health: CloudHealth { state.withLock(\.snapshot.health) }
    /// Counts changes, so that what was made of a snapshot can be used again.
    var version: Int { state.withLock(\.version) }
    public var systems: [ControlSystemID] { state.withLock(\.snapshot.systems) }
    var isReady: Bool { state.withLock(\.snapshot.isReady) }

    public func site(of system: ControlSystemID) -> Site? {
        let now = clock.uptime
        return state.withLock { $0.snapshot.site(of: system, at: now) }
    }

    /// The first moment at which the values of a system are too old, if no answer comes before; `nil` once they are.
    func staleMoment(of system: ControlSystemID) -> Uptime? {
        let now = clock.uptime
        return state.withLock { $0.snapshot.staleMoment(of: system, at: now) }
    }

    /// Every control system, in order.
    public var sites: [Site] {
        let now = clock.uptime
        return state.withLock { state in state.snapshot.systems.compactMap { state.snapshot.site(of: $0, at: now) } }
    }
}
