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
        didSet { statuses.interval = intervals.status }
    }

    private let readsHighPrecision: Bool
    private let polls: Bool

    private var installationRead: Uptime?
    /// When the installation is read for another reason than its age.
    private var installationDue: Uptime?
    private var lastSearch: Uptime?
    private var statuses: StatusRound
    private var schedules: ScheduleRound
    private var isTemperatureRoundDue = false
    private var pause = CloudPause()
    private var wanted: [Reading: Reading.Cause] = [:]
    private var inFlight: [Reading: (cause: Reading.Cause, begun: Uptime)] = [:]
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
        self.readsHighPrecision = readsHighPrecision
        self.polls = polls
        statuses = StatusRound(interval: intervals.status, shortestInterval: shortestStatusInterval)
        schedules = ScheduleRound(at: now)
    }
}

// MARK: - What there is to read

extension ReadingPlan {
    /// The installation is known, or has changed.
    ///
    /// - Parameter schedulesRead: When schedules that are known were read.
    public mutating func know(_ installation: Installation, schedulesRead: (Target) -> Uptime?, at now: Uptime) {
        statuses.know(installation.locations.filter { !$0.systems.isEmpty }.map(\.id))
        schedules.know(installation.zonesAndHotWater.map { ($0.target, schedulesRead($0.target)) }, at: now)
    }

    /// Reads something as soon as may be, for somebody who waits for it.
    ///
    /// - Parameter since: A reading that is in flight serves as well if it began then or later; `nil` for any.
    public mutating func want(_ reading: Reading, for cause: Reading.Cause, since: Uptime? = nil) {
        if let begun = inFlight[reading]?.begun, since.map({ $0 <= begun }) ?? true { return }
        wanted[reading] = cause
    }

    /// Reads everything but the schedules as soon as may be.
    ///
    /// - Returns: What is going to be read.
    public mutating func refresh() -> Set<Reading> {
        let readings = Set([.installation] + statuses.locations.map(Reading.status))
        for reading in readings { want(reading, for: .request) }
        return readings
    }

    /// A schedule of a location has changed a setpoint by this moment, at which its status is read.
    ///
    /// An earlier moment that is still to come stays: the switchpoint before it may have passed already.
    public mutating func expectSwitchpoint(at moment: Uptime?, in location: LocationID, at now: Uptime) {
        statuses.expectSwitchpoint(at: moment, in: location, at: now)
    }

    /// The cloud wants to be left alone, as it has said to somebody else who called it.
    public mutating func bar(for pause: Duration, at now: Uptime) {
        self.pause.bar(until: now + pause)
    }

    /// A status differs from the installation, which is read again then. For a cloud that goes on contradicting itself this
    /// happens once.
    ///
    /// - Returns: Whether that is new.
    public mutating func found(_ new: Set<LocationDifference>, in location: LocationID, at now: Uptime) -> Bool {
        guard statuses.found(new, in: location) else { return false }
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
            inFlight[due.reading] = (due.cause, now)
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
    public var isFirstRoundOver: Bool { installationRead != nil && statuses.isFirstOver }

    private var nextUrgent: Due? {
        guard inFlight.values.count(where: \.cause.isUrgent) < Self.urgentLimit else { return nil }
        var due = wanted.keys.filter { inFlight[$0] == nil }.min(by: Self.isBefore).flatMap { reading in
            wanted[reading].map { Due(reading: reading, at: pause.barredUntil ?? .start, cause: $0) }
        }
        for location in follower.locations {
            guard let next = follower.nextReading(of: location), inFlight[next.reading] == nil else { continue }
            let at = max(next.at, pause.barredUntil ?? next.at)
            if due.map({ at < $0.at }) ?? true { due = Due(reading: next.reading, at: at, cause: .command) }
        }
        return due
    }

    /// API v1 has limits of its own at the cloud, so it delays no other reading, and none delays it.
    private var nextTemperatures: Due? {
        guard readsHighPrecision, isTemperatureRoundDue, inFlight[.temperatures] == nil else { return nil }
        return Due(reading: .temperatures, at: .start, cause: .precision)
    }

    /// One at a time of what nobody waits for; what is overdue longest goes first.
    private var nextPoll: Due? {
        let isPolling = inFlight.contains { !$0.value.cause.isUrgent && $0.key != .temperatures }
        guard !isPolling else { return nil }
        var next: Due?
        func offer(_ reading: Reading, _ at: Uptime, _ cause: Reading.Cause) {
            guard inFlight[reading] == nil else { return }
            if let best = next, best.at < at || (best.at == at && !Self.isBefore(reading, best.reading)) { return }
            next = Due(reading: reading, at: at, cause: cause)
        }
        offer(.installation, installationMoment, .poll)
        if let (location, at, cause) = statuses.next(where: { inFlight[.status($0)] == nil }) {
            offer(.status(location), at, cause)
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
        next.at = pause.end(notBefore: next.at)
        return next
    }

    private var installationMoment: Uptime {
        installationDue ?? installationRead.map { $0 + intervals.installation } ?? .distantPast
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
        // The first round after a start is left out, so that a restart makes no call for temperatures, and a program that
        // crashes in a loop never logs in. Commands read statuses far more often than temperatures change.
        if statuses.wasRead(id, for: cause, at: now, using: &randomness) { isTemperatureRoundDue = true }
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
        // Where a person has to act, trying again makes no call, and notices that somebody has signed in.
        let hold = failure.kind == .unauthorised ? nil : retryAfter.map { now + $0 }
        pause.failed(failure, until: hold, interval: intervals.status, at: now, using: &randomness)
        follower.failed(reading, at: now)
        let retry = pause.heldUntil ?? now + intervals.status
        switch reading {
        case .installation: installationDue = retry
        case .status(let id):
            if failure.isNotFound { searchInstallation(at: now) }
            let next = statuses.failed(id, failure, until: hold, at: now, using: &randomness)
            return max(next ?? retry, pause.heldUntil ?? now)
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

    /// - Returns: What it was read for.
    @discardableResult
    private mutating func ended(_ reading: Reading, at now: Uptime) -> Reading.Cause? {
        pause.answered(at: now)
        return inFlight.removeValue(forKey: reading)?.cause
    }
}

extension Reading.Cause {
    /// Whether somebody waits for it.
    fileprivate var isUrgent: Bool { self == .command || self == .request }
}
