import SystemPackage

extension PrivateFile {
    /// Replaces the file: a temporary file beside it is written and synced, renamed, and the directory synced.
    ///
    /// A failure before the renaming leaves the old file. A failure to sync the directory leaves the new one, of which
    /// only a loss of power could still make the old one.
    ///
    /// - Parameters:
    ///   - bytes: The new contents.
    ///   - lock: Asked right before the renaming, so that a holder that was replaced does not write.
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
            // The temporary file is gone: whoever took the lock over has removed it. See `removeTemporaries`.
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

    /// Removes the temporary files beside the state file. Only for the holder of the lock, before it reads.
    ///
    /// They are what killed processes left, or a write of a holder that stands still and was replaced. Removing that one
    /// takes away the holder's means to write: if it checked its lock just before it lost it, its renaming fails now, or
    /// was done before the new holder reads. Thus no write is undone and none comes late.
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

    private func create(_ path: FilePath, _ bytes: [UInt8]) throws(Errno) {
        let file = try uninterrupted { () throws(Errno) in
            try system.open(path, .writeOnly, [.create, .exclusiveCreate, .noFollow], Self.permissions)
        }
        // What closing could still report has been asked for by syncing.
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

    private func synchronizeDirectory() throws(Errno) {
        let directory = try uninterrupted { () throws(Errno) in
            try system.open(location.directory, .readOnly, [.directory], [])
        }
        defer { try? system.close(directory) }
        do throws(Errno) {
            try uninterrupted { () throws(Errno) in try system.synchronize(directory) }
        } catch {
            // Some network file systems cannot sync a directory; their server does as it sees fit.
            guard error == .invalidArgument || error == .notSupported else { throw error }
        }
    }
}
