import Basics
import HeatingModel

/// Whose status is read next: each location's at the interval, spread over it if there are several, and soon after a
/// switchpoint. A location that fails goes behind the others.
struct StatusRound: Sendable {
    private struct Entry {
        var schedule: PollSchedule
        var read: Uptime?
        /// When a schedule changes a setpoint next, as far as that is known.
        var switchpoint: Uptime?
        /// From the installation, as the last status showed them.
        var differences: Set<LocationDifference> = []

        init(interval: Duration) {
            schedule = PollSchedule(interval: interval)
        }
    }

    /// A change takes effect at once.
    var interval: Duration {
        didSet {
            for id in entries.keys { entries[id]?.schedule.interval = interval }
            order = PollOrder(entries.mapValues { moment(of: $0).at })
        }
    }

    private let shortestInterval: Duration
    private var entries: [LocationID: Entry] = [:]
    private var order = PollOrder()
    /// Locations that were not asked for yet.
    private var unread: Set<LocationID> = []
    /// Locations that were read since one of them was read twice.
    private var round: Set<LocationID> = []

    /// - Parameter shortestInterval: The vendor's cloud is not asked for a status more often because of a switchpoint.
    init(interval: Duration, shortestInterval: Duration) {
        self.interval = interval
        self.shortestInterval = shortestInterval
    }

    var locations: some Sequence<LocationID> { entries.keys }

    /// Whether every location was asked for, with or without success.
    var isFirstOver: Bool { unread.isEmpty }

    /// - Parameter locations: All that there are from now on.
    mutating func know(_ locations: [LocationID]) {
        unread.formUnion(locations.filter { entries[$0] == nil })
        unread.formIntersection(locations)
        round.formIntersection(locations)
        entries = Dictionary(
            locations.map { ($0, entries[$0] ?? Entry(interval: interval)) },
            uniquingKeysWith: { first, _ in first }
        )
        order = PollOrder(entries.mapValues { moment(of: $0).at })
    }

    /// See ``ReadingPlan/expectSwitchpoint(at:in:at:)``.
    mutating func expectSwitchpoint(at moment: Uptime?, in location: LocationID, at now: Uptime) {
        let pending = entries[location]?.switchpoint
        if let pending, pending > now, moment.map({ pending < $0 }) ?? true { return }
        entries[location]?.switchpoint = moment
        updateOrder(of: location)
    }

    /// - Returns: Whether a status shows other differences from the installation than the one before.
    mutating func found(_ differences: Set<LocationDifference>, in location: LocationID) -> Bool {
        guard let entry = entries[location], entry.differences != differences else { return false }
        entries[location]?.differences = differences
        return !differences.isEmpty
    }

    /// - Parameter isFree: Whether the status of a location is not being read.
    func next(where isFree: (LocationID) -> Bool) -> (location: LocationID, at: Uptime, cause: Reading.Cause)? {
        guard let id = order.first(where: isFree), let entry = entries[id] else { return nil }
        let (at, cause) = moment(of: entry)
        return (id, at, cause)
    }

    /// - Parameter cause: What it was read for.
    /// - Returns: Whether a round of statuses is over: one of them has come for the second time. The first round after a
    ///   start is left out. Commands read statuses for themselves.
    mutating func wasRead(
        _ location: LocationID,
        for cause: Reading.Cause?,
        at now: Uptime,
        using randomness: inout some RandomNumberGenerator
    ) -> Bool {
        entries[location]?.read = now
        leave(location, at: now)
        // After the first time the locations part, each with its share of the interval.
        let isFirst = unread.remove(location) != nil
        let share = isFirst ? Double(entries.count - unread.count) / Double(max(1, entries.count)) : 1
        entries[location]?.schedule.succeeded(at: now, share: share, using: &randomness)
        updateOrder(of: location)
        guard cause != .command, !round.insert(location).inserted else { return false }
        round = [location]
        return true
    }

    /// - Parameter hold: Until when the cloud wants to be left alone; `nil` if it did not say.
    /// - Returns: When it is read next; `nil` if there is no such location any more.
    mutating func failed(
        _ location: LocationID,
        _ failure: CloudFailure,
        until hold: Uptime?,
        at now: Uptime,
        using randomness: inout some RandomNumberGenerator
    ) -> Uptime? {
        unread.remove(location)
        // The next attempt shows what the switchpoint has changed.
        leave(location, at: now)
        let next = entries[location]?.schedule.failed(failure, until: hold, at: now, using: &randomness)
        updateOrder(of: location)
        return next
    }

    /// Leaves a switchpoint behind that has passed.
    private mutating func leave(_ location: LocationID, at now: Uptime) {
        if let switchpoint = entries[location]?.switchpoint, switchpoint <= now { entries[location]?.switchpoint = nil }
    }

    private func moment(of entry: Entry) -> (at: Uptime, cause: Reading.Cause) {
        let usual = entry.schedule.next ?? .distantPast
        guard let switchpoint = entry.switchpoint, let read = entry.read else { return (usual, .poll) }
        let due = max(switchpoint, read + shortestInterval)
        // A poll shortly before would delay it; one reading serves as both.
        return due < usual + shortestInterval ? (due, .switchpoint) : (usual, .poll)
    }

    private mutating func updateOrder(of location: LocationID) {
        guard let entry = entries[location] else { return }
        order.set(location, to: moment(of: entry).at)
    }
}
