public import Basics
import BridgeCore
import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle

/// Reads the cloud, again and again, and puts what it says into ``SnapshotStore``.
public struct PollService: Service {
    private let cloud: any Cloud
    private let store: SnapshotStore
    private let memory: any Memory
    private let clock: any WallClock
    private let logger: Logger
    private let pace: PollPace
    private let refreshes: RefreshRequests
    private let counts: LoopCounts
    private let precision: HighPrecisionService?
    private let settings: Settings

    /// One step is one call, which may wait for the lock of the state file, a refresh, a login, and be made twice.
    public let pulse = LoopPulse("poll", limit: .seconds(600))

    public struct Settings: Sendable {
        /// Ids or names of locations to serve; none for all.
        public var locations: [String]

        public init(locations: [String]) {
            self.locations = locations
        }
    }

    /// - Parameter precision: Told of every status; `nil` where half degrees do.
    public init(
        cloud: any Cloud,
        store: SnapshotStore,
        memory: any Memory,
        pace: PollPace,
        refreshes: RefreshRequests,
        counts: LoopCounts,
        precision: HighPrecisionService? = nil,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        self.cloud = cloud
        self.store = store
        self.memory = memory
        self.pace = pace
        self.refreshes = refreshes
        self.counts = counts
        self.precision = precision
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await poll()
        }
        refreshes.end()
    }

    /// What one run of the loop remembers.
    private struct Progress {
        var plan: ReadingPlan
        var outage = Outage()
        var accountID: String?
        var randomness = SystemRandomNumberGenerator()
    }

    private func poll() async {
        let remembered = memory.installation()
        var progress = Progress(
            plan: ReadingPlan(intervals: pace.intervals, installationRead: remembered?.read, at: clock.now)
        )
        if pace.intervals.schedules != nil {
            let schedules = memory.schedules()
            store.update { snapshot, _ in snapshot.restore(schedules) }
        }
        precision?.recall()
        if let remembered { serve(remembered.installation, &progress) }
        while !Task.isCancelled {
            progress.plan.intervals = pace.intervals
            if refreshes.take() { progress.plan.refresh(at: clock.now) }
            let (reading, due) = progress.plan.next
            if due <= clock.now {
                pulse.works()
                await read(reading, &progress)
            } else {
                await rest(until: due, &progress)
            }
        }
        await keepSchedules()
    }

    /// A pause that ends a round of reading weeks: they are kept together, so that a disk is written once.
    private static let endOfRound = Duration.seconds(5)

    private func keepSchedules() async {
        if let schedules = store.take({ $0.takeUnsavedSchedules() }) { await memory.remember(schedules) }
    }

    private func rest(until due: Instant, _ progress: inout Progress) async {
        if progress.plan.isUpToDate(at: clock.now) { refreshes.answer() }
        let pause = clock.now.duration(to: due)
        if pause > Self.endOfRound { await keepSchedules() }
        pulse.rests(for: pause)
        await pace.wait(on: clock, until: due)
    }

    private func read(_ reading: ReadingPlan.Reading, _ progress: inout Progress) async {
        do throws(CloudFailure) {
            switch reading {
            case .installation: try await readInstallation(&progress)
            case .status(let id): try await readStatus(of: id, &progress)
            case .schedule(let target): try await store.readSchedule(of: target, from: cloud)
            }
            progress.plan.succeeded(reading, at: clock.now, using: &progress.randomness)
            if store.isWell, let length = progress.outage.ended(at: clock.now, logger: logger) {
                store.update { $0.report(.outageEnded(after: length), at: $1) }
            }
        } catch {
            guard error.kind != .cancelled else { return }
            failed(reading, error, &progress)
        }
        if progress.plan.isFirstRoundOver { store.update { snapshot, _ in snapshot.becomeReady() } }
    }

    private func failed(_ reading: ReadingPlan.Reading, _ failure: CloudFailure, _ progress: inout Progress) {
        let next = progress.plan.failed(reading, failure, at: clock.now, using: &progress.randomness)
        let retryAt = max(next, failure.retryAt ?? next)
        switch reading {
        // Everything that is shown stands, with or without a week.
        case .schedule where failure.kind == .refused: return
        case .status(let id): store.update { $0.apply(failure, of: id, retryAt: retryAt, at: $1) }
        case .schedule, .installation: store.update { $0.apply(failure, retryAt: retryAt, at: $1) }
        }
        counts.polled(succeeded: false)
        if progress.outage.continues(failure, at: clock.now, retryAt: retryAt, logger: logger) {
            store.update { $0.report(.outageBegan(failure, retryAt: retryAt), at: $1) }
        }
        refreshes.answer(failure)
        // What is known now is worth showing, though it may be old.
        if failure.kind != .refused { store.update { snapshot, _ in snapshot.becomeReady() } }
    }

    // MARK: - One reading

    private func readInstallation(_ progress: inout Progress) async throws(CloudFailure) {
        let installation = try await cloud.installation(of: progress.accountID)
        await memory.remember(RememberedInstallation(installation: installation, read: clock.now))
        serve(installation, &progress)
        logger.info(
            "Read the installation",
            metadata: [
                "locations": "\(installation.locations.count)",
                "zones": "\(installation.systems.map(\.system.zones.count).reduce(0, +))",
            ]
        )
    }

    private func serve(_ installation: Installation, _ progress: inout Progress) {
        let served = installation.limited(to: settings.locations)
        progress.accountID = installation.accountID
        store.update { snapshot, _ in snapshot.apply(served) }
        progress.plan.know(served, schedulesRead: store.schedules.read, at: clock.now)
    }

    private func readStatus(of id: LocationID, _ progress: inout Progress) async throws(CloudFailure) {
        guard let location = store.installation?.locations.first(where: { $0.id == id }) else { return }
        let reading = store.update { snapshot, _ in snapshot.beginReading() }
        let status = try await cloud.status(of: location)
        store.update { $0.apply(status, of: reading, at: $1) }
        counts.polled(succeeded: true)
        precision?.statusWasRead(of: id)
        let zones = status.systems.map(\.zones.count).reduce(0, +)
        logger.info("Read the status", metadata: ["location": "\(location.name)", "zones": "\(zones)"])
        if progress.plan.found(location.differences(from: status), in: id, at: clock.now) {
            logger.notice(
                "The status does not fit the installation, which is read again",
                metadata: ["location": "\(location.name)"]
            )
        }
    }
}
