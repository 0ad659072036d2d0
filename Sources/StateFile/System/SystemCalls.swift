package import SystemPackage

/// The calls to the operating system that the state file is made of.
///
/// Each is one call, made once: continuing after an interruption or a short write is the caller's part, so that a test
/// can let every single call fail.
package protocol SystemCalls: Sendable {
    /// Opens a file; it is always closed in child processes (`O_CLOEXEC`).
    func open(
        _ path: FilePath,
        _ mode: FileDescriptor.AccessMode,
        _ options: FileDescriptor.OpenOptions,
        _ permissions: FilePermissions
    ) throws(Errno) -> FileDescriptor
    /// Reads at most so many bytes; none at the end of the file.
    func read(_ file: FileDescriptor, atMost count: Int) throws(Errno) -> [UInt8]
    /// Writes some of the bytes and says how many.
    func write(_ file: FileDescriptor, _ bytes: ArraySlice<UInt8>) throws(Errno) -> Int
    /// Sets the permissions, whatever the umask is.
    func setPermissions(_ file: FileDescriptor, _ permissions: FilePermissions) throws(Errno)
    /// Brings a file, or the names in a directory, to the disk.
    func synchronize(_ file: FileDescriptor) throws(Errno)
    /// Closes a descriptor.
    func close(_ file: FileDescriptor) throws(Errno)
    /// What an open file is.
    func status(of file: FileDescriptor) throws(Errno) -> FileStatus
    /// What stands at a path; a symbolic link is followed.
    func status(at path: FilePath) throws(Errno) -> FileStatus
    /// Takes the file's lock, or fails with `wouldBlock` at once.
    func tryLock(_ file: FileDescriptor) throws(Errno)
    /// Sets the time of modification to now. Needs no space on the disk.
    func touch(_ file: FileDescriptor) throws(Errno)
    /// Gives a file another name, replacing what had it.
    func rename(_ source: FilePath, to target: FilePath) throws(Errno)
    /// Removes a name.
    func remove(_ path: FilePath) throws(Errno)
    /// Creates one directory.
    func createDirectory(_ path: FilePath, _ permissions: FilePermissions) throws(Errno)
    /// What a symbolic link says; fails with `invalidArgument` on anything else.
    func symbolicLink(at path: FilePath) throws(Errno) -> FilePath
    /// The names in a directory.
    func names(in directory: FilePath) throws(Errno) -> [String]
    /// A number that no other process draws.
    func randomNumber() -> UInt64
    /// The time now as `20261124T133005Z`, UTC.
    func timestamp() -> String
}

/// What the state file wants to know of a file.
package struct FileStatus: Equatable, Sendable {
    /// The device and the inode: the same for one file, whatever its name.
    package struct Identity: Equatable, Sendable {
        package var device: UInt64
        package var inode: UInt64

        package init(device: UInt64, inode: UInt64) {
            self.device = device
            self.inode = inode
        }
    }

    package var identity: Identity
    package var isRegularFile: Bool
    package var permissions: FilePermissions
    /// Nanoseconds since 1970 by the clock of the file system.
    package var modified: Int64

    package init(identity: Identity, isRegularFile: Bool, permissions: FilePermissions, modified: Int64) {
        self.identity = identity
        self.isRegularFile = isRegularFile
        self.permissions = permissions
        self.modified = modified
    }
}

/// Repeats a call for as long as a signal interrupts it.
func uninterrupted<Success>(_ call: () throws(Errno) -> Success) throws(Errno) -> Success {
    while true {
        do throws(Errno) {
            return try call()
        } catch {
            guard error == .interrupted else { throw error }
        }
    }
}
