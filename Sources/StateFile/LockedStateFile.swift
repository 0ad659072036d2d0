import Logging
import SystemPackage

/// A state file while its lock is held: what it holds, read under the lock, and the way to write it.
public struct LockedStateFile<Document: StateDocument>: ~Copyable {
    /// What stands in the file.
    public private(set) var document: Document

    private let file: PrivateFile
    private let lock: HeldLock

    /// Reads the file anew; a damaged one is set aside first.
    init(_ file: PrivateFile, holding lock: HeldLock, logger: Logger) throws {
        self.file = file
        self.lock = lock
        try file.removeTemporaries()
        switch try file.document(of: Document.self, logger: logger) {
        case nil:
            self.document = Document()
        case .document(let document):
            self.document = document
        case .damaged(let reason):
            let name = try file.setAside(holding: lock)
            logger.warning(
                "The state file was damaged and is set aside; a fresh one takes its place",
                metadata: ["file": "\(file.location.file)", "kept_as": "\(name)", "reason": "\(reason)"]
            )
            self.document = Document()
        case .newer(let version):
            throw StateFileError.newerVersion(file.location.file, found: version, known: Document.currentVersion)
        }
    }

    /// Replaces what stands in the file, which is on the disk, synced, when this returns.
    ///
    /// - Parameter document: The whole new document, made from ``document``.
    /// - Throws: ``StateFileError`` with `cannotWrite`, or `lockLost` when another process took the lock over; the file is
    ///   then what it was. Also what encoding the document throws.
    public mutating func write(_ document: Document) throws {
        try file.replace(with: try document.encoded(), holding: lock)
        self.document = document
    }
}

extension PrivateFile {
    /// Reads and decodes the file.
    ///
    /// - Returns: Nil when there is none.
    func document<Document: StateDocument>(
        of type: Document.Type,
        logger: Logger
    ) throws(StateFileError) -> DecodedDocument<Document>? {
        guard let contents = try read() else { return nil }
        if contents.wasOpenToOthers {
            logger.warning(
                "The state file was open to other users; its mode is 0600 from now on",
                metadata: ["file": "\(location.file)"]
            )
        }
        return DecodedDocument(contents.bytes)
    }
}
