import Basics
import BridgeCore
import BridgeServices
import HeatingModel

/// An account's homes for a command that does one thing: what there is comes from the state file, how it is from the
/// cloud. A bridge may run beside it on the same state file.
struct OneShotSession: Sendable {
    let account: CloudAccount
    let cloud: CloudClient
    let homes: SnapshotStore
    let executor: CommandExecutor
    let clock = SystemClock()
    private let settings: Settings

    private init(_ account: CloudAccount, _ settings: Settings) {
        self.account = account
        self.settings = settings
        cloud = CloudClient(client: account.client, tokens: account.tokens)
        homes = SnapshotStore(settings: settings.homes, clock: clock)
        executor = CommandExecutor(cloud: cloud, homes: homes, expiry: settings.commands.expiry, clock: clock)
    }

    /// Makes a visit for as long as `body` runs; what is refused becomes a sentence and an exit code.
    static func with<Result>(_ settings: Settings, _ body: (OneShotSession) async throws -> Result) async throws -> Result {
        do {
            return try await CloudAccount.with(settings) { account in
                let visit = OneShotSession(account, settings)
                try await visit.begin()
                let result = try await body(visit)
                if let schedules = visit.homes.takeUnsavedSchedules() { await account.state.remember(schedules) }
                return result
            }
        } catch let refusal as Refusal {
            throw Failure(.badData, refusal.message)
        } catch let problems as BackupProblems {
            throw Failure(.badData, problems.description)
        }
    }

    // MARK: - What there is

    private func begin() async throws {
        homes.restore(account.state.schedules())
        guard let remembered, remembered.read + settings.cloud.installationInterval > clock.now else {
            return try await readInstallation()
        }
        homes.apply(remembered.installation.limited(to: settings.cloud.locations))
    }

    private var remembered: RememberedInstallation? { account.state.installation() }

    private func readInstallation() async throws {
        let installation = try await cloud.installation(of: remembered?.installation.accountID)
        await account.state.remember(RememberedInstallation(installation: installation, read: clock.now))
        homes.apply(installation.limited(to: settings.cloud.locations))
    }

    /// Finds what a person names. What is not there as the state file has it may be new, and is looked for once more.
    ///
    /// - Parameter location: What the location is called; `nil` to look in all.
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
        guard let installation = homes.installation, let layout = homes.layout else {
            throw Refusal(.unknownTarget, "The account has no homes.")
        }
        return try TargetFinder(installation, layout: layout, location: location)
    }

    // MARK: - How it is

    var locations: [Location] { homes.installation?.locations ?? [] }

    /// Every control system, in order.
    var sites: [Site] { homes.installation?.systems.compactMap { homes.site(of: $0.system.id) } ?? [] }

    func readStatus(of location: Location) async throws(CloudFailure) {
        let reading = homes.beginReading()
        homes.apply(try await cloud.status(of: location), of: reading)
    }
}
