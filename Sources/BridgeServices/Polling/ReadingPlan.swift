public import Basics
public import BridgeCore
public import HeatingModel

/// What is read from the cloud next, and when: one thing at a time.
///
/// Statuses of several locations are spread over their interval. Weeks come one by one behind them, since they seldom
/// change. What fails goes behind the rest, so that one location that cannot be read hides no other; a cloud that fails
/// is left alone for a while altogether. A value without clock or network.
public struct ReadingPlan: Sendable {
    /// Something that one call reads.
    public enum Reading: Hashable, Sendable {
        case installation
        case status(LocationID)
        /// The week of a zone or of hot water.
        case schedule(Target)
    }

    /// Between two weeks, so that they are never asked for all at once.
    private static let pauseBetweenSchedules = Duration.seconds(1)

    /// How often things are read. A change is in force at once.
    public var intervals: PollPace.Intervals {
        didSet { for id in statuses.keys { statuses[id]?.interval = intervals.status } }
    }

    private var installationRead: Instant?
    /// When the installation is read, where that is not a matter of its age.
    private var installationAskedFor: Instant?
    private var statuses: [LocationID: PollSchedule] = [:]
    /// Locations that were not asked for yet.
    private var unread: Set<LocationID> = []
    /// The one first that was read the longest time ago.
    private var schedules: [(target: Target, read: Instant?)] = []
    private var schedulesRest: Instant
    private var differences: [LocationID: Set<LocationDifference>] = [:]
    private var failures = 0
    private var heldUntil: Instant?

    /// - Parameter installationRead: When the installation that is known was read; `nil` while none is.
    public init(intervals: PollPace.Intervals, installationRead: Instant?, at now: Instant) {
        self.intervals = intervals
        self.installationRead = installationRead
        schedulesRest = now
    }

    // MARK: - What there is to read

    /// The installation is known, or has changed.
    ///
    /// - Parameter schedulesRead: When weeks that are known were read.
    public mutating func know(_ installation: Installation, schedulesRead: (Target) -> Instant?, at now: Instant) {
        let locations = installation.locations.filter { !$0.systems.isEmpty }.map(\.id)
        unread.formUnion(locations.filter { statuses[$0] == nil })
        unread.formIntersection(locations)
        statuses = Dictionary(
            locations.map { ($0, statuses[$0] ?? PollSchedule(interval: intervals.status)) },
            uniquingKeysWith: { first, _ in first }
        )
        differences = differences.filter { statuses[$0.key] != nil }
        schedules = installation.zonesAndHotWater.map { ($0.target, schedulesRead($0.target)) }
        schedules.sort { ($0.read ?? .earliest) < ($1.read ?? .earliest) }
        schedulesRest = max(schedulesRest, now + Self.pauseBetweenSchedules)
    }

    /// Everything but the weeks is read again as soon as may be.
    public mutating func refresh(at now: Instant) {
        installationAskedFor = now
        for id in statuses.keys { statuses[id]?.hurry(at: now) }
    }

    /// A status has told something otherwise than the installation, which is read again then; once, for a cloud that goes
    /// on contradicting itself.
    ///
    /// - Returns: Whether that is new.
    public mutating func found(_ new: Set<LocationDifference>, in location: LocationID, at now: Instant) -> Bool {
        guard differences[location] ?? [] != new else { return false }
        differences[location] = new
        guard !new.isEmpty else { return false }
        installationAskedFor = now
        return true
    }

    // MARK: - What is next

    /// What is read next, and when; what has waited longest goes first.
    public var next: (reading: Reading, at: Instant) {
        var next = (reading: Reading.installation, at: installationDue)
        for (id, schedule) in statuses {
            let due = schedule.next ?? .earliest
            if due < next.at || (due == next.at && next.reading.isAfter(id)) { next = (.status(id), due) }
        }
        if let interval = intervals.schedules, let first = schedules.first {
            let due = max(first.read.map { $0 + interval } ?? schedulesRest, schedulesRest)
            if due < next.at { next = (.schedule(first.target), due) }
        }
        return (next.reading, max(next.at, heldUntil ?? next.at))
    }

    private var installationDue: Instant {
        installationAskedFor ?? installationRead.map { $0 + intervals.installation } ?? .earliest
    }

    /// Whether every location was asked for, with or without success.
    public var isFirstRoundOver: Bool { installationRead != nil && unread.isEmpty }

    /// Whether nothing waits to be read but weeks.
    public func isUpToDate(at now: Instant) -> Bool {
        installationAskedFor == nil && installationDue > now
            && statuses.values.allSatisfy { $0.next.map { $0 > now } ?? false }
    }

    // MARK: - What came of it

    /// It was read.
    public mutating func succeeded(
        _ reading: Reading,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) {
        (failures, heldUntil) = (0, nil)
        switch reading {
        case .installation: (installationRead, installationAskedFor) = (now, nil)
        case .status(let id):
            // After the first time the locations part, each with its share of the interval.
            let share = unread.remove(id) == nil ? 1 : Double(statuses.count - unread.count) / Double(statuses.count)
            statuses[id]?.succeeded(at: now, share: share, using: &randomness)
        case .schedule(let target): rotate(target, read: now, at: now)
        }
    }

    /// It was not read.
    ///
    /// - Returns: When it is asked for again.
    public mutating func failed(
        _ reading: Reading,
        _ failure: CloudFailure,
        at now: Instant,
        using randomness: inout some RandomNumberGenerator
    ) -> Instant {
        let backoff = Backoff(base: .seconds(5), cap: max(.seconds(60), intervals.status))
        // What is refused is refused by itself; anything else is wrong with the cloud as a whole.
        if failure.kind != .refused {
            failures += 1
            let pause =
                failure.isRetriable ? backoff.delay(afterFailures: failures, using: &randomness) : intervals.status
            heldUntil = max(now + pause, failure.holdsReadingUntil ?? now)
        }
        let retry = heldUntil ?? now + intervals.status
        switch reading {
        case .installation: installationAskedFor = retry
        case .status(let id):
            unread.remove(id)
            let next = statuses[id]?.failed(failure, at: now, using: &randomness)
            return heldUntil ?? next ?? retry
        case .schedule(let target):
            // Refused for good, it is asked for again when its time comes, as if there were none.
            rotate(target, read: failure.kind == .refused ? now : nil, at: now)
        }
        return retry
    }

    private mutating func rotate(_ target: Target, read: Instant?, at now: Instant) {
        schedules.removeAll { $0.target == target }
        schedules.append((target, read))
        schedulesRest = now + Self.pauseBetweenSchedules
    }
}

extension ReadingPlan.Reading {
    /// Of what waits equally long the installation goes first, then locations in order of their ids.
    fileprivate func isAfter(_ id: LocationID) -> Bool {
        switch self {
        case .installation: false
        case .status(let other): id < other
        case .schedule: true
        }
    }
}
