import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import TCCClient

/// The account for a command that does one thing and ends: the installation comes from the state file, statuses from the
/// cloud. A bridge may run beside it on the same state file.
struct OneShotSession: Sendable {
    let account: CloudAccount
    let cloud: TCCClient
    let store: SnapshotStore
    let executor: CommandExecutor
    let clock = SystemClock()
    private let settings: Settings

    private init(_ account: CloudAccount, _ settings: Settings) {
        self.account = account
        self.settings = settings
        cloud = account.client
        store = SnapshotStore(settings: settings.snapshot, clock: clock)
        executor = CommandExecutor(cloud: cloud, store: store, expiry: settings.commands.expiry, clock: clock)
    }

    /// Opens a session for as long as `body` runs. Refusals become a sentence and an exit code.
    static func with<Result>(_ settings: Settings, _ body: (OneShotSession) async throws -> Result) async throws -> Result {
        do {
            return try await CloudAccount.with(settings) { account in
                let session = OneShotSession(account, settings)
                try await session.begin()
                let result = try await body(session)
                if let schedules = session.store.update({ snapshot, _ in snapshot.takeUnsavedSchedules() }) {
                    await account.state.remember(schedules)
                }
                return result
            }
        } catch let refusal as Refusal {
            throw Failure(.badData, refusal.message)
        } catch let problems as BackupProblems {
            throw Failure(.badData, problems.description)
        }
    }

    // MARK: - The installation

    private func begin() async throws {
        let schedules = account.state.schedules()
        store.update { snapshot, _ in snapshot.restore(schedules) }
        guard let remembered, remembered.read + settings.cloud.installationInterval > clock.now else {
            return try await readInstallation()
        }
        serve(remembered.installation)
    }

    private var remembered: RememberedInstallation? { account.state.installation() }

    private func readInstallation() async throws {
        let installation = try await cloud.installation(of: remembered?.installation.accountID)
        await account.state.remember(RememberedInstallation(installation: installation, read: clock.now))
        serve(installation)
    }

    private func serve(_ installation: Installation) {
        let served = installation.limited(to: settings.cloud.locations)
        store.update { snapshot, _ in snapshot.apply(served) }
    }

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
            try await readInstallation()
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
        let reading = store.update { snapshot, _ in snapshot.beginReading() }
        let status = try await cloud.status(of: location)
        store.update { $0.apply(status, of: reading, at: $1) }
    }
}
