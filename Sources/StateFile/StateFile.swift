public import Logging
public import SystemPackage

/// A private file that survives a crash and is shared between processes: one document as JSON, and its lock.
///
/// Killed at any point, the file is the old one or the new one. Its mode is 0600. Changes are made under the lock, on what
/// the file holds then, so that no process undoes what another wrote. It knows nothing of what is in the document.
///
/// The lock is the file `<path>.lock`. A process that dies gives it back at once; from one that stands still (SIGSTOP, a
/// frozen container) it is taken after ``LockTiming/lease``, and such a process cannot write any more when it wakes up.
public struct StateFile<Document: StateDocument>: Sendable {
    /// Where the file is, as given; a symbolic link is followed at each use, and its target written.
    public let path: FilePath

    let timing: LockTiming
    let clock: any Clock<Duration>
    let logger: Logger
    let system: any SystemCalls

    /// Names a file; it is touched only when it is read or written.
    ///
    /// - Parameters:
    ///   - path: The file. Its directory is created with mode 0700 when it is first written.
    ///   - timing: How long to wait for the lock.
    ///   - clock: What waiting is measured by.
    ///   - logger: Where warnings about a damaged file go; nothing of the document is ever logged.
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

    /// Reads the document, without the lock: it is the last one that was written whole.
    ///
    /// - Returns: The document; a fresh one when there is no file, or when the file is damaged, which is then set aside
    ///   under the lock. Where that cannot be done it stays where it is, with a warning.
    /// - Throws: ``StateFileError`` with `cannotRead` or `newerVersion`; `CancellationError` while it waits for the lock.
    public func read() async throws -> Document {
        let file = try privateFile()
        switch try file.document(of: Document.self, logger: logger) {
        case nil: return Document()
        case .document(let document): return document
        case .newer(let version):
            throw StateFileError.newerVersion(path, found: version, known: Document.currentVersion)
        case .damaged(let reason):
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
    }

    /// Changes the document under the lock, and writes it when the change made a difference.
    ///
    /// - Parameter change: Makes the new document of the one that the file holds now. When it throws, nothing is written.
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

    func privateFile() throws(StateFileError) -> PrivateFile {
        guard path.lastComponent?.kind == .regular else { throw .notAFile(path) }
        do throws(Errno) {
            return PrivateFile(location: try StateFileLocation(following: path, system), system: system)
        } catch {
            throw .cannotRead(path, error)
        }
    }
}
