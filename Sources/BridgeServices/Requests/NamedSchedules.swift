public import Basics
public import BridgeCore
public import HeatingModel

/// Saves the schedules of all zones and all hot water under names, and writes them back.
public struct NamedSchedules: Sendable {
    /// Why something was not done, for people and for exit codes.
    public enum Failure: Error, Equatable, Sendable {
        case refused(Refusal)
        case unreached(CloudFailure)
        case storage(StorageFailure)

        public var sentence: String {
            switch self {
            case .refused(let refusal): refusal.message
            case .unreached(let failure): failure.sentence
            case .storage(let failure): failure.sentence
            }
        }
    }

    /// What became of the schedule of one zone or hot water when all were saved.
    public enum Saving: Equatable, Sendable {
        case saved
        /// It has no schedule.
        case absent
        /// The cloud refused to tell it.
        case refused(CloudFailure)
    }

    public struct Saved: Sendable {
        /// Whether the name had schedules before.
        public var isReplaced: Bool
        public var steps: [(named: NamedTarget, saving: Saving)]
    }

    private let library: any ScheduleLibraryStore
    private let reader: CloudReader
    private let store: SnapshotStore

    public init(library: any ScheduleLibraryStore, reader: CloudReader, store: SnapshotStore) {
        self.library = library
        self.reader = reader
        self.store = store
    }

    /// Reads all schedules, and keeps them under a name.
    ///
    /// - Throws: Nothing is kept if the cloud is away, or there is no schedule at all.
    public func save(
        as name: ScheduleLibrary.Name,
        at now: Instant,
        progress: (NamedTarget, Int, Int) -> Void = { _, _, _ in }
    ) async throws(Failure) -> Saved {
        let (read, refused) = try await readAll(progress)
        let backup = ScheduleBackup(store.schedules, of: read)
        guard !backup.entries.isEmpty else {
            throw .refused(Refusal(.incomplete, "No zone has a schedule, so there is nothing to save."))
        }
        let new = ScheduleLibrary.Saved(at: now, schedules: backup)
        let isReplaced = try await library.change { library throws(Refusal) in try library.save(new, as: name) }
        let kept = Set(backup.entries.map(\.id))
        let steps = read.map { ($0, kept.contains($0.id) ? Saving.saved : .absent) }
        return Saved(isReplaced: isReplaced, steps: steps + refused.map { ($0.named, .refused($0.failure)) })
    }

    /// Writes back what was saved under a name, where it differs from the cloud's.
    ///
    /// - Parameters:
    ///   - words: What to limit it to: names of zones or hot water, as people and topics have them; `nil` for all.
    ///   - restore: Writes the schedules.
    /// - Throws: Nothing was written if the name or one of the words is not known.
    public func apply(
        _ name: ScheduleLibrary.Name,
        to words: [String]?,
        by restore: ScheduleRestore,
        progress: (NamedTarget, Int, Int) -> Void = { _, _, _ in }
    ) async throws(Failure) -> [ScheduleRestore.Step] {
        let library = try await library.contents()
        guard let installation = store.installation, let layout = store.layout else {
            throw .refused(.installationUnknown)
        }
        var backup: ScheduleBackup
        do throws(Refusal) {
            backup = try library.schedules(savedAs: name)
            if let words { backup = try backup.limited(to: words, savedAs: name, in: installation, layout) }
        } catch {
            throw .refused(error)
        }
        return await restore.runEach(of: backup, in: installation, progress: progress)
    }

    private func readAll(
        _ progress: (NamedTarget, Int, Int) -> Void
    ) async throws(Failure) -> (read: [NamedTarget], refused: [(named: NamedTarget, failure: CloudFailure)]) {
        guard let installation = store.installation else { throw .refused(.installationUnknown) }
        do throws(CloudFailure) {
            return try await reader.readSchedules(of: installation.zonesAndHotWater, progress: progress)
        } catch {
            throw .unreached(error)
        }
    }
}

extension ScheduleBackup {
    /// - Parameter words: Names of zones or hot water, as people and topics have them.
    fileprivate func limited(
        to words: [String],
        savedAs name: ScheduleLibrary.Name,
        in installation: Installation,
        _ layout: TopicLayout
    ) throws(Refusal) -> ScheduleBackup {
        let finder = try TargetFinder(installation, layout: layout)
        var targets: [NamedTarget] = []
        for word in words { targets.append(try finder.zoneOrHotWater(called: word)) }
        return try limited(to: targets, in: installation, savedAs: name)
    }
}

extension ScheduleLibraryStore {
    public func contents() async throws(NamedSchedules.Failure) -> ScheduleLibrary {
        do throws(StorageFailure) {
            return try await read()
        } catch {
            throw .storage(error)
        }
    }

    public func delete(_ name: ScheduleLibrary.Name) async throws(NamedSchedules.Failure) {
        try await change { library throws(Refusal) in try library.delete(name) }
    }

    /// - Parameter change: Leaves the library as it is if it throws.
    @discardableResult
    fileprivate func change<Success: Sendable>(
        _ change: @escaping @Sendable (inout ScheduleLibrary) throws(Refusal) -> Success
    ) async throws(NamedSchedules.Failure) -> Success {
        let result: Result<Success, Refusal>
        do throws(StorageFailure) {
            result = try await update { library in
                do throws(Refusal) {
                    return .success(try change(&library))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .storage(error)
        }
        switch result {
        case .success(let success): return success
        case .failure(let refusal): throw .refused(refusal)
        }
    }
}
