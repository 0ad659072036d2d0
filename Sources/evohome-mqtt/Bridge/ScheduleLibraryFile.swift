import BridgeCore
import BridgeServices
import Logging
import StateFile
import SystemPackage

/// The schedules that were saved under names, in a file beside the state file: `<state file>.schedules`.
///
/// It is a state file of its own, so that it survives a crash and a command and a running bridge can share it.
struct ScheduleLibraryFile: ScheduleLibraryStore {
    private struct Document: StateDocument {
        static let currentVersion = 1

        var version = currentVersion
        var saved = ScheduleLibrary()
    }

    private let file: StateFile<Document>

    init(beside stateFile: FilePath, logger: Logger) {
        file = StateFile(FilePath(stateFile.string + ".schedules"), logger: logger)
    }

    func read() async throws(StorageFailure) -> ScheduleLibrary {
        do {
            return try await file.read().saved
        } catch {
            throw StorageFailure(error)
        }
    }

    func update<Success: Sendable>(
        _ change: @escaping @Sendable (inout ScheduleLibrary) -> Success
    ) async throws(StorageFailure) -> Success {
        do {
            return try await file.update { change(&$0.saved) }
        } catch {
            throw StorageFailure(error)
        }
    }
}

extension StorageFailure {
    fileprivate init(_ error: any Error) {
        let code = (error as? StateFileError)?.code
        self.init(sentence: "\(error)", isInUse: code == .locked || code == .lockLost)
    }
}
