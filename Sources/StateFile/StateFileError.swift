public import SystemPackage

/// Why a state file could not be used, in one sentence that says what to do.
public struct StateFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// The file exists and cannot be read.
        case cannotRead
        /// The file, its lock or its directory cannot be written. The old contents are still on the disk.
        case cannotWrite
        /// A newer program wrote the file, which was left alone.
        case newerVersion
        /// Another process has held the lock for longer than the limit. Trying again later may help.
        case locked
        /// Another process took over the lock, because this one stood still for too long. Nothing was written.
        case lockLost
        /// The file system has no locks, so that nothing may be written safely.
        case locksUnsupported
    }

    /// The kind of failure.
    public let code: Code
    /// The file or directory that the failure is about.
    public let path: FilePath
    /// What the operating system said, if anything.
    public let cause: Errno?
    /// One sentence for people.
    public let description: String

    init(_ code: Code, _ path: FilePath, cause: Errno? = nil, _ description: String) {
        self.code = code
        self.path = path
        self.cause = cause
        self.description = description
    }
}

extension StateFileError {
    static func cannotRead(_ path: FilePath, _ cause: Errno) -> Self {
        let advice =
            switch cause {
            case .permissionDenied, .notPermitted: "let the user that runs this program read it"
            case .tooManySymbolicLinkLevels: "its symbolic links form a loop; make it a plain file"
            default: "check the disk"
            }
        return Self(.cannotRead, path, cause: cause, "The state file \(path) cannot be read (\(cause)): \(advice).")
    }

    static func notAFile(_ path: FilePath) -> Self {
        Self(.cannotRead, path, "\(path) is not a plain file: move it away, or choose another path for the state file.")
    }

    static func cannotWrite(_ path: FilePath, _ cause: Errno) -> Self {
        let advice =
            switch cause {
            case .permissionDenied, .notPermitted: "let the user that runs this program write to its directory"
            case .readOnlyFileSystem: "mount its file system writable, or choose another path"
            case .noSpace, .diskQuotaExceeded: "free some space on its disk"
            case .resourceBusy: "it is a mount of its own; mount its directory instead"
            case .tooManySymbolicLinkLevels: "its symbolic links form a loop; make it a plain file"
            default: "check the disk and the path"
            }
        return Self(.cannotWrite, path, cause: cause, "The state file \(path) cannot be written (\(cause)): \(advice).")
    }

    static func newerVersion(_ path: FilePath, found: Int, known: Int) -> Self {
        Self(
            .newerVersion,
            path,
            "The state file \(path) has version \(found) and this program knows up to \(known): "
                + "use the newer program that wrote it, or move the file away."
        )
    }

    static func locked(_ path: FilePath, after limit: Duration) -> Self {
        Self(
            .locked,
            path,
            "Another process has been using the state file \(path) for \(limit): try again later, "
                + "or end the process that holds \(path).lock."
        )
    }

    static func lockLost(_ path: FilePath) -> Self {
        Self(
            .lockLost,
            path,
            "Another process took over the lock of the state file \(path) while this one stood still: "
                + "nothing was written; read the file again and repeat."
        )
    }

    static func locksUnsupported(_ path: FilePath, _ cause: Errno) -> Self {
        Self(
            .locksUnsupported,
            path,
            cause: cause,
            "The file system of the state file \(path) has no locks (\(cause)): put the file on a local disk, "
                + "or mount the network file system with locks."
        )
    }
}
