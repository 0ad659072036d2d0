import Glibc
package import SystemPackage

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

    package func randomNumber() -> UInt64 {
        UInt64.random(in: .min ... .max)
    }
}

/// Turns the failure value of a C call into the error that it left in `errno`.
@discardableResult
func check<Result: SignedInteger>(_ result: Result) throws(Errno) -> Result {
    guard result != -1 else { throw Errno(rawValue: errno) }
    return result
}
