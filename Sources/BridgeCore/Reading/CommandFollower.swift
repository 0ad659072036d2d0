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
        public var call: PlannedCall
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
            call: PlannedCall,
            task: CommunicationTaskID?,
            accepted: Uptime,
            deadline: Uptime,
            isProvedByStatus: Bool
        ) {
            self.id = id
            self.target = target
            self.location = location
            self.gateway = gateway
            self.call = call
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

        /// Whether a status can tell that it has ended.
        var showsInStatus: Bool { !needsTask && !followed.isSchedule }

        /// Whether only the task can tell how it goes.
        var needsTask: Bool { task != nil && (!followed.isProvedByStatus || followed.call.isMasked) }
    }

    /// What is read of a location at a pace of its own.
    private enum Kind: Hashable, Sendable {
        case status
        case schedule(Target)
        case tasks
    }

    /// How something was read lately.
    private struct Pace: Sendable {
        var lastReading: Uptime?
        /// Readings in a row that told of no end.
        var fruitless = 0
    }

    /// What is known of a location's readings.
    private struct LocationPace: Sendable {
        var paces: [Kind: Pace] = [:]
        /// The last reading that was made for a command.
        var lastBegun: Uptime?
        /// The last reading that told of no end: right after it a task may be asked for.
        var lastFruitless: Uptime?
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
    private var paces: [LocationID: LocationPace] = [:]

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }

    /// Follows a command from now on. It supersedes an earlier one for the same subject: what that has set will not be
    /// shown any more.
    public mutating func follow(_ followed: Followed) -> [Conclusion] {
        let older = entries.filter { $0.followed.subject == followed.subject }
        let isAlone = !entries.contains { $0.followed.gateway == followed.gateway }
        var entry = Entry(followed: followed, isNextSince: isAlone ? followed.accepted : nil)
        // Without a task there is nothing else to wait for.
        if followed.task == nil { entry.succeeded = followed.accepted }
        entries.append(entry)
        for entry in older { remove(entry.followed.id, at: followed.accepted) }
        paces[followed.location, default: LocationPace()].paces[.status]?.fruitless = 0
        return older.map { Conclusion(id: $0.followed.id, outcome: .superseded) }
    }

    // MARK: - What to read

    /// What is read next for a location, and when; `nil` if nothing is followed there.
    public func nextReading(of location: LocationID) -> (reading: Reading, at: Uptime)? {
        let here = entries.filter { $0.location == location }
        guard !here.isEmpty, let pace = paces[location] else { return nil }
        if let moment = pace.lastFruitless, let task = overdueTask(among: here, at: moment) {
            return (.task(task), moment)
        }
        guard let usual = nextUsualReading(among: here, pace) else { return nil }
        // Not at the same time as another one.
        guard let last = pace.lastBegun else { return usual }
        return (usual.reading, max(usual.at, last + Self.shortestGap))
    }

    /// A reading for a command begins.
    public mutating func began(_ reading: Reading, at now: Uptime) {
        guard let location = location(of: reading) else { return }
        paces[location]?.lastBegun = now
    }

    /// Every location with a followed command.
    public var locations: Set<LocationID> { Set(entries.map(\.location)) }

    /// When the first command expires.
    public var nextDeadline: Uptime? { entries.map(\.followed.deadline).min() }

    /// A status, if it can tell of any command; a schedule that was written; a task, if only that can tell.
    private func nextUsualReading(
        among entries: [Entry],
        _ pace: LocationPace
    ) -> (reading: Reading, at: Uptime)? {
        var readings: [(reading: Reading, at: Uptime)] = []
        if let first = entries.first(where: \.showsInStatus) {
            readings.append((.status(first.location), due(after: pace.paces[.status], since: first.followed.accepted)))
        }
        for entry in entries where entry.followed.isSchedule && !entry.needsTask {
            let target = entry.followed.target
            let moment = due(after: pace.paces[.schedule(target)], since: entry.followed.accepted)
            readings.append((.schedule(target), moment))
        }
        let asked = entries.filter { $0.needsTask && $0.isNextSince != nil }.min(by: Self.wasAskedBefore)
        if let asked, let task = asked.task {
            readings.append((.task(task), due(after: pace.paces[.tasks], since: asked.followed.accepted)))
        }
        return readings.min { $0.at < $1.at }
    }

    private func due(after pace: Pace?, since accepted: Uptime) -> Uptime {
        let first = accepted + Self.firstReading
        guard let pace, let last = pace.lastReading else { return first }
        return max(first, last + gap(after: pace))
    }

    private func gap(after pace: Pace) -> Duration {
        guard pace.fruitless > 0 else { return Self.afterProgress }
        return min(Self.shortestGap * pow(1.3, max(0, pace.fruitless - 4)), Self.longestGap)
    }

    /// The task of a command that is overdue. A gateway that is away has many of them: the one that was asked for longest
    /// ago comes first.
    private func overdueTask(among entries: [Entry], at now: Uptime) -> CommunicationTaskID? {
        let overdue = entries.filter { entry in
            guard entry.task != nil, !entry.needsTask, let since = entry.isNextSince else { return false }
            guard let asked = entry.taskAsked else { return since + Self.overdue <= now }
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
        let isAboutCommands = entries.contains { $0.location == status.id && $0.showsInStatus }
        return conclude(in: status.id, kind: isAboutCommands ? .status : nil, at: now) { entry in
            guard !entry.followed.isSchedule, entry.followed.accepted <= asked,
                let system = status.systems.first(where: { $0.id == entry.followed.target.systemID })
            else { return nil }
            let isDone = entry.succeeded != nil || entry.followed.isProvedByStatus
            if isDone, entry.followed.call.isShown(by: system) { return .succeeded(entry.followed.call) }
            return Self.notApplied(&entry, at: now)
        }
    }

    /// A schedule arrived.
    public mutating func apply(_ schedule: AnySchedule?, of target: Target, asked: Uptime, at now: Uptime)
        -> [Conclusion]
    {
        guard let location = location(of: .schedule(target)) else { return [] }
        return conclude(in: location, kind: .schedule(target), at: now) { entry in
            guard entry.followed.target == target, entry.followed.accepted <= asked,
                let written = entry.followed.call.call.schedule
            else { return nil }
            if written == schedule { return .succeeded(entry.followed.call) }
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
        return conclude(in: asked.location, kind: .tasks, at: now) { entry in
            guard entry.followed.task == task else { return nil }
            entry.taskAsked = now
            entry.taskReadings += 1
            if state == .failed {
                return Outcome(.failed, code: Outcome.taskFailed, message: "The gateway did not carry it out.")
            }
            guard state == .succeeded else { return nil }
            entry.succeeded = entry.succeeded ?? now
            // What the system's mode masks is shown by no status.
            return entry.followed.call.isMasked ? .succeeded(entry.followed.call) : nil
        }
    }

    /// A reading failed: it counts as one that told of no end.
    public mutating func failed(_ reading: Reading, at now: Uptime) {
        guard let location = location(of: reading) else { return }
        let kind: Kind =
            switch reading {
            case .status: .status
            case .schedule(let target): .schedule(target)
            case .task, .installation, .temperatures: .tasks
            }
        wasRead(location, kind, isFruitful: false, at: now)
    }

    private func location(of reading: Reading) -> LocationID? {
        switch reading {
        case .status(let id): paces[id] == nil ? nil : id
        case .task(let task): entries.first { $0.followed.task == task }?.location
        case .schedule(let target): entries.first { $0.followed.target == target && $0.followed.isSchedule }?.location
        case .installation, .temperatures: nil
        }
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

    /// - Parameter kind: What was read; `nil` if it could tell of no command.
    private mutating func conclude(
        in location: LocationID,
        kind: Kind?,
        at now: Uptime,
        _ outcome: (inout Entry) -> Outcome?
    ) -> [Conclusion] {
        guard paces[location] != nil else { return [] }
        var conclusions: [Conclusion] = []
        for index in entries.indices where entries[index].location == location {
            let outcome = outcome(&entries[index])
            if let outcome { conclusions.append(Conclusion(id: entries[index].followed.id, outcome: outcome)) }
        }
        if let kind { wasRead(location, kind, isFruitful: !conclusions.isEmpty, at: now) }
        for conclusion in conclusions { remove(conclusion.id, at: now) }
        return conclusions
    }

    private mutating func wasRead(_ location: LocationID, _ kind: Kind, isFruitful: Bool, at now: Uptime) {
        guard var pace = paces[location] else { return }
        let fruitless = isFruitful ? 0 : (pace.paces[kind]?.fruitless ?? 0) + 1
        pace.paces[kind] = Pace(lastReading: now, fruitless: fruitless)
        pace.lastFruitless = isFruitful || kind == .tasks ? nil : now
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
    fileprivate var isSchedule: Bool { call.call.schedule != nil }

    fileprivate var subject: Command.Subject { Command.Subject(target: target, isSchedule: isSchedule) }
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
