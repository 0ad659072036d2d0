public import Basics
public import BridgeCore
public import HeatingModel

/// Writes the schedules of a backup, one after another, each to its outcome. Schedules that are already set are left alone,
/// so a restore that was cut short can simply be repeated. Days that a schedule does not name stay as they are.
public struct ScheduleRestore: Sendable {
    /// Carries out one command, to its outcome.
    public typealias CarryOut = @Sendable (Command) async throws(CloudFailure) -> Outcome

    /// How one schedule ended.
    public struct Step: Sendable {
        /// The vendor's id of the zone or hot water.
        public var id: String
        public var name: String
        public var ending: Ending
    }

    public enum Ending: Equatable, Sendable {
        case written
        case alreadySet
        /// It was refused, or the cloud accepted it and it did not take effect.
        case failed(Outcome)
        /// The cloud was not reached.
        case unreached(CloudFailure)
        /// It has no target.
        case misplaced(Refusal)
    }

    private let reader: CloudReader
    private let store: SnapshotStore
    private let clock: any WallClock
    private let carryOut: CarryOut

    public init(reader: CloudReader, store: SnapshotStore, clock: any WallClock, carryOut: @escaping CarryOut) {
        self.reader = reader
        self.store = store
        self.clock = clock
        self.carryOut = carryOut
    }

    /// Restores all of a backup, and goes on after a failure.
    ///
    /// - Parameters:
    ///   - backup: Looked at as a whole before anything is written.
    ///   - progress: Called before each schedule with its number, from 1, and the number of all.
    /// - Returns: How each ended, in the order of the backup.
    /// - Throws: ``BackupProblems`` if a schedule has no owner or is not allowed. Nothing was written then.
    public func run(
        _ backup: ScheduleBackup,
        progress: (NamedTarget, Int, Int) -> Void = { _, _, _ in }
    ) async throws(BackupProblems) -> [Step] {
        await write(try await checked(backup), progress: progress)
    }

    /// Restores what can be restored of a backup, whatever is wrong with the rest of it.
    ///
    /// - Returns: How each schedule ended: first those without a target, then the others in the order of the backup.
    func runEach(
        of backup: ScheduleBackup,
        in installation: Installation,
        progress: (NamedTarget, Int, Int) -> Void = { _, _, _ in }
    ) async -> [Step] {
        var placements: [ScheduleBackup.Placement] = []
        var steps: [Step] = []
        for (entry, placement) in backup.entriesWithPlacements(in: installation) {
            switch placement {
            case .success(let placement): placements.append(placement)
            case .failure(let refusal):
                steps.append(Step(id: entry.id, name: entry.name, ending: .misplaced(refusal)))
            }
        }
        return steps + (await write(placements, progress: progress))
    }

    private func write(
        _ placements: [ScheduleBackup.Placement],
        progress: (NamedTarget, Int, Int) -> Void
    ) async -> [Step] {
        var steps: [Step] = []
        for (index, placement) in placements.enumerated() {
            let named = placement.named
            progress(named, index + 1, placements.count)
            if index > 0 { try? await clock.sleep(for: CloudReader.pauseBetweenSchedules) }
            steps.append(Step(id: named.id, name: named.name, ending: await restore(placement)))
        }
        return steps
    }

    private func checked(_ backup: ScheduleBackup) async throws(BackupProblems) -> [ScheduleBackup.Placement] {
        guard let installation = store.installation else {
            throw BackupProblems([Refusal.installationUnknown.message])
        }
        let placements = try backup.placements(in: installation)
        var problems: [String] = []
        for placement in placements {
            // Some days alone are checked together with the others.
            if !placement.schedule.isComplete { try? await reader.read([.schedule(placement.named.target)]) }
            guard let refusal = refusal(of: placement) else { continue }
            // Some thermostats have schedules that cannot be written, of two days for example. They stay as they are.
            if (try? await isSet(placement)) == true { continue }
            problems.append("\(placement.named.name): \(refusal.message)")
        }
        guard problems.isEmpty else { throw BackupProblems(problems) }
        return placements
    }

    private func refusal(of placement: ScheduleBackup.Placement) -> Refusal? {
        guard let site = store.site(of: placement.named.target.systemID) else { return nil }
        do throws(Refusal) {
            try placement.schedule.action.check(placement.named.target, in: site)
            return nil
        } catch {
            return error
        }
    }

    private func restore(_ placement: ScheduleBackup.Placement) async -> Ending {
        do throws(CloudFailure) {
            if try await isSet(placement) { return .alreadySet }
            let outcome = try await carryOut(command(placement))
            return outcome.kind == .succeeded ? .written : .failed(outcome)
        } catch {
            return .unreached(error)
        }
    }

    /// Reads the present schedule.
    private func isSet(_ placement: ScheduleBackup.Placement) async throws(CloudFailure) -> Bool {
        let target = placement.named.target
        try await reader.read([.schedule(target)], afresh: true)
        return placement.schedule.isSet(in: AnySchedule(of: target, in: store.schedules))
    }

    private func command(_ placement: ScheduleBackup.Placement) -> Command {
        let target = placement.named.target
        let topic = store.layout?.scheduleTopic(of: target) ?? ""
        return Command(
            id: 0,
            target: target,
            action: placement.schedule.action,
            sender: Command.Sender(subject: topic, requested: placement.schedule.json),
            received: clock.uptime
        )
    }
}
