import Basics
import BridgeCore
import HeatingModel
import Logging
import Observability

/// What the ``CloudReader`` owns while it runs: the plan of what is read, and all that waits for it.
struct ReaderLoop {
    enum Input: Sendable {
        /// A reading serves only if it began at `since` or later; `nil` for any, even one in flight.
        case want([Reading], since: Uptime?, Promise<CloudFailure?>)
        case refresh(Promise<CloudFailure?>)
        /// A call of a command failed.
        case callFailed(CloudFailure, LocationID)
        case follow(CommandFollower.Followed, Promise<Outcome?>)
        case ended(Reading, asked: Uptime, Result<ReadingAnswer, CloudFailure>)
        /// How often things are read.
        case changed(ReadingPlan.Intervals)
        /// Who changed what is kept.
        case keptChanges
        case woken
    }

    static let stopping = CloudFailure(.cancelled, "The bridge is stopping.")

    private let source: ReadingSource
    private let store: SnapshotStore
    private let settings: CloudReader.Settings
    private let counts: LoopCounts
    private let pulse: LoopPulse
    private let clock: any WallClock
    private let logger: Logger
    private let input: AsyncStream<Input>.Continuation
    private let alarm: Alarm
    private var keeper: ReadingKeeper
    private var plan: ReadingPlan
    private var outage = Outage()
    private var accountID: String?
    private var waiters = ReadingWaiters()
    private var outcomes: [Command.ID: Promise<Outcome?>] = [:]
    /// Readings that the health of the loop goes by.
    private var running = 0
    /// Whether one of them has just ended.
    private var hasEnded = false
    /// When the next switchpoint of each location comes, as was found at an earlier moment.
    private var switchpoints: [LocationID: (found: Instant, next: Instant)] = [:]
    private var problem: String?
    private var arePrecisionReadingsFailing = false
    private var randomness = SystemRandomNumberGenerator()

    private var now: Uptime { clock.uptime }

    /// - Parameters:
    ///   - counts: Of all loops.
    ///   - input: Where the loop's own inputs go.
    init(
        reading source: ReadingSource,
        keeper: ReadingKeeper,
        into store: SnapshotStore,
        settings: CloudReader.Settings,
        intervals: ReadingPlan.Intervals,
        counts: LoopCounts,
        pulse: LoopPulse,
        clock: any WallClock,
        logger: Logger,
        input: AsyncStream<Input>.Continuation
    ) {
        self.source = source
        self.keeper = keeper
        self.store = store
        self.settings = settings
        self.counts = counts
        self.pulse = pulse
        self.clock = clock
        self.logger = logger
        self.input = input
        alarm = Alarm(clock: clock) { input.yield(.woken) }
        // One that leaves nothing to serve is read again: the account may have got something meanwhile.
        let remembered = keeper.installation.flatMap { remembered in
            ServedLocations(settings.locations, of: remembered.installation).isEmpty ? nil : remembered
        }
        let age = remembered.map { $0.read.duration(to: clock.now) }
        plan = ReadingPlan(
            intervals: intervals,
            // A clock that was wrong when it was read must not keep it for years.
            installationRead: age.map { clock.uptime - max(.zero, $0) },
            shortestStatusInterval: settings.shortestPollInterval,
            readsHighPrecision: source.hasHighPrecision,
            polls: settings.polls,
            at: clock.uptime
        )
    }

    // MARK: - The loop

    mutating func start(_ group: inout DiscardingTaskGroup) {
        keeper.restore(withSchedules: plan.intervals.schedules != nil, at: now)
        if let remembered = keeper.installation { serve(remembered.installation) }
        goOn(&group)
    }

    mutating func handle(_ next: Input, in group: inout DiscardingTaskGroup) {
        switch next {
        case .want(let readings, let since, let promise):
            waiters.add(promise, for: Set(readings), askedSince: since)
            for reading in readings { plan.want(reading, for: .request, since: since) }
        case .refresh(let promise): waiters.add(promise, for: plan.refresh())
        case .callFailed(let failure, let location): callFailed(failure, in: location)
        case .follow(let followed, let promise):
            outcomes[followed.id] = promise
            conclude(plan.follow(followed))
        case .ended(let reading, let asked, let result):
            if reading.isWatched { (running, hasEnded) = (running - 1, true) }
            switch result {
            case .success(let answer):
                arrived(answer, of: reading, asked: asked)
                waiters.ended(reading, asked: asked, nil)
            case .failure(let failure):
                failed(reading, failure)
                waiters.ended(reading, asked: asked, failure)
            }
        case .changed(let intervals): plan.intervals = intervals
        case .keptChanges: keeper.keptChanges()
        case .woken: break
        }
        goOn(&group)
    }

    /// Begins what is due, and says when to go on.
    private mutating func goOn(_ group: inout DiscardingTaskGroup) {
        conclude(plan.expireCommands(at: now))
        let begun = plan.begin(at: now)
        for reading in begun {
            if reading.reading.isWatched { running += 1 }
            counts.began(reading.reading, for: reading.cause)
            begin(reading.reading, in: &group)
        }
        let next = plan.nextMoment
        if running > 0 {
            // Other inputs are no sign that a reading gets on.
            if hasEnded || begun.contains(where: \.reading.isWatched) { pulse.works() }
        } else {
            // A reader that polls always has a next reading.
            let pause = next.map { now.duration(to: $0) } ?? (settings.polls ? .zero : nil)
            pulse.rests(for: pause)
            keeper.keepSchedules(in: &group, pause: next.map { now.duration(to: $0) })
        }
        hasEnded = false
        keeper.keepNews(in: &group) { [input] in input.yield(.keptChanges) }
        alarm.set(to: next, in: &group)
    }

    private func begin(_ reading: Reading, in group: inout DiscardingTaskGroup) {
        let asked = now
        group.addTask { [source, accountID, input] in
            let result: Result<ReadingAnswer, CloudFailure>
            do throws(CloudFailure) {
                result = .success(try await source.read(reading, accountID: accountID))
            } catch {
                result = .failure(error)
            }
            input.yield(.ended(reading, asked: asked, result))
        }
    }

    /// The program stops.
    func end() async {
        waiters.giveUp(Self.stopping)
        for promise in outcomes.values { promise.keep(nil) }
        await keeper.end()
    }

    /// An input that comes too late.
    static func refuse(_ input: Input) {
        switch input {
        case .want(_, _, let promise), .refresh(let promise): promise.keep(stopping)
        case .follow(_, let promise): promise.keep(nil)
        case .callFailed, .ended, .changed, .keptChanges, .woken: break
        }
    }

    // MARK: - What came of a reading

    private mutating func arrived(_ answer: ReadingAnswer, of reading: Reading, asked: Uptime) {
        switch (answer, reading) {
        case (.installation(let installation), _): installationArrived(installation)
        case (.status(let status), .status(let id)): statusArrived(status, of: id, asked: asked)
        case (.schedule(let schedule), .schedule(let target)):
            store.update { $0.apply(schedule, of: target, at: $1) }
            conclude(plan.arrived(schedule, of: target, asked: asked, at: now))
            if let location = store.site(of: target.systemID)?.location { findSwitchpoint(in: location) }
        case (.task(let state), .task(let task)): conclude(plan.arrived(state, of: task, at: now))
        case (.temperatures(let temperatures), _): temperaturesArrived(temperatures)
        default: break
        }
        if store.health.state == .ok, let length = outage.ended(at: now, logger: logger) {
            store.update { $0.report(.outageEnded(after: length), at: $1) }
        }
        if plan.isFirstRoundOver { becomeReady() }
    }

    private func becomeReady() {
        guard !store.isReady else { return }
        store.update { snapshot, _ in snapshot.becomeReady() }
    }

    private mutating func installationArrived(_ installation: Installation) {
        plan.installationArrived(at: now)
        keeper.keep(RememberedInstallation(installation: installation, read: clock.now))
        serve(installation, read: clock.now)
        logger.info(
            "Read the installation",
            metadata: [
                "locations": "\(installation.locations.count)",
                "zones": "\(installation.systems.map(\.system.zones.count).reduce(0, +))",
            ]
        )
    }

    /// - Parameter read: When it was read; `nil` for one that an earlier run knew.
    private mutating func serve(_ installation: Installation, read: Instant? = nil) {
        let locations = ServedLocations(settings.locations, of: installation)
        let served = locations.installation
        accountID = installation.accountID
        store.update { snapshot, _ in snapshot.apply(locations, read: read) }
        if let new = locations.problem, new != problem { logger.warning("\(new)") }
        problem = locations.problem
        let (schedules, wall, uptime) = (store.schedules, clock.now, now)
        plan.know(
            served,
            schedulesRead: { target in schedules.read(target).map { uptime - max(.zero, $0.duration(to: wall)) } },
            at: now
        )
        switchpoints = [:]
        for location in served.locations { findSwitchpoint(in: location) }
    }

    private mutating func statusArrived(_ status: LocationStatus, of id: LocationID, asked: Uptime) {
        let uptime = now
        let isNews = store.update { $0.apply(status, at: $1, uptime: uptime) }
        counts.statusWasRead(succeeded: true)
        conclude(plan.arrived(status, asked: asked, at: now, using: &randomness))
        guard let location = store.installation?.locations.first(where: { $0.id == id }) else { return }
        if isNews { findSwitchpoint(in: location) } else { expectSwitchpoint(in: location) }
        let zones = status.systems.map(\.zones.count).reduce(0, +)
        logger.log(
            level: isNews ? .info : .debug,
            "Read the status",
            metadata: ["location": "\(location.name)", "zones": "\(zones)"]
        )
        if plan.found(location.differences(from: status), in: id, at: now) {
            store.update { snapshot, _ in snapshot.contradictInstallation() }
            logger.notice(
                "The status does not match the installation; reading the installation again",
                metadata: ["location": "\(location.name)"]
            )
        }
    }

    private mutating func findSwitchpoint(in location: Location) {
        let wall = clock.now
        let next = location.systems.compactMap { store.site(of: $0.id)?.nextSwitchpoint(after: wall) }.min()
        switchpoints[location.id] = next.map { (wall, $0) }
        expectSwitchpoint(in: location)
    }

    /// A status is read soon after the setpoint of a zone has changed; not at once, since not all gateways are on time.
    private mutating func expectSwitchpoint(in location: Location) {
        let wall = clock.now
        let known = switchpoints[location.id]
        // It has come, or the clock was put back.
        if let known, wall < known.found || wall >= known.next { return findSwitchpoint(in: location) }
        let delay = Duration.seconds(Double.random(in: 4...15, using: &randomness))
        let moment = known.map { now + wall.duration(to: $0.next) + delay }
        plan.expectSwitchpoint(at: moment, in: location.id, at: now)
    }

    private mutating func temperaturesArrived(_ temperatures: [SensorID: Temperature]) {
        plan.temperaturesEnded()
        store.update { snapshot, _ in snapshot.apply(temperatures) }
        if arePrecisionReadingsFailing { logger.notice("High-precision temperatures are available again") }
        arePrecisionReadingsFailing = false
    }

    private mutating func failed(_ reading: Reading, _ failure: CloudFailure) {
        guard reading != .temperatures else { return temperaturesFailed(failure) }
        let wall = clock.now
        let retryAfter = failure.retryAt.map { max(.zero, wall.duration(to: $0)) }
        let next = plan.failed(reading, failure, retryAfter: retryAfter, at: now, using: &randomness)
        let retryAt = max(wall + now.duration(to: next), failure.retryAt ?? wall)
        // Nothing was asked, so there is nothing to say of the cloud.
        guard failure.kind != .cancelled else { return }
        switch reading {
        // Everything that is published stands, with or without a schedule.
        case .schedule where failure.kind == .refused: return
        case .task: return
        case .status(let id):
            counts.statusWasRead(succeeded: false)
            store.update { $0.apply(failure, of: id, retryAt: retryAt, at: $1) }
        case .schedule, .installation, .temperatures: store.update { $0.apply(failure, retryAt: retryAt, at: $1) }
        }
        outageContinues(failure, retryAt: retryAt)
        // What is known now is worth publishing, though it may be old.
        if failure.kind != .refused || plan.isFirstRoundOver { becomeReady() }
    }

    /// A call of a command failed. What keeps a call from the cloud keeps readings from it, too.
    private mutating func callFailed(_ failure: CloudFailure, in location: LocationID) {
        let wall = clock.now
        switch failure.kind {
        case .refused, .cancelled: return
        case .unreachable, .storage:
            logger.warning("A command waits for the cloud", metadata: ["reason": "\(failure.sentence)"])
            // The cloud answers some calls as if it were out of order. A reading tells whether it is.
            if store.health.state == .ok { plan.want(.status(location), for: .request) }
        case .rateLimited, .unauthorised:
            let pause = failure.retryAt.map { max(.zero, wall.duration(to: $0)) } ?? .zero
            if failure.kind == .rateLimited { plan.bar(for: pause, at: now) }
            store.update { $0.apply(failure, retryAt: wall + pause, at: $1) }
            outageContinues(failure, retryAt: wall + pause)
        }
    }

    /// A reader that does not poll leaves it to its caller to report failures.
    private mutating func outageContinues(_ failure: CloudFailure, retryAt: Instant) {
        guard settings.polls, outage.continues(failure, at: now, retryAt: retryAt, logger: logger) else { return }
        store.update { $0.report(.outageBegan(failure, retryAt: retryAt), at: $1) }
    }

    /// A failure here affects nothing else: temperatures are shown to half a degree.
    private mutating func temperaturesFailed(_ failure: CloudFailure) {
        plan.temperaturesEnded()
        store.update { snapshot, _ in snapshot.apply([:]) }
        logger.log(
            level: arePrecisionReadingsFailing ? .debug : .notice,
            "Temperatures are shown to half a degree only",
            metadata: ["reason": "\(failure.sentence)", "retry_at": "\(failure.retryAt?.description ?? "unknown")"]
        )
        arePrecisionReadingsFailing = true
    }

    private mutating func conclude(_ conclusions: [CommandFollower.Conclusion]) {
        for conclusion in conclusions { outcomes.removeValue(forKey: conclusion.id)?.keep(conclusion.outcome) }
    }
}

extension Reading {
    /// Whether it counts for the health of the loop. API v1 holds up nothing, so it may hang.
    fileprivate var isWatched: Bool { self != .temperatures }
}
