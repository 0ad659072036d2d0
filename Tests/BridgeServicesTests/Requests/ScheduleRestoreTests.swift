import Basics
import BridgeCore
import HeatingModel
import TestBasics
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Restoring schedules", .timeLimit(.minutes(1)))
struct ScheduleRestoreTests {
    private let clock = ManualClock()
    private let cloud = ScriptedCloud(schedules: [
        Cottage.kitchen: Cottage.schedule(18), Cottage.hall: Cottage.schedule(18),
    ])
    private let store: SnapshotStore

    init() {
        store = SnapshotStore(clock)
        store.apply(Cottage.installation())
        store.apply(Cottage.status(), clock)
    }

    private func backup(
        kitchen: Schedule<Temperature>,
        hall: Schedule<Temperature>,
        hallID: String = "5"
    ) -> ScheduleBackup {
        ScheduleBackup(entries: [
            .init(id: "4", name: "Kitchen", location: nil, schedule: .zone(kitchen)),
            .init(id: hallID, name: "Hall of old", location: nil, schedule: .zone(hall)),
        ])
    }

    private func restore(_ backup: ScheduleBackup) async throws -> [ScheduleRestore.Ending] {
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let executor = CommandExecutor(cloud: cloud, reader: reader, store: store, expiry: .seconds(600), clock: clock)
        let restore = ScheduleRestore(reader: reader, store: store, clock: clock) { command throws(CloudFailure) in
            try await executor.carryOut(command)
        }
        var endings: [ScheduleRestore.Ending] = []
        try await running(reader) {
            endings = try await passing(clock) { try await restore.run(backup).map(\.ending) }
        }
        return endings
    }

    private var written: [ZoneID] {
        cloud.calls.compactMap { if case .zoneSchedule(let zone) = $0 { zone } else { nil } }
    }

    @Test("Schedules are written one after another, unless they are already set")
    func written() async throws {
        let (old, new) = (Cottage.schedule(18), Cottage.schedule(20))
        #expect(try await restore(backup(kitchen: new, hall: old)) == [.written, .alreadySet])
        #expect(cloud.schedules == [Cottage.kitchen: new, Cottage.hall: old])
        #expect(store.schedules[Cottage.kitchen] == .known(new))
        #expect(try await restore(backup(kitchen: new, hall: old)) == [.alreadySet, .alreadySet])
        #expect(written == [Cottage.kitchen])
    }

    @Test("It goes on after a failure, and a second restore writes the rest")
    func failures() async throws {
        let (old, new) = (Cottage.schedule(18), Cottage.schedule(20))
        let outage = CloudFailure(.unreachable, "The cloud answered 503.")
        cloud.fails(outage, at: .zoneSchedule(Cottage.kitchen))
        #expect(try await restore(backup(kitchen: new, hall: new)) == [.unreached(outage), .written])
        #expect(cloud.schedules == [Cottage.kitchen: old, Cottage.hall: new])
        cloud.fails(nil, at: .zoneSchedule(Cottage.kitchen))
        #expect(try await restore(backup(kitchen: new, hall: new)) == [.written, .alreadySet])
        #expect(written == [Cottage.kitchen, Cottage.hall, Cottage.kitchen])
    }

    @Test("A schedule that the gateway does not carry out has failed")
    func lostTask() async throws {
        cloud.losesTasks(of: Cottage.kitchen)
        let endings = try await restore(backup(kitchen: Cottage.schedule(20), hall: Cottage.schedule(20)))
        let lost = Outcome(.failed, code: "task_failed", message: "The gateway did not carry it out.")
        #expect(endings == [.failed(lost), .written])
    }

    @Test("Nothing is written if one schedule is not allowed or has no owner")
    func validation() async throws {
        let new = Cottage.schedule(20)
        let empty = Schedule<Temperature>(days: [.monday: []])
        for (backup, words) in [
            (backup(kitchen: new, hall: empty), "Hall: Monday has no switchpoints"),
            (backup(kitchen: new, hall: Cottage.schedule(99)), "Hall: Monday, switchpoint 1 (07:00): 99.0"),
            (backup(kitchen: new, hall: new, hallID: "6"), "\"Hall of old\" (6): nothing has this id or name"),
        ] {
            let problems = await #expect(throws: BackupProblems.self) { _ = try await restore(backup) }
            #expect(problems?.description.contains(words) == true, "\(problems?.description ?? "-")")
        }
        #expect(written == [])
    }

    @Test("Days that a schedule does not name stay as they are")
    func someDays() async throws {
        let mondays = Cottage.schedule(20, days: [.monday])
        let mixed = Cottage.schedule(18).replacingDays(with: mondays)
        #expect(try await restore(backup(kitchen: mondays, hall: Cottage.schedule(18))) == [.written, .alreadySet])
        #expect(cloud.schedules[Cottage.kitchen] == mixed)
        #expect(try await restore(backup(kitchen: mondays, hall: Cottage.schedule(18))) == [.alreadySet, .alreadySet])
        #expect(written == [Cottage.kitchen])
    }

    @Test("Some days are refused where the cloud has no others, before anything is written")
    func someDaysAlone() async throws {
        let cloud = ScriptedCloud(schedules: [Cottage.kitchen: Cottage.schedule(18)])
        let mondays = Cottage.schedule(20, days: [.monday])
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let restore = ScheduleRestore(reader: reader, store: store, clock: clock) { _ throws(CloudFailure) in
            .superseded
        }
        let backup = backup(kitchen: Cottage.schedule(20), hall: mondays)
        try await running(reader) {
            let problems = await #expect(throws: BackupProblems.self) {
                _ = try await passing(clock) { try await restore.run(backup) }
            }
            #expect(problems?.sentences == ["Hall: There is no schedule yet, so all seven days are needed."])
        }
    }

    @Test("A schedule that cannot be written does no harm if it is already set")
    func twoDays() async throws {
        let twoDays = Cottage.schedule(18, days: [.monday, .saturday])
        let cloud = ScriptedCloud(schedules: [Cottage.kitchen: twoDays, Cottage.hall: Cottage.schedule(18)])
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let restore = ScheduleRestore(reader: reader, store: store, clock: clock) { _ throws(CloudFailure) in
            .superseded
        }
        let backup = backup(kitchen: twoDays, hall: Cottage.schedule(18))
        try await running(reader) {
            let endings = try await passing(clock) { try await restore.run(backup).map(\.ending) }
            #expect(endings == [.alreadySet, .alreadySet])
        }
    }
}
