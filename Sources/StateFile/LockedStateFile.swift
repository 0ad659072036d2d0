import Logging
import SystemPackage

/// A state file while its lock is held: its document, read under the lock, and the way to write it.
public struct LockedStateFile<Document: StateDocument>: ~Copyable {
    /// What the file holds.
    public private(set) var document: Document

    private let file: PrivateFile
    private let lock: HeldLock
    private let coder: DocumentCoder<Document>

    /// Reads the file again; a damaged one is set aside first.
    init(_ file: PrivateFile, holding lock: HeldLock, coder: DocumentCoder<Document>, logger: Logger) throws {
        // No member is assigned before the last call that can throw: when an initialiser of a noncopyable struct throws
        // half-way, Swift 6.2.3 destroys the members that are already assigned twice.
        let document = try Self.document(of: file, holding: lock, coder: coder, logger: logger)
        self.document = document
        self.file = file
        self.lock = lock
        self.coder = coder
    }

    private static func document(
        of file: PrivateFile,
        holding lock: HeldLock,
        coder: DocumentCoder<Document>,
        logger: Logger
    ) throws -> Document {
        try file.removeTemporaries()
        switch try file.read(with: coder, logger: logger) {
        case nil:
            return Document()
        case .document(let document):
            return document
        case .damaged(let reason):
            let name = try file.setAside(holding: lock)
            logger.warning(
                "The state file was damaged and is set aside; a fresh one takes its place",
                metadata: ["file": "\(file.location.file)", "kept_as": "\(name)", "reason": "\(reason)"]
            )
            return Document()
        case .newer(let version):
            throw StateFileError.newerVersion(file.location.file, found: version, known: Document.currentVersion)
        }
    }

    /// Replaces the contents of the file, which are on the disk, synced, when this returns.
    ///
    /// Blocks while the disk works. Inside ``StateFile/withLock(_:)`` that is on the file's own thread.
    ///
    /// - Parameter document: The whole new document, made from ``document``.
    /// - Throws: ``StateFileError`` with `cannotWrite`, or `lockLost` when another process took over the lock; the file is
    ///   then unchanged. Also what encoding the document throws.
    public mutating func write(_ document: Document) throws {
        try file.replace(with: try coder.encode(document), holding: lock)
        self.document = document
    }
}

extension PrivateFile {
    /// Reads and decodes the file.
    ///
    /// - Returns: `nil` when there is none.
    func read<Document>(
        with coder: DocumentCoder<Document>,
        logger: Logger
    ) throws(StateFileError) -> DecodedDocument<Document>? {
        guard let contents = try read() else { return nil }
        if contents.wasOpenToOthers {
            logger.warning(
                "The state file was open to other users; its mode is 0600 from now on",
                metadata: ["file": "\(location.file)"]
            )
        }
        return coder.decode(contents.bytes)
    }
}
