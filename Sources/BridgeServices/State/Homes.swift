public import BridgeCore
public import HeatingModel
import Synchronization

/// The one picture of every home, which the loops share: readers put answers of the cloud into it, commands put what they
/// expect into it, the publisher takes from it what has changed.
public final class Homes: Sendable {
    private struct Picture: Sendable {
        var installation: Installation?
        var layout: TopicLayout?
        var places: [ControlSystemID: (location: Int, system: Int)] = [:]
        var statuses: [ControlSystemID: ControlSystemStatus] = [:]
        var answered: [LocationID: (at: Instant, reading: Int)] = [:]
        var lastReading = 0
        /// Locations that could not be read when they were last asked for.
        var failing: Set<LocationID> = []
        var temperatures = Temperatures()
        var schedules = KnownSchedules()
        var areSchedulesUnsaved = false
        var expectations: [Target: Change] = [:]
        var health: CloudHealth
        var isReady = false
        var changes = Changes()
    }

    private let picture: Mutex<Picture>
    private let settings: Settings
    private let clock: any WallClock
    private let started: Instant
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

    /// - Parameter week: `nil` for a zone that has none.
    public func apply(_ week: WeekSchedule<Double>?, of zone: ZoneID, in system: ControlSystemID) {
        let now = clock.now
        change { picture in
            let before = picture.schedules[zone]
            picture.schedules.keep(week, of: zone, at: now)
            picture.areSchedulesUnsaved = true
            if picture.schedules[zone] != before { picture.changes.schedules(of: system) }
        }
    }

    /// - Parameter week: `nil` for hot water that has none.
    public func apply(_ week: WeekSchedule<HotWaterState>?, of hotWater: HotWaterID, in system: ControlSystemID) {
        let now = clock.now
        change { picture in
            let before = picture.schedules[hotWater]
            picture.schedules.keep(week, of: hotWater, at: now)
            picture.areSchedulesUnsaved = true
            if picture.schedules[hotWater] != before { picture.changes.schedules(of: system) }
        }
    }

    /// Weeks that an earlier run has read.
    public func restore(_ schedules: KnownSchedules) {
        picture.withLock { $0.schedules = schedules }
    }

    /// Weeks that are worth keeping for the next run; `nil` while nothing is new, and for an account with so many, an
    /// installer's, that they are better read again: the state file stays small.
    public func takeUnsavedSchedules() -> KnownSchedules? {
        picture.withLock { picture in
            defer { picture.areSchedulesUnsaved = false }
            return picture.areSchedulesUnsaved && picture.schedules.count <= 500 ? picture.schedules : nil
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

    // MARK: - What is known

    public var installation: Installation? { picture.withLock { $0.installation } }
    public var layout: TopicLayout? { picture.withLock { $0.layout } }
    public var schedules: KnownSchedules { picture.withLock { $0.schedules } }
    public var isReady: Bool { picture.withLock { $0.isReady } }
    public var health: CloudHealth { picture.withLock { $0.health } }
    /// Whether everything was read when it was last asked for.
    public var isWell: Bool { picture.withLock { $0.failing.isEmpty } }

    /// Every control system's id, as far as the installation is known.
    public var systems: [ControlSystemID] { picture.withLock { Array($0.places.keys) } }

    public func site(of system: ControlSystemID) -> Site? {
        let now = clock.now
        return picture.withLock { picture in
            guard let installation = picture.installation, let place = picture.places[system] else { return nil }
            let location = installation.locations[place.location]
            // Before the first answer of this run what an earlier one published stands, for as long as it may.
            let lastAnswer = picture.answered[location.id]?.at ?? started
            return Site(
                location: location,
                system: location.systems[place.system],
                status: picture.statuses[system],
                isFresh: lastAnswer.duration(to: now) <= settings.unavailableAfter,
                schedules: picture.schedules,
                expectations: picture.expectations
            )
        }
    }

    /// Temperatures to a hundredth of a degree, as far as they are in use.
    var fineTemperatures: [SensorID: FineTemperature] { picture.withLock { $0.temperatures.fine } }

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

    private func change(_ body: (inout sending Picture) -> Void) {
        picture.withLock { body(&$0) }
        wake.yield()
    }
}

/// Which parts of the picture have changed.
public struct Changes: Sendable {
    public var systems: Set<ControlSystemID> = []
    /// Where a week was read that is not what it was.
    public var schedules: Set<ControlSystemID> = []
    /// Topics may have moved, and sites may be gone.
    public var isLayoutChanged = false
    /// What has happened, in order.
    public private(set) var events: [BridgeEvent] = []

    /// The latest of them are kept for a broker that is away.
    fileprivate mutating func add(_ new: [BridgeEvent]) {
        events = (events + new).suffix(100)
    }

    /// What is shown of a system says which switchpoint is current.
    fileprivate mutating func schedules(of system: ControlSystemID) {
        schedules.insert(system)
        systems.insert(system)
    }
}
