public import Basics
public import HeatingModel

/// Everything that is known of an account at one moment, and what of it has changed since somebody asked.
///
/// A value: answers of the cloud go in, sites and changes come out. Locks and time belong to its keeper.
public struct Snapshot: Sendable {
    /// How sites are named, and when they count as away.
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

    public private(set) var installation: Installation?
    /// Whether a status has named other things than the installation, or the same by other names, since that was read.
    public private(set) var isInstallationContradicted = false
    /// Why less is served than was asked for, in one sentence.
    public private(set) var problem: String?
    public private(set) var layout: TopicLayout?
    public private(set) var health: CloudHealth
    public private(set) var schedules = KnownSchedules()
    /// Whether the cloud was asked for everything once, with or without success: what is known now is worth publishing.
    public private(set) var isReady = false

    private let settings: Settings
    private let started: Uptime
    private var places: [ControlSystemID: (location: Int, system: Int)] = [:]
    private var statuses: [ControlSystemID: ControlSystemStatus] = [:]
    /// When each location was last read, in elapsed time: a clock that is set makes no answer older.
    private var answers: [LocationID: Uptime] = [:]
    /// Locations that could not be read the last time.
    private var failing: Set<LocationID> = []
    private var temperatures = HighPrecisionTemperatures()
    private var areSchedulesUnsaved = false
    private var expectations: [Target: CloudCall] = [:]
    private var expectedSchedules: [Target: CloudCall] = [:]
    private var knownChanges = KnownChanges()
    private var changes = Changes()

    public init(settings: Settings, at now: Instant, uptime: Uptime) {
        self.settings = settings
        started = uptime
        health = CloudHealth(at: now)
    }
}

// MARK: - What is known

extension Snapshot {
    /// Every control system's id, in order.
    public var systems: [ControlSystemID] { places.keys.sorted() }

    /// The high-precision temperatures that are in use.
    public var highPrecisionTemperatures: [SensorID: HighPrecisionTemperature] { temperatures.highPrecision }

    public func site(of system: ControlSystemID, at now: Uptime) -> Site? {
        guard let installation, let place = places[system] else { return nil }
        let location = installation.locations[place.location]
        // Before the first answer of this run, what an earlier run published stands for as long as it may.
        let lastAnswer = answers[location.id] ?? started
        return Site(
            location: location,
            system: location.systems[place.system],
            status: statuses[system],
            isFresh: lastAnswer.duration(to: now) <= settings.unavailableAfter,
            schedules: schedules,
            expectations: expectations,
            expectedSchedules: expectedSchedules,
            changes: knownChanges
        )
    }
}

extension Snapshot {
    /// The first moment at which the values of a system are too old, if no answer comes before; `nil` once they are.
    public func staleMoment(of system: ControlSystemID, at now: Uptime) -> Uptime? {
        guard let location = installation.flatMap({ known in places[system].map { known.locations[$0.location].id } })
        else { return nil }
        let moment = (answers[location] ?? started) + settings.unavailableAfter + .milliseconds(1)
        return moment > now ? moment : nil
    }
}

// MARK: - What the cloud says

extension Snapshot {
    /// The installation.
    ///
    /// - Parameter read: When it was read; `nil` for one that an earlier run knew.
    public mutating func apply(_ locations: ServedLocations, read: Instant? = nil) {
        let new = locations.installation
        // Without a control system no status will ever tell that the cloud answers.
        if let read, new.systems.isEmpty { health.succeeded(at: read) }
        problem = locations.problem
        installation = new
        isInstallationContradicted = false
        layout = TopicLayout(base: settings.baseTopic, naming: settings.naming, installation: new)
        places = [:]
        for (locationIndex, location) in new.locations.enumerated() {
            for (systemIndex, system) in location.systems.enumerated() {
                places[system.id] = (locationIndex, systemIndex)
            }
        }
        forget(notIn: new)
        if read != nil { knownChanges.forget(notIn: new) }
        changes.isLayoutChanged = true
        changes.systems.formUnion(places.keys)
        changes.schedules.formUnion(places.keys)
    }

    /// A status differs from the installation.
    public mutating func contradictInstallation() { isInstallationContradicted = true }

    /// Forgets what was reported and expected of locations and control systems that are gone.
    private mutating func forget(notIn new: Installation) {
        let locations = Set(new.locations.map(\.id))
        failing.formIntersection(locations)
        answers = answers.filter { locations.contains($0.key) }
        statuses = statuses.filter { places[$0.key] != nil }
        expectations = expectations.filter { places[$0.key.systemID] != nil }
        expectedSchedules = expectedSchedules.filter { places[$0.key.systemID] != nil }
    }

    /// - Returns: Whether it says anything new. Most answers repeat the last one.
    @discardableResult
    public mutating func apply(_ status: LocationStatus, at now: Instant, uptime: Uptime) -> Bool {
        let earlier = answers.updateValue(uptime, forKey: status.id)
        failing.remove(status.id)
        health.succeeded(at: now, isWhole: failing.isEmpty)
        // After a long silence even what was known is news.
        let isOverdue = earlier.map { $0.duration(to: uptime) > settings.unavailableAfter } ?? true
        var isNews = false
        for system in status.systems.map({ temperatures.merge($0) }) where isOverdue || statuses[system.id] != system {
            isNews = true
            findChanges(in: system, at: now, uptime: uptime)
            if let before = statuses.updateValue(system, forKey: system.id) {
                changes.add(FaultChange.changes(from: before, to: system).map { BridgeEvent(.fault($0), at: now) })
            }
            changes.systems.insert(system.id)
        }
        return isNews
    }

    /// Explains what is set otherwise than before, and reports what nothing explains.
    private mutating func findChanges(in status: ControlSystemStatus, at now: Instant, uptime: Uptime) {
        let unexplained = knownChanges.apply(status, schedules: schedules, at: now, uptime: uptime)
        guard !unexplained.isEmpty, let place = places[status.id] else { return }
        let zones = installation?.locations[place.location].systems[place.system].zones ?? []
        let ghosts = zones.filter { zone in zone.isGhost(with: status.zones.first { $0.id == zone.id }) }
        let targets = Set(ghosts.map { Target.zone($0.id, in: status.id) })
        changes.add(unexplained.filter { !targets.contains($0.target) }.map { BridgeEvent(.change($0), at: now) })
    }

    /// A reading failed.
    ///
    /// - Parameter location: The location that could not be read, if it was one.
    public mutating func apply(
        _ failure: CloudFailure,
        of location: LocationID? = nil,
        retryAt: Instant?,
        at now: Instant
    ) {
        if let location, installation?.locations.contains(where: { $0.id == location }) == true {
            failing.insert(location)
        }
        health.failed(failure, at: now, retryAt: retryAt)
        // Values stand, but a site may have become too old to be available.
        changes.systems.formUnion(places.keys)
    }

    /// A round of high-precision temperatures; an empty one if it failed.
    public mutating func apply(_ readings: [SensorID: Temperature]) {
        for (id, status) in statuses {
            let shown = temperatures.merge(readings, into: status)
            guard shown != status else { continue }
            statuses[id] = shown
            changes.systems.insert(id)
        }
    }

    /// - Parameter schedule: `nil` if the zone or hot water has none.
    public mutating func apply(_ schedule: AnySchedule?, of target: Target, at now: Instant) {
        areSchedulesUnsaved = true
        if schedules.keep(schedule, of: target, at: now) { changes.addSchedules(of: target.systemID) }
    }

    public mutating func becomeReady() {
        isReady = true
    }
}

// MARK: - What an earlier run knew

extension Snapshot {
    public mutating func restore(_ known: KnownSchedules) {
        schedules = known
    }

    /// The temperatures that an earlier run showed last, until the cloud says something else.
    public mutating func restore(_ known: [SensorID: HighPrecisionTemperature]) {
        temperatures = HighPrecisionTemperatures(remembered: known)
    }

    /// Who changed what, as far as an earlier run knew.
    public mutating func restore(_ known: KnownChanges, at now: Instant, uptime: Uptime) {
        knownChanges = known.restored(at: now, uptime: uptime)
    }

    /// Who changed what, for the next run; `nil` if there is nothing new.
    public mutating func takeUnsavedChanges() -> KnownChanges? { knownChanges.takeUnsaved() }

    /// Schedules that are worth keeping for the next run; `nil` if there is nothing new, and for an installer's account
    /// with very many: reading those again is better than a huge state file.
    public mutating func takeUnsavedSchedules() -> KnownSchedules? {
        defer { areSchedulesUnsaved = false }
        return areSchedulesUnsaved && schedules.count <= 500 ? schedules : nil
    }
}

// MARK: - What commands expect

extension Snapshot {
    /// A call is about to be made. Its effect may show before its answer.
    public mutating func willMake(
        _ call: CloudCall,
        of target: Target,
        by cause: Change.Cause = .bridge,
        at now: Instant,
        uptime: Uptime
    ) {
        knownChanges.willMake(call, of: target, by: cause, at: now, uptime: uptime)
    }

    /// The cloud has accepted a call: show its effect before a status shows it.
    public mutating func expect(_ call: CloudCall, of target: Target) {
        knownChanges.accepted(call, of: target)
        // A zone's schedule and its setpoint can be changed at the same time.
        if call.isSchedule { expectedSchedules[target] = call } else { expectations[target] = call }
        changes.systems.insert(target.systemID)
    }

    /// The cloud has refused a call.
    public mutating func refused(_ call: CloudCall, of target: Target) {
        knownChanges.refused(call, of: target)
    }

    /// The command of a call has ended: show what the cloud says again.
    public mutating func ended(_ call: CloudCall, of target: Target, as outcome: Outcome) {
        knownChanges.ended(call, of: target, as: outcome)
        if expectations[target] == call { expectations[target] = nil }
        if expectedSchedules[target] == call { expectedSchedules[target] = nil }
        changes.systems.insert(target.systemID)
    }
}

// MARK: - What has changed

extension Snapshot {
    /// Everything that has changed since the last call.
    public mutating func takeChanges() -> Changes {
        defer {
            changes = Changes()
            changes.eventCount = eventCount
        }
        return changes
    }

    /// How many events there have been since the start.
    public var eventCount: Int { changes.eventCount }

    /// The last events, as far as nobody has taken them yet.
    public func latestEvents(_ count: Int) -> ArraySlice<BridgeEvent> { changes.events.suffix(count) }

    /// Reports something that has happened, once.
    public mutating func report(_ event: BridgeEvent.Kind, at now: Instant) {
        changes.add([BridgeEvent(event, at: now)])
    }

    /// Events that did not reach the broker: publish them with the next change, or over the next connection.
    public mutating func publishAgain(_ events: [BridgeEvent]) { changes.putBack(events) }

    /// A message about a system did not reach the broker: publish it with the next change, or the next connection.
    public mutating func publishAgain(_ system: ControlSystemID) {
        changes.addSchedules(of: system)
    }

    /// Which parts of a snapshot have changed.
    public struct Changes: Sendable {
        public internal(set) var systems: Set<ControlSystemID> = []
        /// Systems of which a schedule has changed.
        public internal(set) var schedules: Set<ControlSystemID> = []
        /// Topics may have moved, and sites may be gone.
        public internal(set) var isLayoutChanged = false
        /// What has happened, in order.
        public private(set) var events: [BridgeEvent] = []
        /// How many events there have been, with those that are not kept.
        var eventCount = 0

        /// The last hundred are kept for a broker that is away.
        mutating func add(_ new: [BridgeEvent]) {
            events = (events + new).suffix(100)
            eventCount += new.count
        }

        /// Events that were taken and are older than those here.
        mutating func putBack(_ earlier: [BridgeEvent]) { events = (earlier + events).suffix(100) }

        /// A system's state names the current switchpoint, so it changes with a schedule.
        mutating func addSchedules(of system: ControlSystemID) {
            schedules.insert(system)
            systems.insert(system)
        }
    }
}
