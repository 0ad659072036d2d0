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
        public var named: NamedTarget
        public var ending: Ending
    }

    public enum Ending: Equatable, Sendable {
        case written
        case alreadySet
        /// It was refused, or the cloud accepted it and it did not take effect.
        case failed(Outcome)
        /// The cloud was not reached.
        case unreached(CloudFailure)
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
        let placements = try await checked(backup)
        var steps: [Step] = []
        for (index, placement) in placements.enumerated() {
            progress(placement.named, index + 1, placements.count)
            if index > 0 { try? await clock.sleep(for: CloudReader.pauseBetweenSchedules) }
            steps.append(Step(named: placement.named, ending: await restore(placement)))
        }
        return steps
    }

    private func checked(_ backup: ScheduleBackup) async throws(BackupProblems) -> [ScheduleBackup.Placement] {
        guard let installation = store.installation else {
            throw BackupProblems(["The installation is not known yet."])
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
        try await reader.read([.schedule(target)])
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
