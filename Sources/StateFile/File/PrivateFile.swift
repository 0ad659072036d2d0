import SystemPackage

/// The bytes of a state file: read whole, replaced whole, set aside. Each function is one run of system calls that
/// leaves either the old file or the new one.
struct PrivateFile: Sendable {
    /// Only the owner may read and write.
    static let permissions: FilePermissions = [.ownerRead, .ownerWrite]

    let location: StateFileLocation
    let system: any SystemCalls

    /// The bytes of the file, and whether users other than the owner could open it until now.
    struct Contents {
        var bytes: [UInt8]
        var wasOpenToOthers = false
    }

    /// Reads the whole file, and takes from it the permissions of other users that it should never have had.
    ///
    /// - Returns: Its contents, or nil when there is no such file.
    /// - Throws: `cannotRead`.
    func read() throws(StateFileError) -> Contents? {
        do throws(Errno) {
            // Not to be kept waiting by a pipe that somebody put there.
            let file = try uninterrupted { () throws(Errno) in
                try system.open(location.file, .readOnly, [.nonBlocking], [])
            }
            defer { try? system.close(file) }
            let status = try uninterrupted { () throws(Errno) in try system.status(of: file) }
            if status.isRegularFile { return try contents(of: file, status.permissions) }
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw .cannotRead(location.file, error)
        }
        throw .notAFile(location.file)
    }

    private func contents(of file: FileDescriptor, _ permissions: FilePermissions) throws(Errno) -> Contents {
        var contents = Contents(bytes: [])
        while true {
            let chunk = try uninterrupted { () throws(Errno) in try system.read(file, atMost: 65_536) }
            if chunk.isEmpty { break }
            contents.bytes += chunk
        }
        if !permissions.isSubset(of: Self.permissions) {
            contents.wasOpenToOthers = true
            try? system.setPermissions(file, Self.permissions)
        }
        return contents
    }

    /// Gives a damaged file a name under which it stays, never one that is taken.
    ///
    /// - Parameter lock: Asked right before, so that a holder that was replaced does not move its successor's file.
    /// - Returns: The new name.
    /// - Throws: `cannotWrite`, or `lockLost`; the file is then where it was.
    func setAside(holding lock: HeldLock) throws(StateFileError) -> FilePath {
        let timestamp = system.timestamp()
        var attempt = 1
        while (try? system.status(at: location.damaged(at: timestamp, attempt: attempt))) != nil { attempt += 1 }
        let damaged = location.damaged(at: timestamp, attempt: attempt)
        guard lock.isCurrent else { throw .lockLost(location.file) }
        do throws(Errno) {
            try uninterrupted { () throws(Errno) in try system.rename(location.file, to: damaged) }
        } catch {
            throw .cannotWrite(location.file, error)
        }
        return damaged
    }
}
