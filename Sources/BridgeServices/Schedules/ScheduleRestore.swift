public import Basics
public import BridgeCore
public import HeatingModel

/// Writes the weeks of a backup, one after another, each to its end. What is so already is left alone, so that a restore
/// that was cut short can simply be repeated.
public struct ScheduleRestore: Sendable {
    /// Carries out one command, to its outcome.
    public typealias CarryOut = @Sendable (Command) async throws(CloudFailure) -> Outcome

    /// What came of one week.
    public struct Step: Sendable {
        public var named: NamedTarget
        public var ending: Ending
    }

    public enum Ending: Equatable, Sendable {
        case written
        case alreadySo
        /// The cloud took it, and it did not come to be, or the zone does not take it.
        case failed(Outcome)
        /// The cloud was not told.
        case unreached(CloudFailure)
    }

    private let cloud: any Cloud
    private let homes: SnapshotStore
    private let clock: any WallClock
    private let carryOut: CarryOut

    public init(cloud: any Cloud, homes: SnapshotStore, clock: any WallClock, carryOut: @escaping CarryOut) {
        self.cloud = cloud
        self.homes = homes
        self.clock = clock
        self.carryOut = carryOut
    }

    /// Restores all of a backup, and goes on after a failure.
    ///
    /// - Parameters:
    ///   - backup: Looked at as a whole before anything is written.
    ///   - progress: Called before each week with its place in the order, from 1, and the number of all.
    /// - Returns: What came of each, in the order of the backup.
    /// - Throws: ``BackupProblems`` where a week belongs nowhere or may not be so. Then nothing was written.
    public func run(
        _ backup: ScheduleBackup,
        progress: (NamedTarget, Int, Int) -> Void = { _, _, _ in }
    ) async throws(BackupProblems) -> [Step] {
        let placements = try await checked(backup)
        var steps: [Step] = []
        for (index, placement) in placements.enumerated() {
            progress(placement.named, index + 1, placements.count)
            if index > 0 { try? await clock.sleep(for: pauseBetweenSchedules) }
            steps.append(Step(named: placement.named, ending: await restore(placement)))
        }
        return steps
    }

    private func checked(_ backup: ScheduleBackup) async throws(BackupProblems) -> [ScheduleBackup.Placement] {
        guard let installation = homes.installation else {
            throw BackupProblems(["It is not known what homes there are."])
        }
        let placements = try backup.placements(in: installation)
        var problems: [String] = []
        for placement in placements {
            guard let refusal = refusal(of: placement) else { continue }
            // Thermostats have weeks that nobody could write, of two days for example. They do no harm where they are.
            if (try? await isSo(placement)) == true { continue }
            problems.append("\(placement.named.name): \(refusal.message)")
        }
        guard problems.isEmpty else { throw BackupProblems(problems) }
        return placements
    }

    private func refusal(of placement: ScheduleBackup.Placement) -> Refusal? {
        guard let site = homes.site(of: placement.named.target.systemID) else { return nil }
        do throws(Refusal) {
            try placement.week.order.check(placement.named.target, in: site)
            return nil
        } catch {
            return error
        }
    }

    private func restore(_ placement: ScheduleBackup.Placement) async -> Ending {
        do throws(CloudFailure) {
            if try await isSo(placement) { return .alreadySo }
            let outcome = try await carryOut(command(placement))
            return outcome.kind == .succeeded ? .written : .failed(outcome)
        } catch {
            return .unreached(error)
        }
    }

    /// Reads the week that is there now.
    private func isSo(_ placement: ScheduleBackup.Placement) async throws(CloudFailure) -> Bool {
        let target = placement.named.target
        try await homes.readSchedule(of: target, from: cloud)
        return ScheduleBackup.Week(of: target, in: homes.schedules) == placement.week
    }

    private func command(_ placement: ScheduleBackup.Placement) -> Command {
        let target = placement.named.target
        let topic = homes.layout?.scheduleTopic(of: target) ?? ""
        return Command(
            id: 0,
            target: target,
            order: placement.week.order,
            sender: Command.Sender(subject: topic, requested: placement.week.json),
            received: clock.now
        )
    }
}
