import Basics
import BridgeCore
import HeatingModel
import TestBasics
import TestSupport
import Testing

@testable import BridgeServices

@Suite("Schedules under names", .timeLimit(.minutes(1)))
struct NamedSchedulesTests {
    private let clock = ManualClock()
    private let cloud = ScriptedCloud(schedules: [
        Cottage.kitchen: Cottage.schedule(18), Cottage.hall: Cottage.schedule(18),
    ])
    private let library = FleetingLibrary()
    private let store: SnapshotStore
    private let reader: CloudReader
    private let named: NamedSchedules
    private let restore: ScheduleRestore
    private let winter: ScheduleLibrary.Name

    init() throws {
        store = SnapshotStore(clock)
        store.apply(Cottage.installation())
        store.apply(Cottage.status(), clock)
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let executor = CommandExecutor(cloud: cloud, reader: reader, store: store, expiry: .seconds(600), clock: clock)
        restore = ScheduleRestore(reader: reader, store: store, clock: clock) { command throws(CloudFailure) in
            try await executor.carryOut(command)
        }
        named = NamedSchedules(library: library, reader: reader, store: store)
        self.reader = reader
        winter = try ScheduleLibrary.Name("winter")
    }

    private func save() async throws -> NamedSchedules.Saved {
        try await passing(clock) { try await named.save(as: winter, at: clock.now) }
    }

    private func apply(_ zones: [String]? = nil) async throws -> [String: ScheduleRestore.Ending] {
        let steps = try await passing(clock) { try await named.apply(winter, to: zones, by: restore) }
        return Dictionary(uniqueKeysWithValues: steps.map { ($0.name, $0.ending) })
    }

    private func failure(_ body: () async throws -> Void) async -> NamedSchedules.Failure? {
        do {
            try await body()
            return nil
        } catch {
            return error as? NamedSchedules.Failure
        }
    }

    @Test("Only what differs is written, and a failure does not stop the rest")
    func onlyWhatDiffers() async throws {
        try await running(reader) {
            let saved = try await save()
            #expect(!saved.isReplaced && saved.steps.map(\.saving) == [.saved, .saved])
            #expect(try await apply() == ["Kitchen": .alreadySet, "Hall": .alreadySet])
            cloud.has(Cottage.schedule(20), of: Cottage.kitchen)
            cloud.has(Cottage.schedule(20), of: Cottage.hall)
            let outage = CloudFailure(.unreachable, "The cloud answered 503.")
            cloud.fails(outage, at: .zoneSchedule(Cottage.kitchen))
            #expect(try await apply() == ["Kitchen": .unreached(outage), "Hall": .written])
            #expect(cloud.schedules == [Cottage.kitchen: Cottage.schedule(20), Cottage.hall: Cottage.schedule(18)])
            cloud.fails(nil, at: .zoneSchedule(Cottage.kitchen))
            #expect(try await apply(["KITCHEN"]) == ["Kitchen": .written])
        }
    }

    @Test("A zone that is gone, or takes the schedule no more, is told beside the others")
    func gone() async throws {
        try await running(reader) {
            _ = try await save()
            var location = Cottage.location()
            location.systems[0].zones.removeAll { $0.id == Cottage.hall }
            location.systems[0].zones[0].setpoint.minimum = 19
            store.apply(Cottage.installation(location))
            cloud.has(Cottage.schedule(20), of: Cottage.kitchen)
            let endings = try await apply()
            let words = "nothing has this id or name; known names: Kitchen."
            #expect(endings["Hall"] == .misplaced(Refusal(.unknownTarget, words)))
            guard case .failed(let outcome)? = endings["Kitchen"] else {
                Issue.record("\(endings)")
                return
            }
            #expect(outcome.kind == .rejected && outcome.code == "out_of_range")
        }
    }

    @Test("A zone that is not known, or was not saved, is refused before anything is written")
    func words() async throws {
        cloud.has(nil, of: Cottage.hall)
        try await running(reader) {
            let saved = try await save()
            #expect(saved.steps.map(\.saving) == [.saved, .absent])
            cloud.has(Cottage.schedule(20), of: Cottage.kitchen)
            let absent = await failure { _ = try await apply(["kitchen", "hall"]) }
            #expect(absent?.sentence == "\"winter\" has no schedule for Hall; it has: Kitchen.")
            let unknown = await failure { _ = try await apply(["kitchen", "cellar"]) }
            #expect(unknown?.sentence == "There is no zone \"cellar\"; known zones: Kitchen and Hall.")
            let hotWater = await failure { _ = try await apply(["hot-water"]) }
            #expect(hotWater?.sentence == "There is no hot water.")
            #expect(cloud.count(.zoneSchedule(Cottage.kitchen)) == 0)
        }
    }

    @Test("Nothing is replaced by what could not be read, or cannot be kept")
    func failures() async throws {
        try await running(reader) {
            _ = try await save()
            let outage = CloudFailure(.unreachable, "The cloud answered 503.")
            cloud.fails(outage)
            #expect(await failure { _ = try await save() } == .unreached(outage))
            cloud.fails(nil)
            let refusal = CloudFailure(.refused, "The cloud answered 400.")
            cloud.fails(refusal, at: .schedule(Cottage.hall))
            let saved = try await save()
            #expect(saved.isReplaced && saved.steps.map(\.saving) == [.saved, .refused(refusal)])
            cloud.fails(nil, at: .schedule(Cottage.hall))
            cloud.has(nil, of: Cottage.kitchen)
            cloud.has(nil, of: Cottage.hall)
            #expect(await failure { _ = try await save() }?.sentence.contains("nothing to save") == true)
            #expect(try await library.read().all.map(\.saved.schedules.entries.count) == [1])
            let full = StorageFailure(sentence: "The disk is full.", isInUse: false)
            library.fails(full)
            cloud.has(Cottage.schedule(20), of: Cottage.kitchen)
            #expect(await failure { _ = try await save() } == .storage(full))
            #expect(await failure { _ = try await apply() } == .storage(full))
        }
    }
}
