import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import TestBasics
import TestSupport
import Testing

@Suite("Restoring weeks", .timeLimit(.minutes(1)))
struct ScheduleRestoreTests {
    private let hall: ZoneID = "5"
    private let clock = ManualClock()
    private let cloud: WeekKeeper
    private let homes: SnapshotStore

    init() async throws {
        let old = try Self.week(18)
        cloud = WeekKeeper(Cottage.location(), weeks: [Cottage.kitchen: old, hall: old])
        homes = Cottage.homes(clock)
        homes.apply(Cottage.installation())
        homes.apply(try await cloud.status(of: Cottage.location()), of: homes.beginReading())
    }

    private static func week(_ setpoint: Double, days: [Weekday] = Weekday.allCases) throws -> Schedule<Temperature> {
        let seven = Switchpoint(time: "07:00", value: setpoint)
        return Schedule(days: Dictionary(uniqueKeysWithValues: days.map { ($0, [seven]) }))
    }

    private func backup(
        kitchen: Schedule<Temperature>,
        hall week: Schedule<Temperature>,
        hall id: String = "5"
    ) -> ScheduleBackup {
        ScheduleBackup(entries: [
            .init(id: "4", name: "Kitchen", location: nil, week: .zone(kitchen)),
            .init(id: id, name: "Hall of old", location: nil, week: .zone(week)),
        ])
    }

    private func restore(_ backup: ScheduleBackup) async throws -> [ScheduleRestore.Ending] {
        let executor = CommandExecutor(cloud: cloud, homes: homes, expiry: .seconds(600), clock: clock)
        let restore = ScheduleRestore(cloud: cloud, homes: homes, clock: clock) { command throws(CloudFailure) in
            try await executor.carryOut(command)
        }
        return try await passing { try await restore.run(backup).map(\.ending) }
    }

    /// Lets time go by until it is done.
    private func passing<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result
    {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [clock] in
                while !Task.isCancelled {
                    clock.advance(by: .milliseconds(100))
                    await Task.yield()
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    @Test("Weeks are written one after another, and what is so already is left alone")
    func written() async throws {
        let (old, new) = (try Self.week(18), try Self.week(20))
        #expect(try await restore(backup(kitchen: new, hall: old)) == [.written, .alreadySo])
        #expect(cloud.weeks == [Cottage.kitchen: new, hall: old])
        #expect(homes.schedules[Cottage.kitchen] == .week(new))
        #expect(try await restore(backup(kitchen: new, hall: old)) == [.alreadySo, .alreadySo])
        #expect(cloud.written == [Cottage.kitchen])
    }

    @Test("It goes on after a failure, and a second time writes what is left")
    func failures() async throws {
        let (old, new) = (try Self.week(18), try Self.week(20))
        let outage = CloudFailure(.unreachable, "The cloud answered 503.")
        cloud.fails(outage, writing: Cottage.kitchen)
        #expect(try await restore(backup(kitchen: new, hall: new)) == [.unreached(outage), .written])
        #expect(cloud.weeks == [Cottage.kitchen: old, hall: new])
        cloud.fails(nil, writing: Cottage.kitchen)
        #expect(try await restore(backup(kitchen: new, hall: new)) == [.written, .alreadySo])
        #expect(cloud.written == [Cottage.kitchen, hall, Cottage.kitchen])
    }

    @Test("A week that the gateway does not take has failed")
    func lostTask() async throws {
        cloud.losesTasks(of: Cottage.kitchen)
        let endings = try await restore(backup(kitchen: try Self.week(20), hall: try Self.week(20)))
        let lost = Outcome(.failed, code: "task_failed", message: "The gateway did not take it.")
        #expect(endings == [.failed(lost), .written])
    }

    @Test("Nothing is written where one week may not be so, or belongs nowhere")
    func validation() async throws {
        let new = try Self.week(20)
        let short = try Self.week(20, days: [.monday])
        for (backup, words) in [
            (backup(kitchen: new, hall: short), "Hall: Tuesday is missing"),
            (backup(kitchen: new, hall: try Self.week(99)), "Hall: Monday, switchpoint 1 (07:00): 99.0"),
            (backup(kitchen: new, hall: new, hall: "6"), "\"Hall of old\" (6): nothing has this id or name"),
        ] {
            let problems = await #expect(throws: BackupProblems.self) { _ = try await restore(backup) }
            #expect(problems?.description.contains(words) == true, "\(problems?.description ?? "-")")
        }
        #expect(cloud.written == [])
    }

    @Test("A week that nobody could write does no harm where it is so already")
    func twoDays() async throws {
        let twoDays = try Self.week(18, days: [.monday, .saturday])
        let cloud = WeekKeeper(Cottage.location(), weeks: [Cottage.kitchen: twoDays, hall: try Self.week(18)])
        let homes = homes
        let restore = ScheduleRestore(cloud: cloud, homes: homes, clock: clock) { _ throws(CloudFailure) in .superseded
        }
        let backup = backup(kitchen: twoDays, hall: try Self.week(18))
        let endings = try await passing { try await restore.run(backup).map(\.ending) }
        #expect(endings == [.alreadySo, .alreadySo])
    }

    @Test("Every week is read for a backup; what the cloud refuses is told, and an outage ends it")
    func reading() async throws {
        let (cloud, homes, clock) = (cloud, homes, clock)
        let refusal = CloudFailure(.refused, "Not for this zone.")
        cloud.fails(refusal, reading: hall)
        let (read, refused) = try await passing { try await homes.readSchedules(from: cloud, clock: clock) }
        #expect(read.map(\.name) == ["Kitchen"])
        #expect(refused.map(\.failure) == [refusal])
        cloud.fails(CloudFailure(.unreachable, "Away."), reading: hall)
        await #expect(throws: CloudFailure.self) {
            _ = try await passing { try await homes.readSchedules(from: cloud, clock: clock) }
        }
    }
}
