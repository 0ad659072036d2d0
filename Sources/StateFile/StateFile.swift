public import Logging
public import SystemPackage

/// A private file that survives a crash and is shared between processes: one document as JSON, and its lock.
///
/// Killed at any point, the file is the old one or the new one. Its mode is 0600. Changes are made under the lock, to what
/// the file holds then, so that no process undoes what another wrote. It does not depend on what is in the document.
///
/// The lock is the file `<path>.lock`. A process that dies releases it at once. From one that stands still (SIGSTOP, a
/// frozen container) it is taken over after ``LockTiming/lease``, and that process cannot write any more when it wakes up.
///
/// All work is done on a thread of the file's own (``StateFileThread``), since the disk may take seconds. The closures
/// that the functions take run there, too.
public struct StateFile<Document: StateDocument>: Sendable {
    /// Where the file is, as given. Each use follows symbolic links and writes their target.
    public let path: FilePath

    private let timing: LockTiming
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let system: any SystemCalls
    private let thread = StateFileThread()
    private let coder = DocumentCoder<Document>()

    /// Names a file. It is not touched before it is read or written.
    ///
    /// - Parameters:
    ///   - path: The file. The first write creates its directory with mode 0700.
    ///   - timing: How long to wait for the lock.
    ///   - clock: Measures the waiting. The signs of life of a holder go by the system's time.
    ///   - logger: Gets a warning about a damaged file. The contents of the document are never logged.
    public init(
        _ path: FilePath,
        timing: LockTiming = LockTiming(),
        clock: any Clock<Duration> = SuspendingClock(),
        logger: Logger
    ) {
        self.init(path, timing: timing, clock: clock, logger: logger, system: OperatingSystem())
    }

    package init(
        _ path: FilePath,
        timing: LockTiming = LockTiming(),
        clock: any Clock<Duration> = SuspendingClock(),
        logger: Logger,
        system: any SystemCalls
    ) {
        self.path = path
        self.timing = timing
        self.clock = clock
        self.logger = logger
        self.system = system
    }

    /// Reads the document without the lock: the last one that was written completely.
    ///
    /// - Returns: The document; an empty one if there is no file, or if the file is damaged. A damaged file is set aside
    ///   under the lock. If that fails, it stays where it is, and a warning is logged.
    /// - Throws: ``StateFileError`` with `cannotRead` or `newerVersion`; `CancellationError` while it waits for the lock.
    public func read() async throws -> Document {
        try await withTaskExecutorPreference(thread) {
            switch try privateFile().read(with: coder, logger: logger) {
            case nil: return Document()
            case .document(let document): return document
            case .newer(let version):
                throw StateFileError.newerVersion(path, found: version, known: Document.currentVersion)
            case .damaged(let reason): return try await replaceDamaged(reason)
            }
        }
    }

    /// Changes the document under the lock, and writes it if the change made a difference.
    ///
    /// - Parameter change: Makes the new document from the one that the file holds now. If it throws, nothing is written.
    /// - Returns: What the change returned; the document is then on the disk, synced.
    /// - Throws: ``StateFileError``, `CancellationError` while it waits for the lock, or what the change threw.
    @discardableResult
    public func update<Success>(_ change: (inout Document) throws -> Success) async throws -> Success {
        try await withLock { file in
            var document = file.document
            let result = try change(&document)
            if document != file.document { try file.write(document) }
            return result
        }
    }

    /// Does something while no other process, and no other task of this one, holds the lock.
    ///
    /// The body may wait, for example for an answer from the network: the lock is kept as long as it runs. It must not
    /// use the lock of the same file again.
    ///
    /// - Parameter body: Gets the file as it is now, read under the lock.
    /// - Returns: What the body returned.
    /// - Throws: ``StateFileError``, `CancellationError` while it waits for the lock, or what the body threw.
    public func withLock<Success>(
        _ body: (inout LockedStateFile<Document>) async throws -> Success
    ) async throws -> Success {
        try await withTaskExecutorPreference(thread) {
            let file = try privateFile()
            let lock = try await acquire(LockFile(location: file.location, system: system), of: file)
            defer { lock.release() }
            let heartbeat = Heartbeat(every: timing.heartbeat) { lock.beat() }
            defer { heartbeat.stop() }
            var locked = try LockedStateFile(file, holding: lock, coder: coder, logger: logger)
            return try await body(&locked)
        }
    }

    private func privateFile() throws(StateFileError) -> PrivateFile {
        guard path.lastComponent?.kind == .regular else { throw .notAFile(path) }
        do throws(Errno) {
            return PrivateFile(location: try StateFileLocation(following: path, system), system: system)
        } catch {
            throw .cannotRead(path, error)
        }
    }

    private func replaceDamaged(_ reason: String) async throws -> Document {
        do {
            return try await withLock { $0.document }
        } catch let error as StateFileError where error.code != .newerVersion && error.code != .cannotRead {
            logger.warning(
                "The state file is damaged and cannot be set aside",
                error: error,
                metadata: ["file": "\(path)", "reason": "\(reason)"]
            )
            return Document()
        }
    }

    // MARK: - Waiting for the lock

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
                        "Took over the lock of the state file from a process that stands still",
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

    /// From 0 to 1.
    private func jitter() -> Double {
        Double(system.randomNumber() >> 11) / 0x1p53
    }
}
