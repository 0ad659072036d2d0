public import Basics
public import BridgeCore
public import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// The only reader of the cloud. Everything that is wanted is asked for here, and every answer goes into the snapshot.
///
/// One loop owns the ``ReadingPlan``, which decides what is read. Readings run beside it, and come back as inputs.
public final class CloudReader: Service {
    fileprivate enum Input: Sendable {
        case want([Reading], Promise<CloudFailure?>)
        case refresh(Promise<CloudFailure?>)
        /// A call of a command failed.
        case callFailed(CloudFailure)
        case follow(CommandFollower.Followed, Promise<Outcome?>)
        case ended(Reading, asked: Uptime, Result<ReadingAnswer, CloudFailure>)
        /// Who changed what is kept.
        case keptChanges
        case woken
    }

    public struct Settings: Sendable {
        /// The locations to serve, by id, name or topic; empty for all.
        public var locations: [String]
        /// Whether anything is read that nobody asked for. A one-shot session does not need that.
        public var polls: Bool
        /// The shortest interval between two statuses that the cloud allows.
        public var shortestPollInterval: Duration

        public init(locations: [String], polls: Bool = true, shortestPollInterval: Duration = .zero) {
            self.locations = locations
            self.polls = polls
            self.shortestPollInterval = shortestPollInterval
        }
    }

    /// Why nothing is refreshed, in one sentence.
    public struct Refusal: Error, Equatable, Sendable {
        public var sentence: String
    }

    private struct State {
        var intervals: ReadingPlan.Intervals
        var lastRefresh: Uptime?
        var isStopping = false
    }

    /// Requests do not refresh everything more often than this.
    private static let pauseBetweenRefreshes = Duration.seconds(30)
    /// The cloud limits clients that ask for much at once.
    static let pauseBetweenSchedules = Duration.milliseconds(250)

    fileprivate let cloud: any Cloud
    fileprivate let highPrecision: (any HighPrecisionSource)?
    fileprivate let store: SnapshotStore
    fileprivate let memory: any Memory
    fileprivate let changes: (any ChangeMemory)?
    fileprivate let counts: LoopCounts
    fileprivate let settings: Settings
    fileprivate let clock: any WallClock
    fileprivate let logger: Logger
    fileprivate let input: AsyncStream<Input>.Continuation
    private let inputs: AsyncStream<Input>
    private let state: Mutex<State>

    /// A reader that has read nothing for twice its interval is stuck. It gets three minutes at least, since one reading
    /// may wait for the lock of the state file, a refresh of tokens and a login, and be made twice.
    public let pulse: LoopPulse

    /// - Parameters:
    ///   - highPrecision: `nil` if half degrees will do.
    ///   - changes: `nil` if it does not matter who changed what before.
    public init(
        cloud: any Cloud,
        highPrecision: (any HighPrecisionSource)? = nil,
        store: SnapshotStore,
        memory: any Memory,
        changes: (any ChangeMemory)? = nil,
        counts: LoopCounts,
        intervals: ReadingPlan.Intervals,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        self.cloud = cloud
        self.highPrecision = highPrecision
        self.store = store
        self.memory = memory
        self.changes = changes
        self.counts = counts
        self.settings = settings
        self.clock = clock
        self.logger = logger
        state = Mutex(State(intervals: intervals))
        pulse = LoopPulse("read", limit: Self.limit(for: intervals))
        (inputs, input) = AsyncStream.makeStream()
    }

    private static func limit(for intervals: ReadingPlan.Intervals) -> Duration { max(.seconds(180), intervals.status) }

    /// How often things are read. A change takes effect at once.
    public var intervals: ReadingPlan.Intervals {
        get { state.withLock(\.intervals) }
        set {
            state.withLock { $0.intervals = newValue }
            pulse.limit = Self.limit(for: newValue)
            input.yield(.woken)
        }
    }

    /// Reads something now, and waits for it. Without any readings it waits until what the memory holds is in the snapshot.
    public func read(_ readings: [Reading]) async throws(CloudFailure) {
        try await wait(for: { .want(readings, $0) })
    }

    /// Reads everything but the schedules now, and waits for it.
    func refresh() async throws(Refusal) {
        let now = clock.uptime
        let next = state.withLock { state -> Uptime? in
            if let last = state.lastRefresh, last + Self.pauseBetweenRefreshes > now {
                return last + Self.pauseBetweenRefreshes
            }
            state.lastRefresh = now
            return nil
        }
        if let next {
            let pause = now.duration(to: next).readable
            throw Refusal(sentence: "Everything was read just now; it can be read again in \(pause).")
        }
        do throws(CloudFailure) {
            try await wait(for: { .refresh($0) })
        } catch {
            throw Refusal(sentence: error.sentence)
        }
    }

    /// A call of a command failed, and will be made again.
    func callFailed(_ failure: CloudFailure) {
        input.yield(.callFailed(failure))
    }

    /// Follows an accepted command to its end.
    ///
    /// - Returns: `nil` if the program stops before that.
    public func follow(_ followed: CommandFollower.Followed) async -> Outcome? {
        let promise = Promise<Outcome?>(ifCancelled: nil)
        send(.follow(followed, promise))
        return await promise.value()
    }

    /// Reads schedules one after another, and waits for them.
    ///
    /// - Parameter progress: Called before each with its number, from 1, and the number of all.
    /// - Returns: What was read, and what the cloud refused, with the reason.
    /// - Throws: ``CloudFailure`` if the cloud is away: the rest was not read.
    public func readSchedules(
        of targets: [NamedTarget],
        progress: (NamedTarget, Int, Int) -> Void = { _, _, _ in }
    ) async throws(CloudFailure) -> (read: [NamedTarget], refused: [(named: NamedTarget, failure: CloudFailure)]) {
        var read: [NamedTarget] = []
        var refused: [(NamedTarget, CloudFailure)] = []
        for (index, named) in targets.enumerated() {
            progress(named, index + 1, targets.count)
            if index > 0 { try? await clock.sleep(for: Self.pauseBetweenSchedules) }
            do throws(CloudFailure) {
                try await self.read([.schedule(named.target)])
                read.append(named)
            } catch {
                guard error.kind == .refused else { throw error }
                refused.append((named, error))
            }
        }
        return (read, refused)
    }

    private func wait(for input: (Promise<CloudFailure?>) -> Input) async throws(CloudFailure) {
        let promise = Promise<CloudFailure?>(ifCancelled: CloudFailure(.cancelled, "The bridge is stopping."))
        send(input(promise))
        if let failure = await promise.value() { throw failure }
    }

    /// Sends an input to the loop, or refuses it if the loop has ended.
    private func send(_ next: Input) {
        if case .terminated = input.yield(next) { ReaderLoop.refuse(next) }
    }

    public func run() async throws {
        var loop = ReaderLoop(self)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                loop.start(&group)
                // All inputs are taken from the stream, so that none with a waiting caller is lost when the program stops.
                for await next in inputs {
                    if isStopping { ReaderLoop.refuse(next) } else { loop.handle(next, in: &group) }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: { [self] in
            state.withLock { $0.isStopping = true }
            input.finish()
        }
        await loop.end()
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock(\.isStopping) }
}

/// What a reading brought.
private enum ReadingAnswer: Sendable {
    case installation(Installation)
    case status(LocationStatus)
    case schedule(AnySchedule?)
    case task(CommunicationTaskState?)
    case temperatures([SensorID: Temperature])
}

/// What the loop owns while it runs.
private struct ReaderLoop {
    /// A caller that waits for readings.
    private struct Waiter {
        var missing: Set<Reading>
        var promise: Promise<CloudFailure?>
    }

    private let reader: CloudReader
    private let alarm: Alarm
    private var plan: ReadingPlan
    private var outage = Outage()
    private var accountID: String?
    private var waiters: [Waiter] = []
    private var outcomes: [Command.ID: Promise<Outcome?>] = [:]
    /// Readings that the health of the loop goes by.
    private var running = 0
    /// Whether one of them has just ended.
    private var hasEnded = false
    private var unsavedInstallation: RememberedInstallation?
    private var isKeepingChanges = false
    private var problem: String?
    private var arePrecisionReadingsFailing = false
    private var randomness = SystemRandomNumberGenerator()

    private var store: SnapshotStore { reader.store }
    private var now: Uptime { reader.clock.uptime }

    init(_ reader: CloudReader) {
        self.reader = reader
        alarm = Alarm(clock: reader.clock) { [input = reader.input] in input.yield(.woken) }
        // One that leaves nothing to serve is read again: the account may have got something meanwhile.
        let remembered = reader.memory.installation().flatMap { remembered in
            ServedLocations(reader.settings.locations, of: remembered.installation).isEmpty ? nil : remembered
        }
        let age = remembered.map { $0.read.duration(to: reader.clock.now) }
        plan = ReadingPlan(
            intervals: reader.intervals,
            // A clock that was wrong when it was read must not keep it for years.
            installationRead: age.map { reader.clock.uptime - max(.zero, $0) },
            shortestStatusInterval: reader.settings.shortestPollInterval,
            readsHighPrecision: reader.highPrecision != nil,
            polls: reader.settings.polls,
            at: reader.clock.uptime
        )
    }

    // MARK: - The loop

    mutating func start(_ group: inout DiscardingTaskGroup) {
        if reader.intervals.schedules != nil {
            let schedules = reader.memory.schedules()
            store.update { snapshot, _ in snapshot.restore(schedules) }
        }
        if reader.highPrecision != nil {
            let temperatures = reader.memory.temperatures()
            store.update { snapshot, _ in snapshot.restore(temperatures) }
        }
        if let changes = reader.changes?.changes() {
            let uptime = now
            store.update { $0.restore(changes, at: $1, uptime: uptime) }
        }
        if let remembered = reader.memory.installation() { serve(remembered.installation) }
        goOn(&group)
    }

    mutating func handle(_ next: CloudReader.Input, in group: inout DiscardingTaskGroup) {
        switch next {
        case .want(let readings, let promise):
            guard !readings.isEmpty else { return promise.keep(nil) }
            waiters.append(Waiter(missing: Set(readings), promise: promise))
            for reading in readings { plan.want(reading, for: .request) }
        case .refresh(let promise):
            let readings = plan.refresh()
            waiters.append(Waiter(missing: readings, promise: promise))
        case .callFailed(let failure): callFailed(failure)
        case .follow(let followed, let promise):
            outcomes[followed.id] = promise
            plan.follow(followed)
        case .ended(let reading, let asked, let result):
            if reading.isWatched { (running, hasEnded) = (running - 1, true) }
            switch result {
            case .success(let answer):
                arrived(answer, of: reading, asked: asked)
                settle(reading, nil)
            case .failure(let failure):
                failed(reading, failure)
                settle(reading, failure)
            }
        case .keptChanges: isKeepingChanges = false
        case .woken: break
        }
        goOn(&group)
    }

    /// Begins what is due, and says when to go on.
    private mutating func goOn(_ group: inout DiscardingTaskGroup) {
        plan.intervals = reader.intervals
        conclude(plan.expireCommands(at: now))
        let begun = plan.begin(at: now)
        for reading in begun {
            if reading.reading.isWatched { running += 1 }
            reader.counts.began(reading.reading, for: reading.cause)
            begin(reading.reading, in: &group)
        }
        let next = plan.nextMoment
        if running > 0 {
            // Other inputs are no sign that a reading gets on.
            if hasEnded || begun.contains(where: \.reading.isWatched) { reader.pulse.works() }
        } else {
            // A reader that polls always has a next reading.
            let pause = next.map { now.duration(to: $0) } ?? (reader.settings.polls ? .zero : nil)
            reader.pulse.rests(for: pause)
            keepSchedules(ifPauseUntil: next, in: &group)
        }
        hasEnded = false
        if let installation = unsavedInstallation {
            group.addTask { [memory = reader.memory] in await memory.remember(installation) }
            unsavedInstallation = nil
        }
        keepChanges(in: &group)
        alarm.set(to: next, in: &group)
    }

    private func begin(_ reading: Reading, in group: inout DiscardingTaskGroup) {
        let asked = now
        group.addTask { [reader, accountID] in
            let result: Result<ReadingAnswer, CloudFailure>
            do throws(CloudFailure) {
                result = .success(try await Self.read(reading, for: reader, accountID: accountID))
            } catch {
                result = .failure(error)
            }
            reader.input.yield(.ended(reading, asked: asked, result))
        }
    }

    private static func read(
        _ reading: Reading,
        for reader: CloudReader,
        accountID: String?
    ) async throws(CloudFailure) -> ReadingAnswer {
        let cloud = reader.cloud
        switch reading {
        case .installation: return .installation(try await cloud.installation(of: accountID))
        case .status(let id):
            guard let location = reader.store.installation?.locations.first(where: { $0.id == id }) else {
                throw CloudFailure(.refused, "The location is not in the installation any more.")
            }
            return .status(try await cloud.status(of: location))
        case .schedule(.zone(let zone, in: _)):
            return .schedule(try await cloud.schedule(of: zone).map(AnySchedule.zone))
        case .schedule(.hotWater(let hotWater, in: _)):
            return .schedule(try await cloud.schedule(of: hotWater).map(AnySchedule.hotWater))
        case .schedule(.system): return .schedule(nil)
        case .task(let task): return .task(try await cloud.state(of: task))
        case .temperatures: return .temperatures(try await reader.highPrecision?.temperatures() ?? [:])
        }
    }

    /// The program stops.
    mutating func end() async {
        for waiter in waiters { waiter.promise.keep(CloudFailure(.cancelled, "The bridge is stopping.")) }
        for promise in outcomes.values { promise.keep(nil) }
        if let schedules = store.take({ $0.takeUnsavedSchedules() }) { await reader.memory.remember(schedules) }
        if keepsChanges, let changes = store.take({ $0.takeUnsavedChanges() }) {
            await reader.changes?.remember(changes)
        }
        if reader.highPrecision != nil {
            await reader.memory.remember(store.take { $0.highPrecisionTemperatures })
        }
    }

    static func refuse(_ input: CloudReader.Input) {
        switch input {
        case .want(_, let promise), .refresh(let promise):
            promise.keep(CloudFailure(.cancelled, "The bridge is stopping."))
        case .follow(_, let promise): promise.keep(nil)
        case .callFailed, .ended, .keptChanges, .woken: break
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
            expectSwitchpoints(in: target.systemID)
        case (.task(let state), .task(let task)): conclude(plan.arrived(state, of: task, at: now))
        case (.temperatures(let temperatures), _): temperaturesArrived(temperatures)
        default: break
        }
        if store.health.state == .ok, let length = outage.ended(at: now, logger: reader.logger) {
            store.update { $0.report(.outageEnded(after: length), at: $1) }
        }
        if plan.isFirstRoundOver { store.update { snapshot, _ in snapshot.becomeReady() } }
    }

    private mutating func installationArrived(_ installation: Installation) {
        plan.installationArrived(at: now)
        unsavedInstallation = RememberedInstallation(installation: installation, read: reader.clock.now)
        serve(installation, read: reader.clock.now)
        reader.logger.info(
            "Read the installation",
            metadata: [
                "locations": "\(installation.locations.count)",
                "zones": "\(installation.systems.map(\.system.zones.count).reduce(0, +))",
            ]
        )
    }

    /// - Parameter read: When it was read; `nil` for one that an earlier run knew.
    private mutating func serve(_ installation: Installation, read: Instant? = nil) {
        let locations = ServedLocations(reader.settings.locations, of: installation)
        let served = locations.installation
        accountID = installation.accountID
        store.update { snapshot, _ in snapshot.apply(locations, read: read) }
        if let new = locations.problem, new != problem { reader.logger.warning("\(new)") }
        problem = locations.problem
        let (schedules, wall, uptime) = (store.schedules, reader.clock.now, now)
        plan.know(
            served,
            schedulesRead: { target in schedules.read(target).map { uptime - max(.zero, $0.duration(to: wall)) } },
            at: now
        )
        for (_, system) in served.systems { expectSwitchpoints(in: system.id) }
    }

    private mutating func statusArrived(_ status: LocationStatus, of id: LocationID, asked: Uptime) {
        let uptime = now
        store.update { $0.apply(status, at: $1, uptime: uptime) }
        reader.counts.statusWasRead(succeeded: true)
        conclude(plan.arrived(status, asked: asked, at: now, using: &randomness))
        guard let location = store.installation?.locations.first(where: { $0.id == id }) else { return }
        for system in location.systems { expectSwitchpoints(in: system.id) }
        let zones = status.systems.map(\.zones.count).reduce(0, +)
        reader.logger.info("Read the status", metadata: ["location": "\(location.name)", "zones": "\(zones)"])
        if plan.found(location.differences(from: status), in: id, at: now) {
            reader.logger.notice(
                "The status does not match the installation, which is read again",
                metadata: ["location": "\(location.name)"]
            )
        }
    }

    /// A status is read soon after the setpoint of a zone has changed; not at once, since not all gateways are on time.
    private mutating func expectSwitchpoints(in system: ControlSystemID) {
        let wall = reader.clock.now
        guard let location = store.site(of: system)?.location else { return }
        let switchpoints = location.systems.compactMap { store.site(of: $0.id)?.nextSwitchpoint(after: wall) }
        let delay = Duration.seconds(Double.random(in: 4...15, using: &randomness))
        let moment = switchpoints.min().map { now + wall.duration(to: $0) + delay }
        plan.expectSwitchpoint(at: moment, in: location.id, at: now)
    }

    private mutating func temperaturesArrived(_ temperatures: [SensorID: Temperature]) {
        plan.temperaturesEnded()
        store.update { snapshot, _ in snapshot.apply(temperatures) }
        if arePrecisionReadingsFailing { reader.logger.notice("High-precision temperatures are available again") }
        arePrecisionReadingsFailing = false
    }

    private mutating func failed(_ reading: Reading, _ failure: CloudFailure) {
        guard reading != .temperatures else { return temperaturesFailed(failure) }
        let wall = reader.clock.now
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
            reader.counts.statusWasRead(succeeded: false)
            store.update { $0.apply(failure, of: id, retryAt: retryAt, at: $1) }
        case .schedule, .installation, .temperatures: store.update { $0.apply(failure, retryAt: retryAt, at: $1) }
        }
        if outage.continues(failure, at: now, retryAt: retryAt, logger: reader.logger) {
            store.update { $0.report(.outageBegan(failure, retryAt: retryAt), at: $1) }
        }
        // What is known now is worth publishing, though it may be old.
        if failure.kind != .refused || plan.isFirstRoundOver { store.update { snapshot, _ in snapshot.becomeReady() } }
    }

    /// A call of a command failed, and is made again later. A limit holds for readings, too.
    private mutating func callFailed(_ failure: CloudFailure) {
        guard failure.kind == .rateLimited else {
            reader.logger.warning("A command waits for the cloud", metadata: ["reason": "\(failure.sentence)"])
            return
        }
        let wall = reader.clock.now
        let pause = failure.retryAt.map { max(.zero, wall.duration(to: $0)) } ?? .zero
        plan.bar(for: pause, at: now)
        store.update { $0.apply(failure, retryAt: wall + pause, at: $1) }
        if outage.continues(failure, at: now, retryAt: wall + pause, logger: reader.logger) {
            store.update { $0.report(.outageBegan(failure, retryAt: wall + pause), at: $1) }
        }
    }

    /// A failure here affects nothing else: temperatures are shown to half a degree.
    private mutating func temperaturesFailed(_ failure: CloudFailure) {
        plan.temperaturesEnded()
        store.update { snapshot, _ in snapshot.apply([:]) }
        reader.logger.log(
            level: arePrecisionReadingsFailing ? .debug : .notice,
            "Temperatures are shown to half a degree only",
            metadata: ["reason": "\(failure.sentence)", "retry_at": "\(failure.retryAt?.description ?? "unknown")"]
        )
        arePrecisionReadingsFailing = true
    }

    private mutating func conclude(_ conclusions: [CommandFollower.Conclusion]) {
        for conclusion in conclusions { outcomes.removeValue(forKey: conclusion.id)?.keep(conclusion.outcome) }
    }

    /// Ends the wait of those who have everything that they wanted, or for whom something failed.
    private mutating func settle(_ reading: Reading, _ failure: CloudFailure?) {
        for index in waiters.indices {
            guard waiters[index].missing.remove(reading) != nil else { continue }
            if let failure {
                waiters[index].missing = []
                waiters[index].promise.keep(failure)
            } else if waiters[index].missing.isEmpty {
                waiters[index].promise.keep(nil)
            }
        }
        waiters.removeAll(where: \.missing.isEmpty)
    }

    /// Schedules that were read one after another are kept together in the pause after them, so that a disk is written once.
    private func keepSchedules(ifPauseUntil next: Uptime?, in group: inout DiscardingTaskGroup) {
        guard next.map({ now.duration(to: $0) > .seconds(5) }) ?? true,
            let schedules = store.take({ $0.takeUnsavedSchedules() })
        else { return }
        group.addTask { [memory = reader.memory] in await memory.remember(schedules) }
    }

    /// Whoever asks once must not overwrite what a bridge knows that runs beside it.
    private var keepsChanges: Bool { reader.settings.polls }

    /// Changes are kept at once, so that a crash loses none; those that come meanwhile are kept together.
    private mutating func keepChanges(in group: inout DiscardingTaskGroup) {
        guard keepsChanges, !isKeepingChanges, let memory = reader.changes,
            let changes = store.take({ $0.takeUnsavedChanges() })
        else { return }
        isKeepingChanges = true
        group.addTask { [input = reader.input] in
            await memory.remember(changes)
            input.yield(.keptChanges)
        }
    }
}

extension Reading {
    /// Whether it counts for the health of the loop. API v1 holds up nothing, so it may hang.
    fileprivate var isWatched: Bool { self != .temperatures }
}
