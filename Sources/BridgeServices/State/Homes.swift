public import Basics
public import BridgeCore
public import HeatingModel
import Synchronization

/// The one snapshot of every home, which the loops share: readers put answers of the cloud into it, commands put what they
/// expect into it, the publisher takes from it what has changed.
public final class SnapshotStore: Sendable {
    let snapshot: Mutex<Snapshot>
    let settings: Settings
    let clock: any WallClock
    let started: Instant
    private let wake: AsyncStream<Void>.Continuation

    /// Says that something has changed; what, ``takeChanges()`` tells. One consumer.
    public let wakes: AsyncStream<Void>

    /// How homes are named and when they count as away.
    public struct Settings: Sendable {
        public var baseTopic: String
        public var naming: TopicLayout.Naming
        /// How old the last good answer may be before a site is offline.
        public var unavailableAfter: Duration

        public init(baseTopic: String, naming: TopicLayout.Naming, unavailableAfter: Duration) {
            self.baseTopic = baseTopic
            self.naming = naming
            self.unavailableAfter = unavailableAfter
        }
    }

    public init(settings: Settings, clock: any WallClock) {
        self.settings = settings
        self.clock = clock
        started = clock.now
        snapshot = Mutex(Snapshot(health: CloudHealth(at: started)))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: - What the cloud says

    public func apply(_ installation: Installation) {
        let layout = TopicLayout(base: settings.baseTopic, naming: settings.naming, installation: installation)
        change { snapshot in
            snapshot.installation = installation
            snapshot.layout = layout
            snapshot.places = [:]
            for (locationIndex, location) in installation.locations.enumerated() {
                for (systemIndex, system) in location.systems.enumerated() {
                    snapshot.places[system.id] = (locationIndex, systemIndex)
                }
            }
            snapshot.failing.formIntersection(installation.locations.map(\.id))
            snapshot.changes.isLayoutChanged = true
            snapshot.changes.systems.formUnion(snapshot.places.keys)
            snapshot.changes.schedules.formUnion(snapshot.places.keys)
        }
    }

    /// A number for a reading that begins now, by which answers that overtake each other are told apart.
    public func beginReading() -> Int {
        snapshot.withLock { snapshot in
            snapshot.lastReading += 1
            return snapshot.lastReading
        }
    }

    /// - Parameter reading: From ``beginReading()``. An answer that was asked for before one that is here already is
    ///   older, and dropped: it could undo what a command has changed meanwhile.
    public func apply(_ status: LocationStatus, of reading: Int) {
        let now = clock.now
        change { snapshot in
            let earlier = snapshot.answered[status.id]
            if let earlier, earlier.reading > reading { return }
            snapshot.answered[status.id] = (now, reading)
            snapshot.failing.remove(status.id)
            snapshot.health.succeeded(at: now, isWhole: snapshot.failing.isEmpty)
            // Most answers are what the last one was; after a long silence even those are news.
            let isNews = earlier.map { $0.at.duration(to: now) > settings.unavailableAfter } ?? true
            let systems = status.systems.map { snapshot.temperatures.shown($0) }
            for system in systems where isNews || snapshot.statuses[system.id] != system {
                if let before = snapshot.statuses.updateValue(system, forKey: system.id) {
                    let faults = FaultChange.changes(from: before, to: system)
                    snapshot.changes.add(faults.map { BridgeEvent(.fault($0), at: now) })
                }
                snapshot.changes.systems.insert(system.id)
            }
        }
    }

    /// What an earlier run showed, until the cloud says something else.
    func recall(_ temperatures: [SensorID: HighPrecisionTemperature]) {
        snapshot.withLock { $0.temperatures = Temperatures(remembered: temperatures) }
    }

    /// - Parameter fine: What a round of fine readings brought, in °C; nothing where it failed.
    public func apply(fine: [SensorID: Temperature]) {
        change { snapshot in
            for (id, status) in snapshot.statuses {
                let shown = snapshot.temperatures.shown(status, after: fine)
                guard shown != status else { continue }
                snapshot.statuses[id] = shown
                snapshot.changes.systems.insert(id)
            }
        }
    }

    /// - Parameter location: Which could not be read, where it was one.
    public func apply(_ failure: CloudFailure, of location: LocationID? = nil, retryAt: Instant?) {
        change { snapshot in
            if let location { snapshot.failing.insert(location) }
            snapshot.health.failed(failure, at: clock.now, retryAt: retryAt)
            // Values stand, but a site may have become too old to be available.
            snapshot.changes.systems.formUnion(snapshot.places.keys)
        }
    }

    /// Something has happened that is worth saying once.
    public func report(_ event: BridgeEvent.Kind) {
        let now = clock.now
        change { $0.changes.add([BridgeEvent(event, at: now)]) }
    }

    /// The cloud was asked for the first time, with or without success: what is known now is worth showing.
    public func becomeReady() {
        change { $0.isReady = true }
    }

    // MARK: - What commands expect

    /// The cloud has taken a change, which is shown before the status shows it.
    public func expect(_ change: CloudCall, of target: Target) {
        self.change { snapshot in
            snapshot.expectations[target] = change
            snapshot.changes.systems.insert(target.systemID)
        }
    }

    /// The command that expected it has come to its end: what the cloud says is shown again.
    public func dropExpectation(of target: Target) {
        change { snapshot in
            snapshot.expectations[target] = nil
            snapshot.changes.systems.insert(target.systemID)
        }
    }

    // MARK: - What has changed

    /// What has changed since the last call.
    public func takeChanges() -> Changes {
        snapshot.withLock { snapshot in
            defer { snapshot.changes = Changes() }
            return snapshot.changes
        }
    }

    /// Something of it did not reach the broker. It goes with the next change of anything, or the next connection.
    public func publishAgain(_ system: ControlSystemID) {
        snapshot.withLock { $0.changes.schedules(of: system) }
    }

    /// Wakes the publisher though nothing has changed here.
    public func wakeUp() {
        wake.yield()
    }

    func change(_ body: (inout sending Snapshot) -> Void) {
        snapshot.withLock { body(&$0) }
        wake.yield()
    }
}
