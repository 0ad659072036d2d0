import Logging
import SystemPackage

extension StateFile {
    /// Does something while no other process, and no other task of this one, holds the lock.
    ///
    /// The body may wait, for a network answer for example: signs of life are given for as long as it runs. It must not
    /// use the lock of the same file again.
    ///
    /// - Parameter body: Given the file as it is now, read under the lock.
    /// - Returns: What the body returned.
    /// - Throws: ``StateFileError``, `CancellationError` while it waits for the lock, or what the body threw.
    public func withLock<Success>(
        _ body: (inout LockedStateFile<Document>) async throws -> Success
    ) async throws -> Success {
        let file = try privateFile()
        let lock = try await acquire(LockFile(location: file.location, system: system), of: file)
        defer { lock.release() }
        return try await withThrowingTaskGroup(of: Void.self) { signsOfLife in
            signsOfLife.addTask { await keepBeating(lock) }
            defer { signsOfLife.cancelAll() }
            var locked = try LockedStateFile<Document>(file, holding: lock, logger: logger)
            return try await body(&locked)
        }
    }

    private func acquire(_ lockFile: LockFile, of file: PrivateFile) async throws -> HeldLock {
        var watch = LockWatch(timing: timing)
        while true {
            switch try attempt(lockFile, of: file) {
            case .acquired(let lock): return lock
            case .replaced: continue
            case .held(let sight):
                switch watch.observe(sight, jitter: jitter()) {
                case .sleep(let duration): try await clock.sleep(for: duration)
                case .giveUp: throw StateFileError.locked(path, after: timing.limit)
                case .takeOver:
                    guard let lock = try lockFile.takeOver(from: sight) else { continue }
                    logger.warning(
                        "Took the lock of the state file over from a process that stands still",
                        metadata: ["file": "\(path)", "after": "\(timing.lease)"]
                    )
                    return lock
                }
            }
        }
    }

    private func attempt(_ lockFile: LockFile, of file: PrivateFile) throws(StateFileError) -> LockFile.Attempt {
        do throws(StateFileError) {
            return try lockFile.attempt()
        } catch {
            guard error.cause == .noSuchFileOrDirectory else { throw error }
            try file.createDirectory()
            return try lockFile.attempt()
        }
    }

    private func keepBeating(_ lock: HeldLock) async {
        while (try? await clock.sleep(for: timing.heartbeat)) != nil { lock.beat() }
    }

    /// From 0 to 1.
    private func jitter() -> Double {
        Double(system.randomNumber() >> 11) / 0x1p53
    }
}
