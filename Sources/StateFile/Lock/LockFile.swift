import SystemPackage

/// The file beside the state file that is locked in its place. It is empty, and stays when nobody holds it: removing it
/// would let two processes lock two files of one name.
struct LockFile: Sendable {
    let location: StateFileLocation
    let system: any SystemCalls

    /// How a try for the lock ended.
    enum Attempt {
        case acquired(HeldLock)
        /// Another holder has it.
        case held(LockWatch.Sight)
        /// The file was replaced between opening and locking it: try again.
        case replaced
    }

    /// Tries to get the lock, without waiting.
    ///
    /// The file is opened anew each time, since locks of one opening do not exclude each other: so two tasks of one
    /// process take turns like two processes.
    ///
    /// - Returns: The lock, or why it was not to be had.
    /// - Throws: `cannotWrite` or `locksUnsupported`.
    func attempt() throws(StateFileError) -> Attempt {
        let descriptor = try open(location.lock, [.create, .noFollow])
        do throws(Errno) {
            let status = try uninterrupted { () throws(Errno) in try system.status(of: descriptor) }
            do throws(Errno) {
                try uninterrupted { () throws(Errno) in try system.tryLock(descriptor) }
            } catch .wouldBlock {
                try? system.close(descriptor)
                return .held(LockWatch.Sight(identity: status.identity, modified: status.modified))
            }
            let lock = HeldLock(
                location: location,
                system: system,
                descriptor: descriptor,
                identity: status.identity
            )
            guard lock.isCurrent else {
                lock.release()
                return .replaced
            }
            lock.beat()
            return .acquired(lock)
        } catch {
            try? system.close(descriptor)
            throw failure(error)
        }
    }

    /// Takes the lock over from a holder that stands still, by a new file in place of the one that it has locked.
    ///
    /// - Parameter sight: The file of that holder, as it was last seen.
    /// - Returns: The lock, or nil when the holder came back to life or another process was faster.
    /// - Throws: `cannotWrite` or `locksUnsupported`.
    func takeOver(from sight: LockWatch.Sight) throws(StateFileError) -> HeldLock? {
        let temporary = location.temporaryLock(system.randomNumber())
        let descriptor = try open(temporary, [.create, .exclusiveCreate, .noFollow])
        do throws(Errno) {
            try uninterrupted { () throws(Errno) in try system.tryLock(descriptor) }
            let lock = HeldLock(
                location: location,
                system: system,
                descriptor: descriptor,
                identity: try uninterrupted { () throws(Errno) in try system.status(of: descriptor) }.identity
            )
            let present = try uninterrupted { () throws(Errno) in try system.status(at: location.lock) }
            if present.identity == sight.identity, present.modified == sight.modified {
                try uninterrupted { () throws(Errno) in try system.rename(temporary, to: location.lock) }
                if lock.isCurrent { return lock }
            } else {
                try? system.remove(temporary)
            }
            lock.release()
            return nil
        } catch {
            try? system.remove(temporary)
            try? system.close(descriptor)
            // A lock file that is gone, its own temporary one included, was removed by a process that holds the lock.
            if error == .noSuchFileOrDirectory { return nil }
            throw failure(error)
        }
    }

    private func open(
        _ path: FilePath,
        _ options: FileDescriptor.OpenOptions
    ) throws(StateFileError) -> FileDescriptor {
        do throws(Errno) {
            return try uninterrupted { () throws(Errno) in
                try system.open(path, .readWrite, options, PrivateFile.permissions)
            }
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ cause: Errno) -> StateFileError {
        switch cause {
        // ENOLCK is said by network file systems whose server keeps no locks, the others by those that have none.
        case .noLocks, .notSupported, .noFunction: .locksUnsupported(location.file, cause)
        default: .cannotWrite(location.file, cause)
        }
    }
}
