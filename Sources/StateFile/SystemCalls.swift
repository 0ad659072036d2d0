import CFileSpace
import Glibc
package import SystemPackage

/// The calls to the operating system that a state file is made of.
///
/// Each is one call, made once: to go on after an interruption or a short write is up to the caller, so that a test can
/// make every single call fail. Any of them may block.
package protocol SystemCalls: Sendable {
    /// Opens a file; it is always closed in child processes (`O_CLOEXEC`).
    func open(
        _ path: FilePath,
        _ mode: FileDescriptor.AccessMode,
        _ options: FileDescriptor.OpenOptions,
        _ permissions: FilePermissions
    ) throws(Errno) -> FileDescriptor
    /// Reads at most `count` bytes; none at the end of the file.
    func read(_ file: FileDescriptor, atMost count: Int) throws(Errno) -> [UInt8]
    /// - Returns: How many of the bytes were written, from the first on.
    func write(_ file: FileDescriptor, _ bytes: ArraySlice<UInt8>) throws(Errno) -> Int
    /// Cuts a file to a size in bytes.
    func truncate(_ file: FileDescriptor, to size: Int) throws(Errno)
    /// Keeps room on the disk for a file to grow to a size in bytes, without growing it (`fallocate`).
    func reserve(_ file: FileDescriptor, size: Int) throws(Errno)
    /// Sets the permissions, whatever the umask is.
    func setPermissions(_ file: FileDescriptor, _ permissions: FilePermissions) throws(Errno)
    /// Syncs a file, or the names in a directory, to the disk (`fsync`).
    func synchronize(_ file: FileDescriptor) throws(Errno)
    /// Closes a descriptor.
    func close(_ file: FileDescriptor) throws(Errno)
    /// The status of an open file.
    func status(of file: FileDescriptor) throws(Errno) -> FileStatus
    /// The status of the file at a path, after following symbolic links.
    func status(at path: FilePath) throws(Errno) -> FileStatus
    /// Takes the file's lock (`flock`), or fails with `wouldBlock` at once.
    func tryLock(_ file: FileDescriptor) throws(Errno)
    /// Sets the time of modification to now. Needs no space on the disk.
    func touch(_ file: FileDescriptor) throws(Errno)
    /// Renames a file, replacing what had the name.
    func rename(_ source: FilePath, to target: FilePath) throws(Errno)
    /// Removes a name.
    func remove(_ path: FilePath) throws(Errno)
    /// Creates one directory.
    func createDirectory(_ path: FilePath, _ permissions: FilePermissions) throws(Errno)
    /// The target of a symbolic link; fails with `invalidArgument` on anything else.
    func symbolicLink(at path: FilePath) throws(Errno) -> FilePath
    /// The names in a directory.
    func names(in directory: FilePath) throws(Errno) -> [String]
    /// A random number, so large that no other process draws the same one.
    func randomNumber() -> UInt64
    /// The time now as `20261124T133005Z`, UTC.
    func timestamp() -> String
}

/// What a state file needs to know about a file.
package struct FileStatus: Equatable, Sendable {
    /// Device and inode: the same for one file, whatever its name.
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

/// The real system calls.
package struct OperatingSystem: SystemCalls {
    package init() {}

    package func open(
        _ path: FilePath,
        _ mode: FileDescriptor.AccessMode,
        _ options: FileDescriptor.OpenOptions,
        _ permissions: FilePermissions
    ) throws(Errno) -> FileDescriptor {
        let flags = mode.rawValue | options.rawValue | O_CLOEXEC
        return FileDescriptor(
            rawValue: try check(path.withPlatformString { Glibc.open($0, flags, permissions.rawValue) })
        )
    }

    package func read(_ file: FileDescriptor, atMost count: Int) throws(Errno) -> [UInt8] {
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let read = Glibc.read(file.rawValue, buffer.baseAddress, count)
            if read < 0 { failure = Errno(rawValue: errno) }
            initialized = max(0, read)
        }
        if let failure { throw failure }
        return bytes
    }

    package func write(_ file: FileDescriptor, _ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
        try check(bytes.withUnsafeBytes { Glibc.write(file.rawValue, $0.baseAddress, $0.count) })
    }

    package func truncate(_ file: FileDescriptor, to size: Int) throws(Errno) {
        try check(ftruncate(file.rawValue, off_t(size)))
    }

    package func reserve(_ file: FileDescriptor, size: Int) throws(Errno) {
        try check(fallocate(file.rawValue, keep_size, 0, off_t(size)))
    }

    package func setPermissions(_ file: FileDescriptor, _ permissions: FilePermissions) throws(Errno) {
        try check(fchmod(file.rawValue, permissions.rawValue))
    }

    package func synchronize(_ file: FileDescriptor) throws(Errno) {
        try check(fsync(file.rawValue))
    }

    package func close(_ file: FileDescriptor) throws(Errno) {
        try check(Glibc.close(file.rawValue))
    }

    package func tryLock(_ file: FileDescriptor) throws(Errno) {
        try check(flock(file.rawValue, LOCK_EX | LOCK_NB))
    }

    package func touch(_ file: FileDescriptor) throws(Errno) {
        try check(futimens(file.rawValue, nil))
    }

    package func rename(_ source: FilePath, to target: FilePath) throws(Errno) {
        try check(source.withPlatformString { source in target.withPlatformString { Glibc.rename(source, $0) } })
    }

    package func remove(_ path: FilePath) throws(Errno) {
        try check(path.withPlatformString(unlink))
    }

    package func createDirectory(_ path: FilePath, _ permissions: FilePermissions) throws(Errno) {
        try check(path.withPlatformString { mkdir($0, permissions.rawValue) })
    }

    package func status(of file: FileDescriptor) throws(Errno) -> FileStatus {
        var raw = stat()
        try check(fstat(file.rawValue, &raw))
        return FileStatus(raw)
    }

    package func status(at path: FilePath) throws(Errno) -> FileStatus {
        var raw = stat()
        try check(path.withPlatformString { stat($0, &raw) })
        return FileStatus(raw)
    }

    package func symbolicLink(at path: FilePath) throws(Errno) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        try check(path.withPlatformString { readlink($0, &buffer, Int(PATH_MAX)) })
        return FilePath(platformString: buffer)
    }

    package func names(in directory: FilePath) throws(Errno) -> [String] {
        guard let stream = directory.withPlatformString(opendir) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            names.append(name)
            errno = 0
        }
        guard errno == 0 else { throw Errno(rawValue: errno) }
        return names
    }

    package func randomNumber() -> UInt64 {
        UInt64.random(in: .min ... .max)
    }

    package func timestamp() -> String {
        var now = time(nil)
        var civil = tm()
        gmtime_r(&now, &civil)
        let date = [Int(civil.tm_year) + 1900, Int(civil.tm_mon) + 1, Int(civil.tm_mday)]
        let clock = [civil.tm_hour, civil.tm_min, civil.tm_sec].map(Int.init)
        return "\(date.map(twoDigits).joined())T\(clock.map(twoDigits).joined())Z"
    }
}

extension FileStatus {
    fileprivate init(_ raw: stat) {
        self.init(
            identity: Identity(device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino)),
            isRegularFile: raw.st_mode & S_IFMT == S_IFREG,
            permissions: FilePermissions(rawValue: raw.st_mode & 0o7777),
            modified: Int64(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_mtim.tv_nsec)
        )
    }
}

private func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}

/// Turns the failure value of a C call into the error that it left in `errno`.
@discardableResult
private func check<Result: SignedInteger>(_ result: Result) throws(Errno) -> Result {
    guard result != -1 else { throw Errno(rawValue: errno) }
    return result
}
