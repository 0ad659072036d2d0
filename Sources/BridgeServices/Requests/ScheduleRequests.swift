import Basics
import BridgeCore
import HeatingModel

/// Answers the requests that are about the schedules of all zones and all hot water.
struct ScheduleRequests: Sendable {
    private let reader: CloudReader
    private let store: SnapshotStore
    private let library: any ScheduleLibraryStore
    private let named: NamedSchedules
    private let restore: ScheduleRestore
    private let clock: any WallClock

    /// - Parameter commands: Carries out each schedule that is written, and publishes its outcome beside its topic.
    init(
        reader: CloudReader,
        store: SnapshotStore,
        commands: CommandService,
        library: any ScheduleLibraryStore,
        clock: any WallClock
    ) {
        self.reader = reader
        self.store = store
        self.library = library
        self.clock = clock
        named = NamedSchedules(library: library, reader: reader, store: store)
        restore = ScheduleRestore(reader: reader, store: store, clock: clock) { command in
            await commands.carryOut(command)
        }
    }

    /// Reads all schedules again, and answers in the form that a restore takes.
    func backUp() async -> BridgeResponse.Result {
        guard let installation = store.installation else { return .error(Refusal.installationUnknown.message) }
        do throws(CloudFailure) {
            let (read, refused) = try await reader.readSchedules(of: installation.zonesAndHotWater)
            var backup = [JSONValue.Member("schedules", ScheduleBackup(store.schedules, of: read).json)]
            if !refused.isEmpty {
                let skipped = refused.map { Self.json($0.named.id, $0.named.name, $0.failure.sentence) }
                backup.append(JSONValue.Member("skipped", .array(skipped)))
            }
            return .ok(.object(backup))
        } catch {
            return .error(error.sentence)
        }
    }

    /// Writes the schedules of a backup.
    func restore(_ schedules: JSONValue) async -> BridgeResponse.Result {
        do throws(BackupProblems) {
            return answer(to: try await restore.run(try ScheduleBackup(schedules)))
        } catch {
            return .error(error.description)
        }
    }

    func save(as name: ScheduleLibrary.Name) async -> BridgeResponse.Result {
        do throws(NamedSchedules.Failure) {
            let saved = try await named.save(as: name, at: clock.now)
            return .ok([
                "name": .string(name.description), "replaced": .bool(saved.isReplaced),
                "schedules": .array(saved.steps.map { Self.json($0.named.id, $0.named.name, $0.saving.word) }),
            ])
        } catch {
            return .error(error.sentence)
        }
    }

    func apply(_ name: ScheduleLibrary.Name, to zones: [String]?) async -> BridgeResponse.Result {
        do throws(NamedSchedules.Failure) {
            return answer(to: try await named.apply(name, to: zones, by: restore))
        } catch {
            return .error(error.sentence)
        }
    }

    func list() async -> BridgeResponse.Result {
        do throws(NamedSchedules.Failure) {
            return .ok(["schedules": try await library.contents().list])
        } catch {
            return .error(error.sentence)
        }
    }

    /// Answers with what was saved under a name, in the form that a restore takes.
    func show(_ name: ScheduleLibrary.Name) async -> BridgeResponse.Result {
        let library: ScheduleLibrary
        do throws(NamedSchedules.Failure) {
            library = try await self.library.contents()
        } catch {
            return .error(error.sentence)
        }
        do throws(Refusal) {
            return .ok(["name": .string(name.description), "schedules": try library.schedules(savedAs: name).json])
        } catch {
            return .error(error.message)
        }
    }

    func delete(_ name: ScheduleLibrary.Name) async -> BridgeResponse.Result {
        do throws(NamedSchedules.Failure) {
            try await library.delete(name)
            return .ok(["name": .string(name.description)])
        } catch {
            return .error(error.sentence)
        }
    }

    /// Says what happened to each schedule, also if some were not written.
    private func answer(to steps: [ScheduleRestore.Step]) -> BridgeResponse.Result {
        let data: JSONValue = [
            "schedules": .array(steps.map { Self.json($0.id, $0.name, $0.ending.word) })
        ]
        let failed = steps.filter(\.ending.isFailure).count
        guard failed > 0 else { return .ok(data) }
        let list = steps.map { "\($0.name): \($0.ending.word)" }.joined(separator: "; ")
        return .error(
            "\(failed) of \(steps.count) schedules were not written. You can try again. \(list)",
            data: data
        )
    }

    private static func json(_ id: String, _ name: String, _ result: String) -> JSONValue {
        ["id": .string(id), "name": .string(name), "result": .string(result)]
    }
}

extension NamedSchedules.Saving {
    fileprivate var word: String {
        switch self {
        case .saved: "saved"
        case .absent: "no_schedule"
        case .refused(let failure): failure.sentence
        }
    }
}

extension ScheduleRestore.Ending {
    fileprivate var isFailure: Bool {
        switch self {
        case .written, .alreadySet: false
        case .failed, .unreached, .misplaced: true
        }
    }

    fileprivate var word: String {
        switch self {
        case .written: "written"
        case .alreadySet: "already_so"
        case .failed(let outcome): outcome.message ?? outcome.kind.rawValue
        case .unreached(let failure): failure.sentence
        case .misplaced(let refusal): refusal.message
        }
    }
}
