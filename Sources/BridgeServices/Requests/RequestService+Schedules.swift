import BridgeCore
import HeatingModel

extension RequestService {
    /// All weeks, read anew, in the form that a restore takes.
    func backUpSchedules() async -> BridgeResponse.Result {
        do throws(CloudFailure) {
            let (read, _) = try await homes.readSchedules(from: cloud, clock: clock)
            return .ok(["schedules": ScheduleBackup(homes.schedules, of: read).json])
        } catch {
            return .error(error.sentence)
        }
    }

    /// Writes the weeks of a backup, each as a command whose outcome is told beside its topic meanwhile.
    func restoreSchedules(_ schedules: JSONValue) async -> BridgeResponse.Result {
        let restore = ScheduleRestore(cloud: cloud, homes: homes, clock: clock) { [commands] command in
            await commands.carryOut(command)
        }
        do throws(BackupProblems) {
            let steps = try await restore.run(try ScheduleBackup(schedules))
            let failed = steps.filter(\.ending.isFailure).count
            guard failed == 0 else {
                let list = steps.map { "\($0.named.name): \($0.ending.word)" }.joined(separator: "; ")
                return .error("\(failed) of \(steps.count) weeks were not written; it can be repeated. \(list)")
            }
            return .ok(["weeks": .array(steps.map(\.json))])
        } catch {
            return .error(error.description)
        }
    }
}

extension ScheduleRestore.Step {
    fileprivate var json: JSONValue {
        ["id": .string(named.id), "name": .string(named.name), "result": .string(ending.word)]
    }
}

extension ScheduleRestore.Ending {
    fileprivate var isFailure: Bool {
        switch self {
        case .written, .alreadySo: false
        case .failed, .unreached: true
        }
    }

    fileprivate var word: String {
        switch self {
        case .written: "written"
        case .alreadySo: "already_so"
        case .failed(let outcome): outcome.message ?? outcome.kind.rawValue
        case .unreached(let failure): failure.sentence
        }
    }
}
