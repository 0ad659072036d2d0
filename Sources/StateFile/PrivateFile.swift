import SystemPackage

/// The bytes of a state file: read whole, replaced whole, set aside. Each function is one run of system calls that
/// leaves either the old file or the new one.
struct PrivateFile: Sendable {
    private static let permissions = FilePermissions.ownerReadWrite

    let location: StateFileLocation
    private let system: any SystemCalls

    init(location: StateFileLocation, system: any SystemCalls) {
        self.location = location
        self.system = system
    }

    // MARK: - Reading

    /// The bytes of the file, and whether users other than the owner could open it until now.
    struct Contents {
        var bytes: [UInt8]
        var wasOpenToOthers = false
    }

    /// Reads the whole file, and removes permissions of other users, which it should never have had.
    ///
    /// - Returns: Its contents; `nil` when there is no such file.
    /// - Throws: `cannotRead`.
    func read() throws(StateFileError) -> Contents? {
        do throws(Errno) {
            // Non-blocking, so that a named pipe in its place cannot hold us up.
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

    // MARK: - Writing

    /// Replaces the file: writes and syncs a temporary file beside it, renames it, and syncs the directory.
    ///
    /// A failure before the renaming leaves the old file. A failure to sync the directory leaves the new one; then only a
    /// loss of power could still bring the old one back.
    ///
    /// - Parameters:
    ///   - bytes: The new contents.
    ///   - lock: Checked right before the renaming, so that a holder that has lost it does not write.
    /// - Throws: `cannotWrite` or `lockLost`.
    func replace(with bytes: [UInt8], holding lock: HeldLock) throws(StateFileError) {
        let temporary = location.temporary(system.randomNumber())
        do throws(Errno) {
            try create(temporary, bytes)
        } catch {
            try? system.remove(temporary)
            throw .cannotWrite(location.file, error)
        }
        guard lock.isCurrent else {
            try? system.remove(temporary)
            throw .lockLost(location.file)
        }
        do throws(Errno) {
            try uninterrupted { () throws(Errno) in try system.rename(temporary, to: location.file) }
        } catch .noSuchFileOrDirectory {
            // The temporary file is gone: the process that took over the lock has removed it (`removeTemporaries`).
            throw .lockLost(location.file)
        } catch {
            try? system.remove(temporary)
            throw .cannotWrite(location.file, error)
        }
        do throws(Errno) {
            try synchronizeDirectory()
        } catch {
            throw .cannotWrite(location.file, error)
        }
    }

    private func create(_ path: FilePath, _ bytes: [UInt8]) throws(Errno) {
        let file = try uninterrupted { () throws(Errno) in
            try system.open(path, .writeOnly, [.create, .exclusiveCreate, .noFollow], Self.permissions)
        }
        // Closing cannot report anything that syncing has not.
        defer { try? system.close(file) }
        try uninterrupted { () throws(Errno) in try system.setPermissions(file, Self.permissions) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = try uninterrupted { () throws(Errno) in try system.write(file, rest) }
            guard written > 0 else { throw .ioError }
            rest = rest.dropFirst(written)
        }
        try uninterrupted { () throws(Errno) in try system.synchronize(file) }
    }

    func synchronizeDirectory() throws(Errno) {
        let directory = try uninterrupted { () throws(Errno) in
            try system.open(location.directory, .readOnly, [.directory], [])
        }
        defer { try? system.close(directory) }
        do throws(Errno) {
            try uninterrupted { () throws(Errno) in try system.synchronize(directory) }
        } catch {
            // Some network file systems cannot sync a directory; when it is durable is up to their server.
            guard error == .invalidArgument || error == .notSupported else { throw error }
        }
    }

    /// Removes the temporary files beside the state file. Only for the holder of the lock, before it reads.
    ///
    /// Killed processes leave them; so does a holder that stands still in the middle of a write and has lost the lock. To
    /// remove its file is to take away its means to write: if it checked the lock just before it lost it, its renaming
    /// either fails now or was done before the new holder reads. So no write is undone, and none comes late.
    func removeTemporaries() throws(StateFileError) {
        do throws(Errno) {
            let names = try uninterrupted { () throws(Errno) in try system.names(in: location.directory) }
            for name in names where location.isTemporary(name) {
                let path = location.directory.appending(name)
                do throws(Errno) {
                    try uninterrupted { () throws(Errno) in try system.remove(path) }
                } catch {
                    // Its owner has removed it meanwhile.
                    guard error == .noSuchFileOrDirectory else { throw error }
                }
            }
        } catch {
            throw .cannotWrite(location.file, error)
        }
    }

    /// Renames a damaged file, never to a name that is taken.
    ///
    /// - Parameter lock: Checked right before, so that a holder that has lost it does not move its successor's file.
    /// - Returns: The new name.
    /// - Throws: `cannotWrite` or `lockLost`; the file is then where it was.
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

    // MARK: - The directory

    /// Creates the missing directories above the file, closed to other users.
    func createDirectory() throws(StateFileError) {
        do throws(Errno) {
            try makeDirectories()
        } catch {
            throw .cannotWrite(location.file, error)
        }
    }

    func makeDirectories() throws(Errno) { try create(location.directory) }

    private func create(_ directory: FilePath) throws(Errno) {
        do throws(Errno) {
            try createOne(directory)
        } catch .noSuchFileOrDirectory {
            let parent = directory.removingLastComponent()
            guard !parent.isEmpty, parent != directory else { throw .noSuchFileOrDirectory }
            try create(parent)
            try createOne(directory)
        }
    }

    private func createOne(_ directory: FilePath) throws(Errno) {
        do throws(Errno) {
            try uninterrupted { () throws(Errno) in try system.createDirectory(directory, .ownerReadWriteExecute) }
        } catch {
            // Another process was faster.
            guard error == .fileExists else { throw error }
        }
    }
}
