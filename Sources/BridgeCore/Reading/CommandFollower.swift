public import Basics
public import HeatingModel

/// Finds out with as few readings as possible how accepted commands end.
///
/// A gateway carries out its tasks one after another, each in three to five seconds, and a status shows a change up to
/// three seconds after its task (evohome-async). So one status is enough for all commands of a location. The task itself is
/// asked for only if a status cannot tell: the call changes nothing that a status shows, or the command is overdue.
///
/// A value without clock or network: it says what to read and when, takes in what was read, and returns outcomes.
public struct CommandFollower: Sendable {
    /// A command whose call the cloud has accepted.
    public struct Followed: Equatable, Sendable {
        public var id: Command.ID
        public var target: Target
        public var location: LocationID
        public var gateway: GatewayID
        public var plan: PlannedCall
        /// `nil` if the cloud named none.
        public var task: CommunicationTaskID?
        public var accepted: Uptime
        public var deadline: Uptime
        /// Whether a status that shows the change proves that the task has succeeded: it did not show it before.
        public var isProvedByStatus: Bool

        public init(
            id: Command.ID,
            target: Target,
            location: LocationID,
            gateway: GatewayID,
            plan: PlannedCall,
            task: CommunicationTaskID?,
            accepted: Uptime,
            deadline: Uptime,
            isProvedByStatus: Bool
        ) {
            self.id = id
            self.target = target
            self.location = location
            self.gateway = gateway
            self.plan = plan
            self.task = task
            self.accepted = accepted
            self.deadline = deadline
            self.isProvedByStatus = isProvedByStatus
        }
    }

    /// A command that has ended.
    public struct Conclusion: Equatable, Sendable {
        public var id: Command.ID
        public var outcome: Outcome

        public init(id: Command.ID, outcome: Outcome) {
            self.id = id
            self.outcome = outcome
        }
    }

    private struct Entry: Sendable {
        var followed: Followed
        /// When the gateway was free for this task, as far as is known.
        var isNextSince: Uptime?
        /// When the task was known to have succeeded.
        var succeeded: Uptime?
        var readingsSinceSuccess = 0
        var taskAsked: Uptime?
        var taskReadings = 0

        var location: LocationID { followed.location }
        var task: CommunicationTaskID? { succeeded == nil ? followed.task : nil }

        /// Whether only the task can tell how it goes.
        var needsTask: Bool { task != nil && (!followed.isProvedByStatus || followed.plan.isMasked) }
    }

    /// How a location was read lately.
    private struct Pace: Sendable {
        var lastReading: Uptime?
        /// Whether a task was read.
        var wasTask = false
        /// Readings in a row that told of no end.
        var fruitless = 0
    }

    /// Tasks take three to five seconds, so that an earlier reading would tell nothing.
    private static let firstReading = Duration.seconds(4.1)
    /// After a command has ended, the next one of the gateway takes about as long.
    private static let afterProgress = Duration.seconds(3.9)
    /// The cloud is not asked more often for a location.
    private static let shortestGap = Duration.seconds(3)
    private static let longestGap = Duration.seconds(15)
    /// After this time without an outcome, the task of a command is asked for.
    private static let overdue = Duration.seconds(6.5)
    /// A change whose task has succeeded shows within three seconds. After this time and number of readings it never will.
    private static let showsWithin = Duration.seconds(14)
    private static let readingsUntilNotApplied = 3

    /// In order of acceptance.
    private var entries: [Entry] = []
    private var paces: [LocationID: Pace] = [:]

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }

    /// Follows a command from now on.
    public mutating func follow(_ followed: Followed) {
        let isAlone = !entries.contains { $0.followed.gateway == followed.gateway }
        var entry = Entry(followed: followed, isNextSince: isAlone ? followed.accepted : nil)
        // Without a task there is nothing else to wait for.
        if followed.task == nil { entry.succeeded = followed.accepted }
        entries.append(entry)
        paces[followed.location, default: Pace()].fruitless = 0
    }

    // MARK: - What to read

    /// What is read next for a location, and when; `nil` if nothing is followed there.
    public func nextReading(of location: LocationID) -> (reading: Reading, at: Uptime)? {
        let here = entries.filter { $0.location == location }
        guard let first = here.first else { return nil }
        let pace = paces[location] ?? Pace()
        if let last = pace.lastReading, !pace.wasTask, let task = overdueTask(among: here, at: last) {
            return (.task(task), last)
        }
        var due = first.followed.accepted + Self.firstReading
        if let last = pace.lastReading { due = max(due, last + gap(after: pace)) }
        return (usualReading(among: here), due)
    }

    /// Every location with a followed command.
    public var locations: Set<LocationID> { Set(entries.map(\.location)) }

    /// When the first command expires.
    public var nextDeadline: Uptime? { entries.map(\.followed.deadline).min() }

    private func gap(after pace: Pace) -> Duration {
        guard pace.fruitless > 0 else { return Self.afterProgress }
        let gap = Self.shortestGap * pow(1.3, max(0, pace.fruitless - 4))
        return min(gap, Self.longestGap)
    }

    /// A status, if it can tell of any command; else a task, else the schedule that was written.
    private func usualReading(among entries: [Entry]) -> Reading {
        if let entry = entries.first(where: { !$0.needsTask && !$0.followed.isSchedule }) {
            return .status(entry.location)
        }
        let asked = entries.filter { $0.needsTask && $0.isNextSince != nil }
        if let task = asked.min(by: Self.wasAskedBefore)?.task { return .task(task) }
        return entries.first { $0.followed.isSchedule && !$0.needsTask }.map { .schedule($0.followed.target) }
            ?? .status(entries[0].location)
    }

    /// The task of a command that is overdue. A gateway that is away has many of them: the one that was asked for longest
    /// ago comes first.
    private func overdueTask(among entries: [Entry], at now: Uptime) -> CommunicationTaskID? {
        let overdue = entries.filter { entry in
            guard entry.task != nil, let since = entry.isNextSince else { return false }
            guard let asked = entry.taskAsked else {
                return since + (entry.needsTask ? Self.firstReading : Self.overdue) <= now
            }
            return asked + Self.overdue * pow(1.5, min(entry.taskReadings, 6)) <= now
        }
        return overdue.min(by: Self.wasAskedBefore)?.task
    }

    private static func wasAskedBefore(_ left: Entry, _ right: Entry) -> Bool {
        (left.taskAsked ?? .start) < (right.taskAsked ?? .start)
    }

    // MARK: - What was read

    /// A status arrived, whoever asked for it.
    ///
    /// - Parameter asked: When it was asked for: a change that was accepted later cannot be in it.
    public mutating func apply(_ status: LocationStatus, asked: Uptime, at now: Uptime) -> [Conclusion] {
        conclude(in: status.id, at: now) { entry in
            guard !entry.followed.isSchedule, entry.followed.accepted <= asked,
                let system = status.systems.first(where: { $0.id == entry.followed.target.systemID })
            else { return nil }
            let isDone = entry.succeeded != nil || entry.followed.isProvedByStatus
            if isDone, entry.followed.plan.isShown(by: system) { return .succeeded(entry.followed.plan) }
            return Self.notApplied(&entry, at: now)
        }
    }

    /// A schedule arrived.
    public mutating func apply(_ schedule: AnySchedule?, of target: Target, asked: Uptime, at now: Uptime)
        -> [Conclusion]
    {
        guard let location = entries.first(where: { $0.followed.target == target })?.location else { return [] }
        return conclude(in: location, at: now) { entry in
            guard entry.followed.target == target, entry.followed.accepted <= asked,
                let written = entry.followed.plan.change.schedule
            else { return nil }
            if written == schedule { return .succeeded(entry.followed.plan) }
            return Self.notApplied(&entry, at: now)
        }
    }

    /// The state of a task arrived.
    public mutating func apply(
        _ state: CommunicationTaskState?,
        of task: CommunicationTaskID,
        at now: Uptime
    ) -> [Conclusion] {
        guard let asked = entries.first(where: { $0.followed.task == task }) else { return [] }
        // It may never end, and the gateway may have gone on with the next one.
        if asked.taskReadings > 0 { markNext(after: asked, at: now) }
        defer { paces[asked.location]?.wasTask = true }
        return conclude(in: asked.location, at: now) { entry in
            guard entry.followed.task == task else { return nil }
            entry.taskAsked = now
            entry.taskReadings += 1
            if state == .failed {
                return Outcome(.failed, code: "task_failed", message: "The gateway did not carry it out.")
            }
            guard state == .succeeded else { return nil }
            entry.succeeded = entry.succeeded ?? now
            // No status shows what the mode of the system masks.
            return entry.followed.plan.isMasked ? .succeeded(entry.followed.plan) : nil
        }
    }

    /// A reading failed: it counts as one that told of no end.
    public mutating func failed(_ reading: Reading, at now: Uptime) {
        let location: LocationID? =
            switch reading {
            case .status(let id): id
            case .task(let task): entries.first { $0.followed.task == task }?.location
            case .schedule(let target): entries.first { $0.followed.target == target }?.location
            case .installation, .temperatures: nil
            }
        if let location, paces[location] != nil { wasRead(location, isFruitful: false, at: now) }
    }

    /// Ends what has taken too long.
    public mutating func expire(at now: Uptime) -> [Conclusion] {
        let expired = entries.filter { $0.followed.deadline <= now }
        for entry in expired { remove(entry.followed.id, at: now) }
        return expired.map { entry in
            let reason =
                entry.succeeded == nil
                ? "The gateway did not carry it out in time; it may be offline." : "It was not confirmed in time."
            return Conclusion(id: entry.followed.id, outcome: .expired(reason))
        }
    }

    private static func notApplied(_ entry: inout Entry, at now: Uptime) -> Outcome? {
        guard let succeeded = entry.succeeded else { return nil }
        entry.readingsSinceSuccess += 1
        guard succeeded + showsWithin <= now, entry.readingsSinceSuccess >= readingsUntilNotApplied else { return nil }
        return Outcome(
            .failed,
            code: "not_applied",
            message: "The cloud accepted it, but what it shows afterwards is not what was asked."
        )
    }

    private mutating func conclude(
        in location: LocationID,
        at now: Uptime,
        _ outcome: (inout Entry) -> Outcome?
    ) -> [Conclusion] {
        guard paces[location] != nil else { return [] }
        var conclusions: [Conclusion] = []
        for index in entries.indices where entries[index].location == location {
            let outcome = outcome(&entries[index])
            if let outcome { conclusions.append(Conclusion(id: entries[index].followed.id, outcome: outcome)) }
        }
        wasRead(location, isFruitful: !conclusions.isEmpty, at: now)
        for conclusion in conclusions { remove(conclusion.id, at: now) }
        return conclusions
    }

    private mutating func wasRead(_ location: LocationID, isFruitful: Bool, at now: Uptime) {
        var pace = paces[location] ?? Pace()
        (pace.lastReading, pace.wasTask) = (now, false)
        pace.fruitless = isFruitful ? 0 : pace.fruitless + 1
        paces[location] = pace
    }

    private mutating func remove(_ id: Command.ID, at now: Uptime) {
        guard let index = entries.firstIndex(where: { $0.followed.id == id }) else { return }
        markNext(after: entries[index], at: now)
        let location = entries.remove(at: index).location
        if !entries.contains(where: { $0.location == location }) { paces[location] = nil }
    }

    /// The gateway is free for the command that was accepted after another one.
    private mutating func markNext(after entry: Entry, at now: Uptime) {
        let next = entries.firstIndex { other in
            other.followed.gateway == entry.followed.gateway && other.isNextSince == nil
        }
        if let next { entries[next].isNextSince = now }
    }
}

extension CommandFollower.Followed {
    fileprivate var isSchedule: Bool { plan.change.schedule != nil }
}

extension CloudCall {
    /// The schedule that the call writes, if it writes one.
    fileprivate var schedule: AnySchedule? {
        switch self {
        case .zoneSchedule(_, let schedule): .zone(schedule)
        case .hotWaterSchedule(_, let schedule): .hotWater(schedule)
        case .zone, .hotWater, .system: nil
        }
    }
}

private func pow(_ base: Double, _ exponent: Int) -> Double {
    (0..<max(0, exponent)).reduce(1) { result, _ in result * base }
}
