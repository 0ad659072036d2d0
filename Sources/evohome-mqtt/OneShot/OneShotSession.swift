import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import TCCClient

/// The account for a command that does one thing and ends: the installation comes from the state file, statuses from the
/// cloud. A bridge may run beside it on the same state file.
struct OneShotSession: Sendable {
    let account: CloudAccount
    let reader: CloudReader
    let store: SnapshotStore
    let executor: CommandExecutor
    let clock = EventLoopClock()
    private let settings: Settings

    private init(_ account: CloudAccount, _ settings: Settings) {
        self.account = account
        self.settings = settings
        store = SnapshotStore(settings: settings.snapshot, clock: clock)
        reader = CloudReader(
            cloud: account.client,
            store: store,
            memory: account.state,
            changes: BridgeChangeMemory(state: account.state, base: settings.mqtt.baseTopic),
            counts: LoopCounts(),
            intervals: settings.cloud.intervals,
            settings: CloudReader.Settings(locations: settings.cloud.locations, polls: false),
            clock: clock,
            logger: account.logs.logger(for: "read")
        )
        executor = CommandExecutor(
            cloud: account.client,
            reader: reader,
            store: store,
            expiry: settings.commands.expiry,
            clock: clock
        )
    }

    /// Opens a session for as long as `body` runs. Refusals become a sentence and an exit code.
    static func with<Result: Sendable>(
        _ settings: Settings,
        _ body: (OneShotSession) async throws -> Result
    ) async throws -> Result {
        do {
            return try await CloudAccount.with(settings) { account in
                let session = OneShotSession(account, settings)
                return try await withThrowingDiscardingTaskGroup { group in
                    group.addTask { try await session.reader.run() }
                    defer { group.cancelAll() }
                    try await session.readInstallationIfOld()
                    let result = try await body(session)
                    if let schedules = session.store.update({ snapshot, _ in snapshot.takeUnsavedSchedules() }) {
                        await account.state.remember(schedules)
                    }
                    return result
                }
            }
        } catch let refusal as Refusal {
            throw Failure(.badData, refusal.message)
        } catch let problems as BackupProblems {
            throw Failure(.badData, problems.description)
        } catch let failure as NamedSchedules.Failure {
            throw Failure(failure)
        }
    }

    // MARK: - The installation

    private func readInstallationIfOld() async throws(CloudFailure) {
        guard let remembered, remembered.read + settings.cloud.installationInterval > clock.now else {
            return try await reader.read([.installation])
        }
        try await reader.read([])
    }

    private var remembered: RememberedInstallation? { account.state.installation() }

    /// Finds what a person names. A name that the state file does not know may be new: then the installation is read again.
    ///
    /// - Parameter location: The location's name; `nil` to search all.
    func find(
        in location: String?,
        _ search: (TargetFinder) throws(Refusal) -> NamedTarget
    ) async throws -> NamedTarget {
        do throws(Refusal) {
            return try search(try finder(in: location))
        } catch {
            guard remembered != nil else { throw error }
            try await reader.read([.installation])
            return try search(try finder(in: location))
        }
    }

    private func finder(in location: String?) throws(Refusal) -> TargetFinder {
        guard let installation = store.installation, let layout = store.layout else {
            throw Refusal(.unknownTarget, "The account has no locations.")
        }
        return try TargetFinder(installation, layout: layout, location: location)
    }

    // MARK: - Statuses

    var locations: [Location] { store.installation?.locations ?? [] }

    /// Every control system, in order.
    var sites: [Site] { store.sites }

    func readStatus(of location: Location) async throws(CloudFailure) {
        try await reader.read([.status(location.id)])
    }

    /// Reads the status of every location. One that cannot be read does not hide the others. An installation that the
    /// statuses contradict is read again, once.
    ///
    /// - Returns: The first failure.
    func readStatuses() async -> CloudFailure? {
        let failures = await readMissingStatuses()
        guard failures.contains(where: \.isNotFound) || store.isInstallationContradicted else { return failures.first }
        do throws(CloudFailure) {
            try await reader.read([.installation])
        } catch {
            return failures.first
        }
        return await readMissingStatuses().first
    }

    /// - Returns: Why some could not be read.
    private func readMissingStatuses() async -> [CloudFailure] {
        let missing = Set(sites.filter { $0.status == nil }.map(\.location.id))
        var failures: [CloudFailure] = []
        for location in locations where missing.contains(location.id) {
            do throws(CloudFailure) {
                try await readStatus(of: location)
            } catch {
                failures.append(error)
            }
        }
        return failures
    }
}
