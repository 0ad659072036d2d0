public import Basics
public import BridgeCore
public import HeatingModel
import Synchronization

/// The one picture of every home, which the loops share: readers put answers of the cloud into it, commands put what they
/// expect into it, the publisher takes from it what has changed.
public final class Homes: Sendable {
    let picture: Mutex<Picture>
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
        picture = Mutex(Picture(health: CloudHealth(at: started)))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: - What the cloud says

    public func apply(_ installation: Installation) {
        let layout = TopicLayout(base: settings.baseTopic, naming: settings.naming, installation: installation)
        change { picture in
            picture.installation = installation
            picture.layout = layout
            picture.places = [:]
            for (locationIndex, location) in installation.locations.enumerated() {
                for (systemIndex, system) in location.systems.enumerated() {
                    picture.places[system.id] = (locationIndex, systemIndex)
                }
            }
            picture.failing.formIntersection(installation.locations.map(\.id))
            picture.changes.isLayoutChanged = true
            picture.changes.systems.formUnion(picture.places.keys)
            picture.changes.schedules.formUnion(picture.places.keys)
        }
    }

    /// A number for a reading that begins now, by which answers that overtake each other are told apart.
    public func beginReading() -> Int {
        picture.withLock { picture in
            picture.lastReading += 1
            return picture.lastReading
        }
    }

    /// - Parameter reading: From ``beginReading()``. An answer that was asked for before one that is here already is
    ///   older, and dropped: it could undo what a command has changed meanwhile.
    public func apply(_ status: LocationStatus, of reading: Int) {
        let now = clock.now
        change { picture in
            let earlier = picture.answered[status.id]
            if let earlier, earlier.reading > reading { return }
            picture.answered[status.id] = (now, reading)
            picture.failing.remove(status.id)
            picture.health.succeeded(at: now, isWhole: picture.failing.isEmpty)
            // Most answers are what the last one was; after a long silence even those are news.
            let isNews = earlier.map { $0.at.duration(to: now) > settings.unavailableAfter } ?? true
            let systems = status.systems.map { picture.temperatures.shown($0) }
            for system in systems where isNews || picture.statuses[system.id] != system {
                if let before = picture.statuses.updateValue(system, forKey: system.id) {
                    let faults = FaultChange.changes(from: before, to: system)
                    picture.changes.add(faults.map { BridgeEvent(.fault($0), at: now) })
                }
                picture.changes.systems.insert(system.id)
            }
        }
    }

    /// What an earlier run showed, until the cloud says something else.
    func recall(_ temperatures: [SensorID: FineTemperature]) {
        picture.withLock { $0.temperatures = Temperatures(remembered: temperatures) }
    }

    /// - Parameter fine: What a round of fine readings brought, in °C; nothing where it failed.
    public func apply(fine: [SensorID: Double]) {
        change { picture in
            for (id, status) in picture.statuses {
                let shown = picture.temperatures.shown(status, after: fine)
                guard shown != status else { continue }
                picture.statuses[id] = shown
                picture.changes.systems.insert(id)
            }
        }
    }

    /// - Parameter location: Which could not be read, where it was one.
    public func apply(_ failure: CloudFailure, of location: LocationID? = nil, retryAt: Instant?) {
        change { picture in
            if let location { picture.failing.insert(location) }
            picture.health.failed(failure, at: clock.now, retryAt: retryAt)
            // Values stand, but a site may have become too old to be available.
            picture.changes.systems.formUnion(picture.places.keys)
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
    public func expect(_ change: Change, of target: Target) {
        self.change { picture in
            picture.expectations[target] = change
            picture.changes.systems.insert(target.systemID)
        }
    }

    /// The command that expected it has come to its end: what the cloud says is shown again.
    public func dropExpectation(of target: Target) {
        change { picture in
            picture.expectations[target] = nil
            picture.changes.systems.insert(target.systemID)
        }
    }

    // MARK: - What has changed

    /// What has changed since the last call.
    public func takeChanges() -> Changes {
        picture.withLock { picture in
            defer { picture.changes = Changes() }
            return picture.changes
        }
    }

    /// Something of it did not reach the broker. It goes with the next change of anything, or the next connection.
    public func publishAgain(_ system: ControlSystemID) {
        picture.withLock { $0.changes.schedules(of: system) }
    }

    /// Wakes the publisher though nothing has changed here.
    public func wakeUp() {
        wake.yield()
    }

    func change(_ body: (inout sending Picture) -> Void) {
        picture.withLock { body(&$0) }
        wake.yield()
    }
}
