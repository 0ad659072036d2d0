public import Basics
public import HeatingModel

/// What is read from the cloud next, and when.
///
/// All readings are planned here, and one serves everybody who wants it:
/// - Statuses are read at their interval, spread over it if there are several locations, and soon after a switchpoint.
/// - Commands that were accepted are followed (``CommandFollower``).
/// - The installation is read at its own interval, and when a status contradicts it.
/// - Schedules are read one by one when nothing else is due, since they seldom change.
/// - High-precision temperatures are read after each round of statuses.
///
/// A location that fails goes behind the others. A cloud that fails is left alone for a while altogether. All times are
/// elapsed time. A value without clock or network.
public struct ReadingPlan: Sendable {
    /// Times between two readings.
    public struct Intervals: Equatable, Sendable {
        public var status: Duration
        public var installation: Duration
        /// `nil` for never.
        public var schedules: Duration?

        public init(status: Duration, installation: Duration, schedules: Duration? = nil) {
            self.status = status
            self.installation = installation
            self.schedules = schedules
        }
    }

    /// A reading and when it may begin.
    public struct Due: Equatable, Sendable {
        public var reading: Reading
        public var at: Uptime
        public var cause: Reading.Cause
    }

    /// A location that the cloud does not know any more is looked for in the installation, but not more often than this.
    private static let pauseBetweenSearches = Duration.seconds(15 * 60)
    /// How many readings may be in flight at once that somebody waits for.
    private static let urgentLimit = 4

    /// How often things are read. A change takes effect at once.
    public var intervals: Intervals {
        didSet {
            for id in statuses.keys { statuses[id]?.interval = intervals.status }
            order = PollOrder(statusMoments)
        }
    }

    private let shortestStatusInterval: Duration
    private let readsHighPrecision: Bool
    private let polls: Bool

    private var installationRead: Uptime?
    /// When the installation is read for another reason than its age.
    private var installationDue: Uptime?
    private var lastSearch: Uptime?
    private var statuses: [LocationID: PollSchedule] = [:]
    /// Of the statuses.
    private var order = PollOrder()
    private var statusRead: [LocationID: Uptime] = [:]
    private var switchpoints: [LocationID: Uptime] = [:]
    /// Locations that were not asked for yet.
    private var unread: Set<LocationID> = []
    private var schedules: ScheduleRound
    private var isTemperatureRoundDue = false
    private var locationsInRound: Set<LocationID> = []
    private var differences: [LocationID: Set<LocationDifference>] = [:]
    private var failures = 0
    /// Nothing that can wait is read before this.
    private var heldUntil: Uptime?
    /// Nothing at all is read before this.
    private var barredUntil: Uptime?
    private var wanted: [Reading: Reading.Cause] = [:]
    private var inFlight: [Reading: Reading.Cause] = [:]
    private var follower = CommandFollower()

    /// - Parameters:
    ///   - installationRead: When the known installation was read; `nil` if none is known.
    ///   - shortestStatusInterval: The vendor's cloud is not asked for a status more often because of a switchpoint.
    ///   - readsHighPrecision: Whether high-precision temperatures are wanted.
    ///   - polls: Whether anything is read that nobody waits for.
    public init(
        intervals: Intervals,
        installationRead: Uptime?,
        shortestStatusInterval: Duration = .zero,
        readsHighPrecision: Bool = false,
        polls: Bool = true,
        at now: Uptime
    ) {
        self.intervals = intervals
        self.installationRead = installationRead
        self.shortestStatusInterval = shortestStatusInterval
        self.readsHighPrecision = readsHighPrecision
        self.polls = polls
        schedules = ScheduleRound(at: now)
    }
}

// MARK: - What there is to read

extension ReadingPlan {
    /// The installation is known, or has changed.
    ///
    /// - Parameter schedulesRead: When schedules that are known were read.
    public mutating func know(_ installation: Installation, schedulesRead: (Target) -> Uptime?, at now: Uptime) {
        let locations = installation.locations.filter { !$0.systems.isEmpty }.map(\.id)
        unread.formUnion(locations.filter { statuses[$0] == nil })
        unread.formIntersection(locations)
        statuses = Dictionary(
            locations.map { ($0, statuses[$0] ?? PollSchedule(interval: intervals.status)) },
            uniquingKeysWith: { first, _ in first }
        )
        differences = differences.filter { statuses[$0.key] != nil }
        switchpoints = switchpoints.filter { statuses[$0.key] != nil }
        statusRead = statusRead.filter { statuses[$0.key] != nil }
        order = PollOrder(statusMoments)
        locationsInRound.formIntersection(locations)
        schedules.know(installation.zonesAndHotWater.map { ($0.target, schedulesRead($0.target)) }, at: now)
    }

    /// Reads something as soon as may be, for somebody who waits for it. One that is in flight serves as well.
    public mutating func want(_ reading: Reading, for cause: Reading.Cause) {
        if inFlight[reading] == nil { wanted[reading] = cause }
    }

    /// Reads everything but the schedules as soon as may be.
    ///
    /// - Returns: What is going to be read.
    public mutating func refresh() -> Set<Reading> {
        let readings = Set([.installation] + statuses.keys.map(Reading.status))
        for reading in readings { want(reading, for: .request) }
        return readings
    }

    /// A schedule of a location has changed a setpoint by this moment, at which its status is read.
    ///
    /// An earlier moment that is still to come stays: the switchpoint before it may have passed already.
    public mutating func expectSwitchpoint(at moment: Uptime?, in location: LocationID, at now: Uptime) {
        if let pending = switchpoints[location], pending > now, moment.map({ pending < $0 }) ?? true { return }
        switchpoints[location] = moment
        updateOrder(of: location)
    }

    /// The cloud wants to be left alone, as it has said to somebody else who called it.
    public mutating func bar(for pause: Duration, at now: Uptime) {
        barredUntil = max(barredUntil ?? now, now + pause)
    }

    /// A status differs from the installation, which is read again then. For a cloud that goes on contradicting itself this
    /// happens once.
    ///
    /// - Returns: Whether that is new.
    public mutating func found(_ new: Set<LocationDifference>, in location: LocationID, at now: Uptime) -> Bool {
        guard differences[location] ?? [] != new else { return false }
        differences[location] = new
        guard !new.isEmpty else { return false }
        installationDue = now
        return true
    }

    /// Follows an accepted command to its end.
    ///
    /// - Returns: An earlier command that it supersedes.
    public mutating func follow(_ followed: CommandFollower.Followed) -> [CommandFollower.Conclusion] {
        follower.follow(followed)
    }

    /// Ends commands that have taken too long.
    public mutating func expireCommands(at now: Uptime) -> [CommandFollower.Conclusion] {
        follower.expire(at: now)
    }
}

// MARK: - What is next

extension ReadingPlan {
    /// The readings that begin now. Each has to be made, and its end told.
    public mutating func begin(at now: Uptime) -> [Due] {
        var begun: [Due] = []
        while let due = next, due.at <= now {
            begun.append(due)
            inFlight[due.reading] = due.cause
            if due.cause == .command { follower.began(due.reading, at: now) }
            wanted[due.reading] = nil
        }
        return begun
    }

    /// What may be read next, and when; `nil` while only the end of a reading can tell.
    public var next: Due? {
        let candidates = polls ? [nextUrgent, nextTemperatures, nextPoll] : [nextUrgent]
        return candidates.compactMap(\.self).min { $0.at < $1.at }
    }

    /// When something has to be looked at again, if nothing happens before.
    public var nextMoment: Uptime? {
        [next?.at, follower.nextDeadline].compactMap(\.self).min()
    }

    /// Whether every location was asked for, with or without success.
    public var isFirstRoundOver: Bool { installationRead != nil && unread.isEmpty }

    private var nextUrgent: Due? {
        guard inFlight.values.count(where: \.isUrgent) < Self.urgentLimit else { return nil }
        var due = wanted.keys.filter { inFlight[$0] == nil }.min(by: Self.isBefore).flatMap { reading in
            wanted[reading].map { Due(reading: reading, at: barredUntil ?? .start, cause: $0) }
        }
        for location in follower.locations {
            guard let next = follower.nextReading(of: location), inFlight[next.reading] == nil else { continue }
            let at = max(next.at, barredUntil ?? next.at)
            if due.map({ at < $0.at }) ?? true { due = Due(reading: next.reading, at: at, cause: .command) }
        }
        return due
    }

    /// API v1 has an account of its own with the cloud's limits: it holds up nothing, and nothing holds it up.
    private var nextTemperatures: Due? {
        guard readsHighPrecision, isTemperatureRoundDue, inFlight[.temperatures] == nil else { return nil }
        return Due(reading: .temperatures, at: .start, cause: .precision)
    }

    /// One at a time of what nobody waits for; what is overdue longest goes first.
    private var nextPoll: Due? {
        let isPolling = inFlight.contains { !$0.value.isUrgent && $0.key != .temperatures }
        guard !isPolling else { return nil }
        var next: Due?
        func offer(_ reading: Reading, _ at: Uptime, _ cause: Reading.Cause) {
            guard inFlight[reading] == nil else { return }
            if let best = next, best.at < at || (best.at == at && !Self.isBefore(reading, best.reading)) { return }
            next = Due(reading: reading, at: at, cause: cause)
        }
        offer(.installation, installationMoment, .poll)
        if let id = order.first(where: { inFlight[.status($0)] == nil }), let schedule = statuses[id] {
            let (at, cause) = moment(of: id, schedule)
            offer(.status(id), at, cause)
        }
        if let interval = intervals.schedules, follower.isEmpty, wanted.isEmpty,
            let (target, due) = schedules.next(every: interval, where: { inFlight[.schedule($0)] == nil })
        {
            // Behind everything else that is due.
            if next.map({ due < $0.at }) ?? true {
                next = Due(reading: .schedule(target), at: due, cause: .schedules)
            }
        }
        guard var next else { return nil }
        next.at = [next.at, heldUntil, barredUntil].compactMap(\.self).max() ?? next.at
        return next
    }

    private var installationMoment: Uptime {
        installationDue ?? installationRead.map { $0 + intervals.installation } ?? .distantPast
    }

    private func moment(of location: LocationID, _ schedule: PollSchedule) -> (Uptime, Reading.Cause) {
        let usual = schedule.next ?? .distantPast
        guard let switchpoint = switchpoints[location], let read = statusRead[location] else { return (usual, .poll) }
        let due = max(switchpoint, read + shortestStatusInterval)
        // A poll shortly before would delay it; one reading serves as both.
        return due < usual + shortestStatusInterval ? (due, .switchpoint) : (usual, .poll)
    }

    private var statusMoments: [LocationID: Uptime] {
        Dictionary(uniqueKeysWithValues: statuses.map { ($0.key, moment(of: $0.key, $0.value).0) })
    }

    /// Whenever a location's status becomes due at another moment.
    private mutating func updateOrder(of location: LocationID) {
        guard let schedule = statuses[location] else { return }
        order.set(location, to: moment(of: location, schedule).0)
    }

    /// Of what is due at the same moment the installation goes first, then locations in order of their ids.
    private static func isBefore(_ left: Reading, _ right: Reading) -> Bool {
        switch (left, right) {
        case (.installation, _): true
        case (_, .installation): false
        case (.status(let left), .status(let right)): left < right
        case (.schedule(let left), .schedule(let right)): left < right
        case (.status, _): true
        default: false
        }
    }
}

// MARK: - What came of it

extension ReadingPlan {
    /// The installation was read.
    public mutating func installationArrived(at now: Uptime) {
        ended(.installation, at: now)
        (installationRead, installationDue) = (now, nil)
    }

    /// A status was read.
    ///
    /// - Parameter asked: When it was asked for.
    /// - Returns: The commands that it shows to have ended.
    public mutating func arrived(
        _ status: LocationStatus,
        asked: Uptime,
        at now: Uptime,
        using randomness: inout some RandomNumberGenerator
    ) -> [CommandFollower.Conclusion] {
        let id = status.id
        let cause = ended(.status(id), at: now)
        statusRead[id] = now
        if let switchpoint = switchpoints[id], switchpoint <= now { switchpoints[id] = nil }
        // After the first time the locations part, each with its share of the interval.
        let share =
            unread.remove(id) == nil ? 1 : Double(statuses.count - unread.count) / Double(max(1, statuses.count))
        statuses[id]?.succeeded(at: now, share: share, using: &randomness)
        updateOrder(of: id)
        // A round of statuses is over when one of them comes for the second time. The first round after a start is left
        // out, so that a restart makes no call for temperatures, and a program that crashes in a loop never logs in.
        // Commands read statuses far more often than temperatures change.
        if cause != .command, !locationsInRound.insert(id).inserted {
            locationsInRound = [id]
            isTemperatureRoundDue = true
        }
        return follower.apply(status, asked: asked, at: now)
    }

    /// A schedule was read.
    public mutating func arrived(
        _ schedule: AnySchedule?,
        of target: Target,
        asked: Uptime,
        at now: Uptime
    ) -> [CommandFollower.Conclusion] {
        ended(.schedule(target), at: now)
        schedules.wasRead(target, at: now)
        return follower.apply(schedule, of: target, asked: asked, at: now)
    }

    /// The state of a task was read.
    public mutating func arrived(
        _ state: CommunicationTaskState?,
        of task: CommunicationTaskID,
        at now: Uptime
    ) -> [CommandFollower.Conclusion] {
        ended(.task(task), at: now)
        return follower.apply(state, of: task, at: now)
    }

    /// A round of high-precision temperatures has ended, with or without success.
    public mutating func temperaturesEnded() {
        inFlight[.temperatures] = nil
        isTemperatureRoundDue = false
    }

    /// Something could not be read.
    ///
    /// - Parameter retryAfter: How long the cloud wants to be left alone; `nil` if it did not say.
    /// - Returns: When it is asked for again.
    public mutating func failed(
        _ reading: Reading,
        _ failure: CloudFailure,
        retryAfter: Duration?,
        at now: Uptime,
        using randomness: inout some RandomNumberGenerator
    ) -> Uptime {
        inFlight[reading] = nil
        // Where a person must see to the account, asking shows that somebody has signed in, and costs no call.
        let hold = failure.kind == .unauthorised ? nil : retryAfter.map { now + $0 }
        if failure.kind == .refused {
            // The cloud answers: nothing but this is wrong.
            (failures, heldUntil) = (0, nil)
        } else {
            failures += 1
            let backoff = Backoff(base: .seconds(5), cap: max(.seconds(60), intervals.status))
            let pause =
                failure.isRetriable ? backoff.delay(afterFailures: failures, using: &randomness) : intervals.status
            heldUntil = max(now + pause, hold ?? now)
            barredUntil = [barredUntil, hold].compactMap(\.self).max()
        }
        follower.failed(reading, at: now)
        let retry = heldUntil ?? now + intervals.status
        switch reading {
        case .installation: installationDue = retry
        case .status(let id):
            unread.remove(id)
            // The next attempt shows what the switchpoint has changed.
            if let switchpoint = switchpoints[id], switchpoint <= now { switchpoints[id] = nil }
            if failure.code == "LocationNotFound" { searchInstallation(at: now) }
            let next = statuses[id]?.failed(failure, until: hold, at: now, using: &randomness)
            updateOrder(of: id)
            return max(next ?? retry, heldUntil ?? now)
        case .schedule(let target):
            // One that is refused is asked for again at the usual interval, as if the zone had none.
            if failure.kind == .refused {
                schedules.wasRead(target, at: now)
            } else {
                schedules.postpone(target, every: intervals.schedules, at: now)
            }
        case .task, .temperatures: break
        }
        return retry
    }

    /// A location that the cloud does not know may have been deleted, or made anew under another id.
    private mutating func searchInstallation(at now: Uptime) {
        guard lastSearch.map({ $0 + Self.pauseBetweenSearches <= now }) ?? true else { return }
        lastSearch = now
        installationDue = now
    }

    /// The cloud has answered. A bar stays until it has passed: the reading may have begun before it.
    ///
    /// - Returns: What it was read for.
    @discardableResult
    private mutating func ended(_ reading: Reading, at now: Uptime) -> Reading.Cause? {
        (failures, heldUntil) = (0, nil)
        if let bar = barredUntil, bar <= now { barredUntil = nil }
        return inFlight.removeValue(forKey: reading)
    }
}

extension Reading.Cause {
    /// Whether somebody waits for it.
    fileprivate var isUrgent: Bool { self == .command || self == .request }
}
